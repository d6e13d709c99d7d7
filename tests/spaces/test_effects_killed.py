"""kill -9 at every boundary of every effect; then another process settles what was left.

What happened is read from the sandbox server's own log, and has happened once; what destroys
and had not happened when the process died never happens.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from domain.audit import Word
from domain.ids import StepKey
from domain.intents import Outcome, Plan
from sandbox.handle import Control, Handle
from spaces.effects import settle_open
from storage.store import Store
from tests.dying import carry_out, child
from tests.effects import deletion, house_on, moderated, plan
from webex.sdk import SdkWebex

PATIENCE = 30.0


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of effect: the plan on a room, the request that it makes, what the server's log
    then says of it."""

    name: str
    word: Word
    method: str
    path: str
    effect: str
    payload: dict[str, object]

    def plan(self, room: str) -> Plan:
        payload = self.payload if self.name == "create room" else {"room": room, **self.payload}
        return plan(self.name, self.word, **payload)


KINDS = [
    Kind(name="create room", word=Word.SPACE_CREATE, method="POST", path="/rooms",
         effect="room.created", payload={"title": "New plans"}),
    Kind(name="change room", word=Word.SPACE_BLOCK, method="PUT", path="/rooms/*",
         effect="room.updated", payload={"is_announcement_only": True}),
    Kind(name="add member", word=Word.MEMBER_ADD, method="POST", path="/memberships",
         effect="membership.created", payload={"email": "ben@example.com"}),
    Kind(name="remove member", word=Word.MEMBER_REMOVE, method="DELETE", path="/memberships/*",
         effect="membership.deleted", payload={"email": "ana@example.com"}),
    Kind(name="set moderator", word=Word.SPACE_BLOCK, method="PUT", path="/memberships/*",
         effect="membership.updated", payload={"email": "ana@example.com", "moderator": True}),
    Kind(name="send card", word=Word.NOTICE_SEND, method="POST", path="/messages",
         effect="message.created", payload={}),
    Kind(name="delete room", word=Word.SPACE_DELETE, method="DELETE", path="/rooms/*",
         effect="room.deleted", payload={}),
]  # fmt: skip
BY_NAME = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name.replace(" ", "-"))


@pytest.fixture
def killed(sandbox: Handle, control: Control, webex: SdkWebex) -> Callable[..., None]:
    """Kills a process of the house at a moment of an effect and settles with another one."""

    def run(store: Store, kind: Kind, moment: str) -> None:
        room, house = moderated(control), house_on(store, webex)
        planned = kind.plan(room)
        if kind.name == "delete room":
            planned = deletion(house, room, step="a")
        url = store.engine.url.render_as_string(hide_password=False)
        fault = _hangs(control, kind, moment)
        with child(carry_out, sandbox.ready, url, planned, moment == "planned") as process:
            if fault is not None:
                _await(lambda: control.fired(fault) == 1)
                if moment == "done":
                    _await(lambda: bool(control.effects(kind.effect)))
                process.kill()
            process.join(PATIENCE)
            assert process.exitcode == -9
        with house.store.read() as tx:
            (left,) = tx.intents.open()
        assert left.attempts == (0 if moment == "planned" else 1)
        happened = len(control.effects(kind.effect))
        assert happened == (1 if moment == "done" else 0)

        settled = settle_open(house)

        expected = 0 if kind.name == "delete room" and moment != "done" else 1
        assert len(control.effects(kind.effect)) == expected
        assert (settled.done, settled.not_done) == (expected, 1 - expected)
        with house.store.read() as tx:
            after = tx.intents.of_step(StepKey("a"))
            assert after is not None
            assert after.outcome is (Outcome.DONE if expected else Outcome.NOT_DONE)
            assert tx.intents.open() == ()
            assert tx.audit.verify()
            words = [record.word for record in tx.audit.since()]
        assert words == ["intent:make", str(kind.word) if expected else "intent:settle"]
        assert settle_open(house).done == 0
        assert len(control.effects(kind.effect)) == expected

    return run


@BY_NAME
@pytest.mark.parametrize("moment", ["planned", "asked", "done"])
def test_killed_at_any_moment_it_happens_once_or_never(
    sqlite_store: Store, killed: Callable[..., None], kind: Kind, moment: str
) -> None:
    killed(sqlite_store, kind, moment)


@BY_NAME
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_killed_before_the_confirmation_on_postgresql(
    store: Store, killed: Callable[..., None], kind: Kind
) -> None:
    killed(store, kind, "done")


def test_the_next_process_does_not_wait_for_the_lease_of_a_dead_one(
    sqlite_store: Store, killed: Callable[..., None]
) -> None:
    started = time.monotonic()
    killed(sqlite_store, KINDS[0], "done")
    assert time.monotonic() - started < 25  # the lease alone lasts thirty seconds


def test_what_a_live_process_is_at_is_left_to_it(
    sandbox: Handle, control: Control, sqlite_store: Store, webex: SdkWebex
) -> None:
    house, kind = house_on(sqlite_store, webex), KINDS[0]
    fault = _hangs(control, kind, "done")
    assert fault is not None
    url = str(sqlite_store.engine.url)
    with child(carry_out, sandbox.ready, url, kind.plan(""), False):
        _await(lambda: control.fired(fault) == 1)
        assert settle_open(house).busy == 1
        assert len(control.effects("room.created")) == 1
    assert settle_open(house).done == 1
    assert len(control.effects("room.created")) == 1


def _hangs(control: Control, kind: Kind, moment: str) -> int | None:
    """The server hangs at this kind's request, before or after it did it."""
    if moment == "planned":
        return None
    how: dict[str, Any] = {"method": kind.method, "path": kind.path}
    if moment == "asked":
        return control.fault("timeout", seconds=600, **how)
    return control.fault("hang-after", **how)


def _await(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.01)
