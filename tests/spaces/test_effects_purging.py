"""Purging a space: every message goes, the space stays; stopped on the way, it is gone on with."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from domain.audit import Word
from domain.errors import Paused, Refusal, Stale
from domain.ids import StepKey
from domain.intents import Outcome, Plan
from domain.people import SYSTEM
from sandbox.handle import Control, Handle
from spaces.effects import CapReached, perform, settle_open
from spaces.spec import House
from storage.settings import PAUSE
from storage.store import Store, UnitOfWork
from tests.dying import carry_out, child
from tests.effects import ENOUGH, asked_to_delete, house_on
from webex.errors import Throttled
from webex.sdk import SdkWebex

MANY = 130


@pytest.fixture
def house(sqlite_store: Store, webex: SdkWebex) -> House:
    return house_on(sqlite_store, webex)


def talkative(control: Control, count: int = MANY) -> str:
    start = datetime.fromisoformat("2026-01-05T09:00:00+00:00")
    said = [
        {"by": "ana@example.com", "text": f"words {n}", "at": (start + timedelta(0, n)).isoformat()}
        for n in range(count)
    ]
    made = control.space(
        "Old plans", creator="ana@example.com", members=["ben@example.com"], messages=said
    )
    return str(made["id"])


def purge(house: House, room: str, *, step: str = "purge", old: float = 0, **more: object) -> Plan:
    return Plan(
        kind="purge room", step=StepKey(step), word=Word.SPACE_PURGE, actor=SYSTEM,
        payload={"room": room, **more}, is_destructive=True,
        evidence_at=house.clock.now() - timedelta(seconds=old),
    )  # fmt: skip


def left(control: Control, room: str) -> int:
    return sum(not message["deleted"] for message in control.room(room)["messages"])


def says(sandbox: Handle, room: str, **more: Any) -> dict[str, Any]:
    ready = sandbox.ready
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(
            ready["rest"] + "messages", json={"roomId": room, "text": "one more", **more},
            headers={"Authorization": f"Bearer {ready['tokens']['ana@example.com']}"},
            verify=ready["ca"], timeout=30,
        )  # fmt: skip
    answer.raise_for_status()
    return dict(answer.json())


def at_call(number: int, act: Callable[[], None]) -> Callable[[UnitOfWork], None]:
    calls = 0

    def check(tx: UnitOfWork) -> None:
        nonlocal calls
        calls += 1
        if calls == number:
            act()

    return check


@pytest.mark.parametrize("lists_deleted", [True, False])
def test_every_message_is_deleted_once_and_the_space_stays(
    house: House, control: Control, sandbox: Handle, lists_deleted: bool
) -> None:
    control.switch(officer_lists_deleted=lists_deleted)
    room = talkative(control)
    parent = says(sandbox, room)["id"]
    says(sandbox, room, parentId=parent)
    says(sandbox, room, files=["https://files.example/plan.pdf"])
    made = perform(house, purge(house, room))
    assert made.outcome is Outcome.DONE
    assert (made.evidence["deleted"], made.evidence["files"]) == (MANY + 3, 1)
    gone = [entry["target"] for entry in control.effects("message.deleted")]
    assert (len(gone), len(set(gone))) == (MANY + 3, MANY + 3)
    assert left(control, room) == 0
    assert control.room(room)["exists"]
    assert perform(house, purge(house, room)).outcome is Outcome.DONE
    assert len(control.effects("message.deleted")) == MANY + 3
    with house.store.read() as tx:
        assert tx.audit.verify()
        assert [r.word for r in tx.audit.since()] == ["intent:make", "space:purge"]


def test_what_was_deleted_already_counts_as_gone(house: House, control: Control) -> None:
    room = talkative(control, 3)
    perform(house, purge(house, room, step="first"))
    made = perform(house, purge(house, room, step="second"))
    assert made.outcome is Outcome.DONE
    assert (made.evidence["deleted"], made.evidence["already"]) == (0, 3)
    assert len(control.effects("message.deleted")) == 3


def test_only_what_is_older_goes_where_a_date_is_given(house: House, control: Control) -> None:
    room = talkative(control, 10)
    made = perform(house, purge(house, room, before="2026-01-05T09:00:04+00:00"))
    assert (made.outcome, made.evidence["deleted"]) == (Outcome.DONE, 4)
    assert left(control, room) == 6


@pytest.mark.parametrize("kind", ["5xx-after", "reset-after", "5xx", "reset", "429"])
def test_a_message_whose_answer_is_lost_is_asked_for_again(
    house: House, control: Control, kind: str
) -> None:
    room = talkative(control, 5)
    fault = control.fault(kind, method="DELETE", path="/messages/*", skip=2)
    made = perform(house, purge(house, room))
    assert control.fired(fault) == 1
    assert (made.outcome, made.evidence["deleted"]) == (Outcome.DONE, 5)
    assert len(control.effects("message.deleted")) == 5


def test_a_hold_placed_on_the_way_stops_it_between_two_messages(
    house: House, control: Control
) -> None:
    room = talkative(control, 20)

    def held() -> None:
        raise Refusal("It is held.")

    with pytest.raises(Refusal):
        perform(house, purge(house, room), check=at_call(8, held))  # the first is the intent's
    assert left(control, room) == 14
    assert settle_open(house).done == 0
    with house.store.read() as tx:
        (open_,) = tx.intents.open()
    assert (open_.evidence["deleted"], open_.outcome) == (6, Outcome.OPEN)
    assert left(control, room) == 14
    with pytest.raises(Stale):
        perform(house, purge(house, room, old=3600))
    assert left(control, room) == 14
    made = perform(house, purge(house, room))
    assert (made.outcome, made.evidence["deleted"]) == (Outcome.DONE, 20)
    assert len(control.effects("message.deleted")) == 20


def test_a_pause_on_the_way_stops_it(house: House, control: Control) -> None:
    room = talkative(control, 10)
    calls = [0]

    def check(tx: UnitOfWork) -> None:
        calls[0] += 1
        if calls[0] == 4:  # takes effect for the one after
            tx.settings.put(PAUSE, {"reason": "a test"}, by="cleo@example.com")

    with pytest.raises(Paused):
        perform(house, purge(house, room), check=check)
    assert left(control, room) == 7


def test_killed_on_the_way_it_is_gone_on_with_and_nothing_is_deleted_twice(
    house: House, control: Control, sandbox: Handle
) -> None:
    room = talkative(control, 80)
    hangs = control.fault("hang-after", method="DELETE", path="/messages/*", skip=60)
    url = str(house.store.engine.url)
    with child(carry_out, sandbox.ready, url, purge(house, room), False) as process:
        until = time.monotonic() + 60
        while not control.fired(hangs) and time.monotonic() < until:
            time.sleep(0.02)
        process.kill()
        process.join(30)
        assert process.exitcode == -9
    gone = 80 - left(control, room)
    assert gone in (60, 61)
    assert settle_open(house).waiting == 1
    assert left(control, room) == 80 - gone
    made = perform(house, purge(house, room))
    assert made.outcome is Outcome.DONE
    assert left(control, room) == 0
    targets = [entry["target"] for entry in control.effects("message.deleted")]
    assert len(targets) == len(set(targets)) == 80


def test_what_is_said_meanwhile_is_not_overlooked(
    house: House, control: Control, sandbox: Handle
) -> None:
    room = talkative(control, 5)
    made = perform(
        house, purge(house, room), check=at_call(3, lambda: says(sandbox, room) and None)
    )
    assert made.outcome is Outcome.OPEN
    assert left(control, room) == 1
    assert perform(house, purge(house, room)).outcome is Outcome.DONE
    assert left(control, room) == 0


@pytest.mark.parametrize("kind", ["loop-page", "no-items", "broken-json", "empty-page"])
def test_a_list_that_is_not_whole_is_not_taken_for_the_whole(
    house: House, control: Control, kind: str
) -> None:
    room = talkative(control)
    fault = control.fault(kind, method="GET", path="/messages")
    perform(house, purge(house, room))
    assert control.fired(fault) == 1
    made = perform(house, purge(house, room, step="again"))
    assert made.outcome is Outcome.DONE
    assert left(control, room) == 0


def test_a_message_that_webex_will_not_delete_is_for_a_person_to_look_at(
    house: House, control: Control
) -> None:
    room = talkative(control, 5)
    control.fault("status", status=403, method="DELETE", path="/messages/*", skip=2)
    made = perform(house, purge(house, room))
    assert (made.outcome, made.evidence["refused"]) == (Outcome.UNKNOWN, 1)
    assert settle_open(house).unknown == 1
    assert left(control, room) == 1


def test_a_storm_of_429_leaves_it_open(house: House, control: Control) -> None:
    room = talkative(control, 5)
    control.fault("429", method="DELETE", path="/messages/*", skip=2, count=-1)
    with pytest.raises(Throttled):
        perform(house, purge(house, room))
    control.clear_faults()
    assert perform(house, purge(house, room)).outcome is Outcome.DONE
    assert len(control.effects("message.deleted")) == 5


def test_a_purge_counts_against_the_caps(house: House, control: Control) -> None:
    tight = replace(house, limits=replace(ENOUGH, cap_per_day=1))
    perform(tight, purge(house, talkative(control, 2)))
    room = talkative(control, 2)
    with pytest.raises(CapReached):
        perform(tight, purge(house, room, step="second"))
    assert left(control, room) == 2
    assert asked_to_delete(control) == 0
