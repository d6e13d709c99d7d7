"""One sandbox a worker, back at its beginning before each test, and callers of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.handle import Control, Handle, start
from tests.sandbox.calling import As, Caller


@pytest.fixture(scope="session")
def running() -> Iterator[Handle]:
    with start() as handle:
        yield handle


@pytest.fixture
def handle(running: Handle) -> Handle:
    running.do(running.sandbox.reset)
    return running


@pytest.fixture
def control(handle: Handle) -> Iterator[Control]:
    client = Control(handle.ready)
    yield client
    client.close()


@pytest.fixture
def as_(handle: Handle) -> Iterator[As]:
    """`as_("ana")`: a caller with that person's token; also bot, co, co2, admin."""
    made: dict[str, Caller] = {}

    def caller(name: str) -> Caller:
        tokens = handle.ready["tokens"]
        token = tokens.get(name) or tokens.get(f"{name}@example.com")
        if token is None:
            token = handle.do(lambda: _token(handle, name))
        if name not in made:
            made[name] = Caller(handle.ready["rest"], handle.ready["ca"], token)
        return made[name]

    yield caller
    for one in made.values():
        one.session.close()


def _token(handle: Handle, email: str) -> str:
    row = handle.world.person_by_email(email)
    assert row is not None, email
    return handle.world.token_for(row)
