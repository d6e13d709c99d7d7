"""The real sandbox, over TLS, for tests: one server a worker, emptied before each test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from sandbox.handle import Control, Handle, start
from webex.sdk import SdkWebex
from webex.tokens import FixedToken


def in_the_morning(handle: Handle) -> None:
    """It becomes ten o'clock in Berlin, so that a test that goes on for some hours meets neither
    midnight nor the officers' quiet hours just because of when it was run."""
    clock = handle.sandbox.clock
    here = clock.now().astimezone(ZoneInfo("Europe/Berlin"))
    at = here.replace(hour=10, minute=0, second=0, microsecond=0)
    handle.do(lambda: clock.set(at if at > here else at + timedelta(days=1)))


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[Handle]:
    with start() as handle:
        yield handle


@pytest.fixture
def sandbox(sandbox_server: Handle) -> Handle:
    """A company as it begins: four people, an admin, the officers, the bot, an outsider."""
    sandbox_server.do(sandbox_server.sandbox.reset)
    sandbox_server.ready = sandbox_server.do(sandbox_server.sandbox.ready)
    return sandbox_server


@pytest.fixture
def control(sandbox: Handle) -> Iterator[Control]:
    made = Control(sandbox.ready)
    yield made
    made.close()


def connect(handle: Handle, *, sleep: list[float] | None = None) -> SdkWebex:
    """The product's own gateway as bot, officer and witness. Waits are noted, not slept."""
    ready = handle.ready
    noted = [] if sleep is None else sleep
    return SdkWebex(
        FixedToken(ready["tokens"]["bot"]), FixedToken(ready["tokens"]["co"]),
        witness=FixedToken(ready["tokens"]["co2"]), base_url=ready["rest"], ca=ready["ca"],
        per_minute=60_000, sleep=noted.append,
    )  # fmt: skip


@pytest.fixture
def webex(sandbox: Handle) -> Iterator[SdkWebex]:
    made = connect(sandbox)
    yield made
    made.close()
