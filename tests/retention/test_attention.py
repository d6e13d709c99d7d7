"""What waits for compliance: each with its cause, tried again, closed with a reason."""

from __future__ import annotations

from typing import Any

import pytest

from domain.attention import Kind
from domain.audit import Word
from domain.errors import Refusal
from domain.ids import PersonKey, StepKey
from domain.intents import Outcome, Plan
from domain.lifecycle import CaseState
from domain.people import SYSTEM
from domain.spaces import Space
from retention.attention import look_after, take_on, waiting, waiting_of, waiting_page
from retention.ownerless.searching import WHY, begin_search
from retention.retrying import retry
from tests.breaking import SHORT, Officers
from tests.nights import DAY, World
from tests.retention.stage import Stage

WAITS = CaseState.NEEDS_ATTENTION


def owned_by_nobody(stage: Stage) -> Space:
    made = stage.space()
    case = stage.case(made, WAITS)
    with stage.house.store.begin() as tx:
        begin_search(tx, made.key, case=case)
        tx.commit()
    return made


def not_deleted(stage: Stage, outcome: Outcome) -> Space:
    """Its deletion was tried, and came to something else."""
    made = stage.space()
    case = stage.case(made, CaseState.WARNED, CaseState.BLOCKED, CaseState.ENFORCING, WAITS)
    with stage.house.store.begin() as tx:
        intent = tx.intents.add(
            Plan(
                kind="delete room", step=StepKey(f"del/{case.key}"), word=Word.SPACE_DELETE,
                actor=SYSTEM, payload={"room": str(made.id)}, space=made.key, case=case.key,
                is_destructive=True,
            )
        )  # fmt: skip
        assert intent is not None
        tx.intents.settle(intent.id, outcome, {})
        tx.commit()
    return made


def needed(stage: Stage) -> Space:
    made = stage.space()
    case = stage.case(made, CaseState.WARNED, CaseState.BLOCKED)
    with stage.house.store.begin() as tx:
        assert tx.needs.say(case.key, PersonKey(stage.ben.person or 0))
        tx.commit()
    return made


def test_each_cause_is_told_apart_and_counted(stage: Stage) -> None:
    stage.policy()
    kinds = {
        owned_by_nobody(stage).key: Kind.OWNERLESS,
        not_deleted(stage, Outcome.ARCHIVED).key: Kind.DELETION,
        needed(stage).key: Kind.NEEDED,
        (blocked := stage.space()).key: Kind.BLOCK,
        (poisoned := stage.space()).key: Kind.STUCK,
    }  # fmt: skip
    stage.case(blocked, CaseState.WARNED, CaseState.BLOCKED, WAITS)
    stage.case(poisoned, WAITS)
    assert {one.space.key: one.kind for one in waiting(stage.house)} == kinds
    page = waiting_page(stage.house, number=1, per_page=2)
    assert (len(page.rows), page.total) == (2, 5)
    assert dict(page.counts) == dict.fromkeys(kinds.values(), 1)
    assert waiting_page(stage.house, number=9, per_page=2).number == 3
    only = waiting_page(stage.house, number=1, per_page=9, kind=Kind.NEEDED)
    assert [one.kind for one in only.rows] == [Kind.NEEDED]


def test_who_is_on_it_is_seen_by_all(stage: Stage) -> None:
    stage.policy()
    stage.case(made := stage.space(), WAITS)
    take_on(stage.house, stage.cleo, made)
    assert waiting_of(stage.house, made).on_it == "cleo@example.com"
    take_on(stage.house, stage.ben, made)
    assert waiting_of(stage.house, made).on_it == "ben@example.com"


def test_done_says_what_was_found_and_ends_the_search_with_it(stage: Stage) -> None:
    stage.policy()
    made = owned_by_nobody(stage)
    look_after(stage.house, stage.cleo, made, reason="it is a template")
    with stage.house.store.read() as tx:
        last = tx.cases.last_of(made.key)
        assert tx.owner_searches.open_of(made.key) is None
    assert last is not None
    assert (last.state, last.why) == (CaseState.CLEAR, "cleo has looked: it is a template")
    with pytest.raises(Refusal):
        look_after(stage.house, stage.cleo, made)


def test_what_is_tried_again_begins_anew_or_asks_anew(stage: Stage) -> None:
    stage.policy()
    stage.case(poisoned := stage.space(), WAITS)
    assert "begins anew" in retry(stage.house, stage.cleo, poisoned)
    with pytest.raises(Refusal):
        retry(stage.house, stage.cleo, poisoned)
    lost = owned_by_nobody(stage)
    with stage.house.store.read() as tx:
        before = tx.owner_searches.open_of(lost.key)
    assert "asked anew" in retry(stage.house, stage.cleo, lost)
    with stage.house.store.read() as tx:
        after = tx.owner_searches.open_of(lost.key)
    assert before is not None
    assert after is not None
    assert (after.key != before.key, after.case) == (True, before.case)
    with pytest.raises(Refusal, match="nothing to try"):
        retry(stage.house, stage.cleo, needed(stage))


def test_a_space_that_nobody_owns_is_told_as_that_also_where_no_search_is_open(
    stage: Stage,
) -> None:
    stage.policy()
    made = stage.space()
    case = stage.case(made)
    with stage.house.store.begin() as tx:
        assert tx.cases.move(case, WAITS, why=WHY)
        tx.commit()
    found = waiting_of(stage.house, made)
    assert (found.kind, found.why) == (Kind.OWNERLESS, WHY)


def refused_deletion(world: World) -> dict[str, Any]:
    """Webex would not delete it when its time had come."""
    room = world.space()
    world.crawl()
    world.policy(**SHORT)
    world.until(CaseState.BLOCKED, room, most=12)
    world.nights(1)
    world.pass_(DAY)
    fault = world.control.fault("status", method="DELETE", path="/rooms/*", status=403)
    world.night()
    assert world.control.fired(fault) == 1
    return room


def test_a_deletion_is_only_looked_at_again(world: World) -> None:
    room = refused_deletion(world)
    officers = Officers(world)
    space = officers.space(room)
    assert waiting_of(world.house, space).kind is Kind.DELETION
    assert "still there" in retry(world.house, officers.cleo, space)
    case = world.case(room)
    assert case is not None
    assert case.state is CaseState.CLEAR
    assert world.deleted() == []
