"""Intent, effect, confirmation, judged by the server's own log."""

from __future__ import annotations

import pytest

from directory.spec import NoDirectory
from domain.audit import Word
from domain.errors import Paused
from domain.ids import StepKey
from domain.intents import Outcome, Plan
from domain.people import SYSTEM
from sandbox.handle import Control
from spaces.effects import CapReached, perform, settle_open
from spaces.spec import House, Limits
from storage.settings import PAUSE
from storage.store import Store
from webex.sdk import SdkWebex


@pytest.fixture
def house(sqlite_store: Store, webex: SdkWebex) -> House:
    return House(
        store=sqlite_store, webex=webex, clock=sqlite_store._clock, limits=Limits(),
        directory=NoDirectory(),
    )  # fmt: skip


def creation(step: str = "a") -> Plan:
    return Plan(
        kind="create room", step=StepKey(step), word=Word.SPACE_CREATE, actor=SYSTEM,
        payload={"title": "Plans"},
    )  # fmt: skip


def deletion(room: str) -> Plan:
    return Plan(
        kind="delete room", step=StepKey("del"), word=Word.SPACE_DELETE, actor=SYSTEM,
        payload={"room": room}, is_destructive=True,
    )  # fmt: skip


def test_the_same_step_is_done_once(house: House, control: Control) -> None:
    first, second = perform(house, creation()), perform(house, creation())
    assert (first.outcome, second.outcome) == (Outcome.DONE, Outcome.DONE)
    assert len(control.effects("room.created")) == 1


@pytest.mark.parametrize("kind", ["5xx-after", "reset-after", "broken-json"])
def test_what_happened_although_its_answer_was_lost_is_found_and_not_repeated(
    house: House, control: Control, kind: str
) -> None:
    fault = control.fault(kind, method="POST", path="/rooms")
    assert perform(house, creation()).outcome is Outcome.DONE
    assert control.fired(fault) == 1
    assert len(control.effects("room.created")) == 1


def test_an_intent_that_a_dead_process_left_is_finished_once(
    house: House, control: Control
) -> None:
    with house.store.begin() as tx:
        assert tx.intents.add(creation()) is not None
        tx.commit()
    assert settle_open(house).done == 1
    assert settle_open(house).done == 0
    assert len(control.effects("room.created")) == 1


def test_without_a_cap_nothing_is_destroyed(house: House, control: Control) -> None:
    room = str(perform(house, creation()).evidence["room"])
    with pytest.raises(CapReached):
        perform(house, deletion(room))
    assert control.effects("room.deleted") == []


def test_in_a_pause_nothing_is_destroyed(house: House, control: Control) -> None:
    room = str(perform(house, creation()).evidence["room"])
    with house.store.begin() as tx:
        tx.settings.put(PAUSE, {"reason": "a test"}, by="cleo@example.com")
        tx.commit()
    with pytest.raises(Paused):
        perform(house, deletion(room))
    assert control.effects("room.deleted") == []


def test_a_refusal_of_webex_is_settled_and_recorded(house: House) -> None:
    room = str(perform(house, creation()).evidence["room"])
    plan = Plan(
        kind="add member", step=StepKey("add"), word=Word.MEMBER_ADD, actor=SYSTEM,
        payload={"room": room, "email": "nobody"},
    )  # fmt: skip
    assert perform(house, plan).outcome is not Outcome.DONE
    with house.store.read() as tx:
        assert tx.audit.verify()
        assert tx.audit.verify().length >= 4
