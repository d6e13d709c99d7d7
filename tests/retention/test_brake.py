"""Each reason for which the brake is pulled, at its boundary."""

from __future__ import annotations

from typing import Any

import pytest

from domain.audit import Word
from domain.cases import Case
from domain.ids import CaseKey, SpaceKey, StepKey
from domain.intents import Plan
from domain.lifecycle import CaseState
from domain.people import SYSTEM, Actor
from retention import brake
from retention.pausing import house_resume
from retention.planning import Agenda
from spaces.spec import House
from storage.schema import audit
from storage.store import UnitOfWork
from tests.tenants import NOW, Tenant


def cases(count: int) -> tuple[Case, ...]:
    return tuple(
        Case(
            key=CaseKey(number), space=SpaceKey(number), cycle=1, state=CaseState.BLOCKED,
            version=None, due=NOW, basis_at=NOW, opened_at=NOW, state_at=NOW,
        )
        for number in range(count)
    )  # fmt: skip


def agenda(*, over: int = 0, ends: int = 0, opened: int = 0) -> Agenda:
    return Agenda(versions={}, opened=opened, over=cases(over), ends=cases(ends))


def why(house: House, plan: Agenda, history: tuple[int, ...] = ()) -> str:
    with house.store.begin() as tx:
        tx.settings.put(brake.HISTORY, list(history), by="test")
        return brake.look_at_plan(tx, plan, house.limits)


@pytest.mark.parametrize(
    ("history", "planned", "is_pulled"),
    [
        ((), 10, False), ((), 11, True),
        ((20,) * 28, 60, False), ((20,) * 28, 61, True),
        ((0,) * 15 + (500,) * 13, 11, True),  # the median, not the mean
        ((500,) * 15 + (0,) * 13, 1500, False),
        ((1,) * 28, 10, False), ((1,) * 28, 11, True),
    ],
)  # fmt: skip
def test_a_plan_beyond_three_times_the_usual(
    house: House, history: tuple[int, ...], planned: int, is_pulled: bool
) -> None:
    half = planned // 2
    said = why(house, agenda(over=half, ends=planned - half), history)
    assert ("usual are" in said) == is_pulled


def test_only_the_last_28_nights_are_usual(house: House) -> None:
    with house.store.begin() as tx:
        for number in range(40):
            brake.remember(tx, agenda(over=number % 5, ends=1))
        assert len(tx.settings.get(brake.HISTORY)) == brake.USUAL_NIGHTS


@pytest.mark.parametrize(("opened", "is_pulled"), [(20, False), (21, True)])
def test_a_fifth_of_all_spaces_becoming_due_at_once(
    house: House, opened: int, is_pulled: bool
) -> None:
    with house.store.begin() as tx:
        Tenant(tx).spaces(96, first=100)  # with the four that there are: a hundred
        tx.commit()
    assert ("became due at once" in why(house, agenda(opened=opened))) == is_pulled


def unknown(tx: UnitOfWork, number: int, **parts: Any) -> None:
    said: dict[str, Any] = {
        "kind": "delete room", "word": Word.SPACE_DELETE, "actor": SYSTEM, "payload": {},
        "is_destructive": True, "evidence_at": NOW,
    }  # fmt: skip
    assert tx.intents.add(Plan(step=StepKey(f"step {number}"), **(said | parts))) is not None


def test_three_effects_of_which_nobody_knows_what_came(house: House) -> None:
    for number in range(1, 5):
        with house.store.begin() as tx:
            unknown(tx, number)
            unknown(tx, number + 100, is_destructive=False, word=Word.ALERT_SEND)
            tx.commit()
        assert ("not known what came" in why(house, agenda())) == (number >= brake.MOST_UNKNOWN)


def test_a_record_that_somebody_changed_stops_all_until_two_people_looked(
    house: House, cleo: Actor, dora: Actor
) -> None:
    with house.store.begin() as tx:
        for number in range(4):
            tx.audit.add(Word.PAUSE, SYSTEM, reason=f"{number}")
        tx.commit()
    with house.store.begin() as tx:
        tx.connection.execute(audit.update().where(audit.c.seq == 2).values(actor="somebody"))
        tx.commit()
    with house.store.begin() as tx:
        broken = brake.broken_record(tx)
        assert broken == 2
        brake.pull(tx, "the record was changed at its row 2", broken_at=broken)
        tx.commit()
    with house.store.read() as tx:
        pause = tx.settings.pause()
        assert pause is not None
        assert (pause.is_brake, pause.needs_second) == (True, True)
    assert house_resume(house, cleo) is not None  # it waits for a second person
    assert house_resume(house, dora) is None
    with house.store.read() as tx:
        assert tx.settings.pause() is None
        assert brake.broken_record(tx) is None  # what they looked at stops nothing any more
