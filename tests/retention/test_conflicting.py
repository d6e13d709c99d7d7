"""The conflict inbox: who disagrees, what wins as the decision says, and what was looked at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.conflicts import Clash
from domain.errors import Refusal
from domain.policies import Ending, PolicyDraft, PolicyState, PolicyVersion
from domain.spaces import Space
from retention.conflicting import Page, conflicts_of, list_conflicts, see_conflicts
from retention.holds import place_hold
from tests.retention.stage import DAY, Stage
from tests.tenants import NOW, ago


def policy(stage: Stage, name: str, days: int | None = 365, **draft: Any) -> PolicyVersion:
    said: dict[str, Any] = {
        "query": "all", "ending": Ending.DELETE,
        "period": None if days is None else timedelta(days=days),
    }  # fmt: skip
    with stage.house.store.begin() as tx:
        made = tx.policies.new(name, PolicyDraft(**(said | draft)), author=None)
        tx.policies.set_state(made.policy, PolicyState.ACTIVE, was=PolicyState.SIMULATION)
        tx.commit()
    return made


def inbox(stage: Stage, **how: Any) -> Page:
    return list_conflicts(stage.house, **({"page": 1, "per_page": 10} | how))


def clashes(stage: Stage) -> list[tuple[Clash, Space]]:
    return [(one.kind, one.space) for one in inbox(stage).rows]


def test_where_all_agree_the_inbox_is_empty(stage: Stage) -> None:
    quiet = stage.space(last_human=ago(500))
    policy(stage, "old", 365)
    policy(stage, "older and behind", 30, priority=200)
    assert inbox(stage).total == 0
    with pytest.raises(Refusal, match="Nothing disagrees"):
        conflicts_of(stage.house, quiet)


def test_a_keep_that_outlasts_a_policy_is_one(stage: Stage) -> None:
    kept, _ = stage.space(), stage.space()
    policy(stage, "old", 365)
    stage.keep(kept, NOW + 400 * DAY, stage.ana)
    assert clashes(stage) == [(Clash.KEEP, kept)]
    [one] = inbox(stage).rows
    assert one.said.startswith("“old” says delete on ")
    assert "kept by hand until 2027-" in one.said


def test_a_hold_is_one_only_on_what_is_due(stage: Stage) -> None:
    due, later = stage.space(last_human=ago(400)), stage.space(last_human=ago(10))
    policy(stage, "old", 365)
    place_hold(stage.house, stage.cleo, "lawsuit", reason="", spaces=[due, later])
    assert clashes(stage) == [(Clash.HOLD, due)]
    [one] = inbox(stage).rows
    assert "“lawsuit”" in one.said
    assert one.wins.startswith("Nothing is done.")


def test_a_floor_that_outlasts_a_policy_is_one(stage: Stage) -> None:
    made = stage.space()
    policy(stage, "old", 365)
    policy(stage, "law", 3650, ending=Ending.KEEP, is_floor=True)
    assert clashes(stage) == [(Clash.FLOOR, made)]
    [one] = inbox(stage).rows
    assert "“law” is locked" in one.said
    assert one.policies == ("old", "law")


def test_policies_of_one_priority_that_say_something_else_are_one(stage: Stage) -> None:
    made = stage.space()
    policy(stage, "old", 365)
    policy(stage, "older", 500)
    policy(stage, "hidden", 30, priority=900)
    assert clashes(stage) == [(Clash.PRIORITY, made)]
    [one] = inbox(stage).rows
    assert one.policies == ("old", "older")
    assert "“older” says delete" in one.wins  # within a priority the latest date wins


def test_the_same_day_and_end_is_no_disagreement_and_another_end_is(stage: Stage) -> None:
    made = stage.space()
    policy(stage, "old", 365)
    policy(stage, "also old", 365)
    assert clashes(stage) == []
    policy(stage, "blocks", 365, ending=Ending.BLOCK)
    assert clashes(stage) == [(Clash.PRIORITY, made)]


def test_what_was_looked_at_comes_back_when_a_side_of_it_changes(stage: Stage) -> None:
    made = stage.space()
    policy(stage, "old", 365)
    stage.keep(made, NOW + 400 * DAY, stage.ana)
    assert see_conflicts(stage.house, stage.cleo, made) == 1
    assert (inbox(stage).total, inbox(stage).seen) == (0, 1)
    assert conflicts_of(stage.house, made)[0].is_seen
    stage.keep(made, NOW + 500 * DAY, stage.ana)
    assert (inbox(stage).total, inbox(stage).seen) == (1, 0)
    assert not conflicts_of(stage.house, made)[0].is_seen


def test_pages_and_kinds(stage: Stage) -> None:
    policy(stage, "old", 365)
    for _ in range(5):
        stage.keep(stage.space(), None, stage.ana)
    place_hold(stage.house, stage.cleo, "h", reason="", spaces=[stage.space(last_human=ago(400))])
    assert dict(inbox(stage).counts) == {Clash.HOLD: 1, Clash.KEEP: 5}
    page = inbox(stage, page=9, per_page=4)
    assert (page.number, len(page.rows), page.total) == (2, 2, 6)
    assert [one.kind for one in inbox(stage, kind=Clash.HOLD).rows] == [Clash.HOLD]
