"""Outside of the hours nothing is destroyed, by whatever way; what is due waits and then goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.audit import Word
from domain.hours import Freeze, Hours
from domain.ids import StepKey
from domain.intents import Plan
from domain.lifecycle import CaseState
from domain.people import SYSTEM
from spaces.effects import CapReached, perform
from spaces.effects.caps import Closed, check_hours
from tests.nights import World

DAY = timedelta(days=1)
SHORT = {"notices": (7, 2), "grace": 2 * DAY}


def frozen(world: World, days: int) -> World:
    """The same company, with freeze days from today on."""
    today = world.control.now().date()
    return world.with_limits(hours=Hours(freezes=(Freeze(today, today + days * DAY),)))


def test_what_is_due_waits_over_the_freeze_days_and_goes_then(world: World) -> None:
    room = world.space("Old plans")
    world.crawl()
    world.policy(**SHORT)
    blocked = world.until(CaseState.BLOCKED, room)
    closed = frozen(world, 8)
    for _ in range(5):
        said = closed.nights(1)
    assert world.deleted() == []
    assert said["counts"]["waiting for the hours"] == 1
    assert "freeze day" in " ".join(said["attention"])
    assert "it goes on from" in " ".join(said["attention"])
    now = world.case(room)
    assert now is not None
    assert (now.state, now.notices, now.due) == (CaseState.BLOCKED, blocked.notices, blocked.due)
    dry = closed.night(dry=True)
    assert dry["counts"]["to be deleted"] == 1
    world.nights(5)
    assert world.deleted() == ["Old plans"]


def test_the_rail_stands_before_each_effect_and_not_only_in_the_night(world: World) -> None:
    room = world.space("Old plans")
    world.crawl()
    closed = frozen(world, 8)
    plan = Plan(
        kind="delete room", step=StepKey("by whoever"), word=Word.SPACE_DELETE, actor=SYSTEM,
        payload={"room": str(room["id"])}, space=world.key(room), run="some run",
        is_destructive=True, evidence_at=world.control.now(),
    )  # fmt: skip
    with pytest.raises(Closed, match="freeze day"):
        perform(closed.house, plan)
    with pytest.raises(CapReached):
        perform(closed.house, replace(plan, run=None))
    with world.house.store.read() as tx:
        assert tx.intents.of_step(plan.step) is None
    assert world.deleted() == []


def test_a_person_may_block_at_any_time(world: World) -> None:
    closed = frozen(world, 8).house
    plan = Plan(
        kind="set lock", step=StepKey("x"), word=Word.SPACE_BLOCK, actor=SYSTEM, payload={},
        is_destructive=True,
    )  # fmt: skip
    with closed.store.read() as tx:
        check_hours(tx, closed.clock.now(), closed.limits, plan)
        with pytest.raises(Closed):
            check_hours(tx, closed.clock.now(), closed.limits, replace(plan, run="some run"))
