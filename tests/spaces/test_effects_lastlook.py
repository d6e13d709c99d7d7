"""Between the intent and the request: a pause, a hold, a wait. The effect must not begin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread

import pytest

from domain.audit import Word
from domain.clock import Clock, SystemClock
from domain.errors import Paused, Refusal, Stale
from domain.intents import Outcome, Plan
from domain.people import SYSTEM
from sandbox.handle import Control, Handle
from spaces.effects import perform, settle_open
from spaces.spec import House
from storage.settings import PAUSE
from storage.store import Store, UnitOfWork
from tests.effects import asked_to_delete, creation, deletion, destroyed, house_on, moderated
from tests.sandboxes import connect
from tests.spaces.waiting import waits
from webex.sdk import SdkWebex


@pytest.fixture
def house(sqlite_store: Store, webex: SdkWebex) -> House:
    return house_on(sqlite_store, webex)


def pause(house: House) -> None:
    with house.store.begin() as tx:
        tx.settings.put(PAUSE, {"reason": "a test"}, by="cleo@example.com")
        tx.commit()


def at_call(number: int, act: Callable[[], None]) -> Callable[[UnitOfWork], None]:
    """A caller's last look; its `number`th call does `act`."""
    calls = 0

    def check(tx: UnitOfWork) -> None:
        nonlocal calls
        calls += 1
        if calls == number:
            act()

    return check


def raising(no: Exception) -> Callable[[], None]:
    def act() -> None:
        raise no

    return act


# -- pause ------------------------------------------------------------------------------------


def test_in_a_pause_nothing_is_planned_to_be_destroyed(house: House, control: Control) -> None:
    room = moderated(control)
    pause(house)
    with pytest.raises(Paused, match="cleo"):
        perform(house, deletion(house, room))
    assert asked_to_delete(control) == 0
    with house.store.read() as tx:
        assert tx.intents.open() == ()


def test_a_pause_stays_in_force_over_a_restart(
    house: House, control: Control, sandbox: Handle
) -> None:
    room = moderated(control)
    pause(house)
    again = replace(house, webex=connect(sandbox), store=Store(house.store.engine, SystemClock()))
    with pytest.raises(Paused):
        perform(again, deletion(again, room))
    assert asked_to_delete(control) == 0
    again.webex.close()  # type: ignore[attr-defined]


def test_a_pause_between_intent_and_effect_cancels_and_says_so(
    house: House, control: Control, sandbox: Handle
) -> None:
    """It comes while the transport waits for its turn, long after the intent."""
    room = moderated(control)
    waiting = waits(sandbox, lambda: pause(house))
    made = perform(replace(house, webex=waiting), deletion(house, room))
    assert made.outcome is Outcome.CANCELLED
    assert "paused by cleo@example.com" in str(made.evidence["why"])
    assert asked_to_delete(control) == 0
    with house.store.read() as tx:
        last = list(tx.audit.since())[-1]
    assert (last.word, last.detail["outcome"]) == ("intent:settle", "cancelled")
    waiting.close()


def test_what_a_run_planned_waits_for_the_pause_to_end(
    house: House, control: Control, sandbox: Handle
) -> None:
    plan = replace(creation(), run="night")
    waiting = waits(sandbox, lambda: pause(house))
    with pytest.raises(Paused):
        perform(replace(house, webex=waiting), plan)
    assert settle_open(house).waiting == 1
    assert control.effects("room.created") == []
    with house.store.begin() as tx:
        tx.settings.drop(PAUSE)
        tx.commit()
    assert perform(house, plan).outcome is Outcome.DONE
    assert len(control.effects("room.created")) == 1
    waiting.close()


def test_alerts_go_out_in_a_pause_and_destroy_nothing(house: House, control: Control) -> None:
    room = moderated(control)
    pause(house)
    alert = replace(creation(), word=Word.ALERT_SEND, run="night")
    assert perform(house, alert).outcome is Outcome.DONE
    with pytest.raises(Paused):
        perform(house, replace(deletion(house, room), word=Word.ALERT_SEND))
    assert destroyed(control) == []


# -- evidence ---------------------------------------------------------------------------------


@pytest.mark.parametrize("old", [61, 3600, -10, 1e9, -1e9])
def test_old_evidence_and_evidence_from_the_future_destroy_nothing(
    house: House, control: Control, old: float
) -> None:
    made = perform(house, deletion(house, moderated(control), old=old))
    assert made.outcome is Outcome.CANCELLED
    assert "evidence" in str(made.evidence["why"])
    assert asked_to_delete(control) == 0


def test_without_evidence_nothing_is_destroyed(house: House, control: Control) -> None:
    plan = replace(deletion(house, moderated(control)), evidence_at=None)
    assert perform(house, plan).outcome is Outcome.CANCELLED
    assert asked_to_delete(control) == 0


@pytest.mark.parametrize("most", [timedelta(0), timedelta(seconds=-60)])
def test_a_limit_that_is_none_makes_all_evidence_old(
    house: House, control: Control, most: timedelta
) -> None:
    strict = replace(house, limits=replace(house.limits, evidence=most))
    assert perform(strict, deletion(house, moderated(control))).outcome is Outcome.CANCELLED
    assert asked_to_delete(control) == 0


def test_evidence_that_grew_old_while_the_request_had_to_wait_destroys_nothing(
    sqlite_store: Store, sandbox: Handle, control: Control
) -> None:
    later = Late(SystemClock())
    waiting = waits(sandbox, later.wait)
    house = house_on(Store(sqlite_store.engine, later), waiting)
    made = perform(house, deletion(house, moderated(control), old=30))
    assert made.outcome is Outcome.CANCELLED
    assert "the evidence is 70 s old" in str(made.evidence["why"])
    assert asked_to_delete(control) == 0
    waiting.close()


def test_the_age_of_the_evidence_is_on_record(house: House, control: Control) -> None:
    made = perform(house, deletion(house, moderated(control), old=30))
    assert made.outcome is Outcome.DONE
    assert 30 <= float(str(made.evidence["evidence_age_seconds"])) < 60
    with house.store.read() as tx:
        first, last = list(tx.audit.since())
    assert first.detail["evidence_at"]
    assert last.word == "space:delete"
    assert last.detail["evidence"] == made.evidence


# -- the caller's own look --------------------------------------------------------------------


def test_a_hold_placed_before_the_intent_plans_nothing(house: House, control: Control) -> None:
    room = moderated(control)
    held = at_call(1, raising(Refusal("It is held.")))
    with pytest.raises(Refusal, match="held"):
        perform(house, deletion(house, room), check=held)
    assert asked_to_delete(control) == 0
    with house.store.read() as tx:
        assert list(tx.audit.since()) == []


@pytest.mark.parametrize("no", [Refusal("It is held."), Stale("It woke up."), KeyError("oops")])
def test_a_hold_placed_between_intent_and_effect_cancels_and_goes_on_to_the_caller(
    house: House, control: Control, no: Exception
) -> None:
    room = moderated(control)
    with pytest.raises(type(no)):
        perform(house, deletion(house, room), check=at_call(2, raising(no)))
    assert asked_to_delete(control) == 0
    made = perform(house, deletion(house, room))
    assert made.outcome is Outcome.CANCELLED
    assert made.evidence["why"] in (str(no), "KeyError")
    with house.store.read() as tx:
        assert [r.word for r in tx.audit.since()] == ["intent:make", "intent:settle"]


def test_what_the_check_writes_counts_only_when_it_lets_the_effect_pass(
    house: House, control: Control
) -> None:
    room, calls = moderated(control), [0]

    def check(tx: UnitOfWork) -> None:
        calls[0] += 1
        tx.settings.put(f"seen-{calls[0]}", True, by="a test")
        if calls[0] == 2:
            raise Refusal("It is held.")

    with pytest.raises(Refusal):
        perform(house, deletion(house, room), check=check)
    with house.store.read() as tx:
        assert (tx.settings.get("seen-1"), tx.settings.get("seen-2")) == (True, None)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_last_look_and_whoever_keeps_the_space_never_wait_for_each_other(
    store: Store, sandbox: Handle, control: Control
) -> None:
    """A keep takes the record's lock, then the row that the look's check writes, too."""
    is_in_check, has_lock = Event(), Event()

    def check(tx: UnitOfWork) -> None:
        tx.settings.put("case", "looked at", by="a test")
        if has_lock.is_set():
            is_in_check.set()
        tx.audit.add(Word.CASE_MOVE, SYSTEM)

    def keep() -> None:
        with store.begin() as tx:
            tx.audit.serialise()
            has_lock.set()
            is_in_check.wait(0.5)
            tx.settings.put("case", "kept", by="a test")
            tx.commit()

    keeper = Thread(target=keep)

    def meanwhile() -> None:
        if not has_lock.is_set():
            keeper.start()
            has_lock.wait(10)

    waiting = waits(sandbox, meanwhile)
    house = house_on(store, waiting)
    made = perform(house, deletion(house, moderated(control)), check=check)
    keeper.join(10)
    assert made.outcome is Outcome.DONE
    with store.read() as tx:
        assert tx.settings.get("case") == "looked at"
    waiting.close()


def test_whoever_places_a_hold_is_told_of_what_is_in_flight(house: House, control: Control) -> None:
    """The second look has passed; a hold placed now sees the intent."""
    room = moderated(control)
    with house.store.begin() as tx:
        from tests.tenants import Tenant

        key = Tenant(tx).space()
        tx.commit()
    plan: Plan = replace(deletion(house, room), space=key)  # type: ignore[arg-type]
    control.fault("429", method="DELETE", path="/rooms/*", count=-1, retry_after="86400")
    with pytest.raises(Exception, match="too many"):
        perform(house, plan)
    with house.store.read() as tx:
        (flying,) = tx.intents.open_for_space(key)  # type: ignore[arg-type]
    assert (flying.plan.kind, flying.attempts) == ("delete room", 1)


class Late:
    """A clock that goes forty seconds on when told to."""

    def __init__(self, real: Clock) -> None:
        self._real = real
        self._by = timedelta()

    def now(self):  # type: ignore[no-untyped-def]
        return self._real.now() + self._by

    def wait(self) -> None:
        self._by += timedelta(seconds=40)
