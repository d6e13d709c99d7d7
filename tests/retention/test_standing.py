"""How the whole stands: all of it for compliance, their own part of it for members."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cards.status import status_card
from domain.lifecycle import CaseState
from domain.policies import Ending, PolicyDraft
from domain.runs import RunOutcome
from domain.views import StatusView
from retention.standing import status_view
from spaces.spec import Limits
from storage.settings import PAUSE
from tests.retention.stage import DAY, Stage
from tests.tenants import NOW


def whole(stage: Stage) -> StatusView:
    return status_view(stage.house, only_for=None)


def crawled(stage: Stage, *, complete: bool = True, said: str = "") -> None:
    with stage.house.store.begin() as tx:
        begun = tx.crawls.start("company")
        tx.crawls.finish(begun.generation, complete=complete, said=said)
        tx.commit()


def with_caps(stage: Stage) -> None:
    stage.house = replace(stage.house, limits=Limits(cap_per_run=5, cap_per_day=5))


def test_when_nothing_was_ever_done_everything_that_is_missing_is_said(stage: Stage) -> None:
    view = whole(stage)
    assert view.hindered_by == (
        "The list of spaces was never complete.",
        "No cap is set for a run or a day, so nothing may be destroyed.",
        "No active policy blocks or deletes.",
    )
    assert "Running, but nothing is blocked or deleted" in status_card(view).text
    assert (view.last_run, view.next_run_at, view.inventory_at) == (None, None, None)


def test_where_all_is_in_place_nothing_hinders(stage: Stage) -> None:
    with_caps(stage)
    stage.policy(cap=5)
    crawled(stage)
    view = whole(stage)
    assert view.hindered_by == ()
    assert (view.inventory_at, view.inventory_is_complete) == (NOW, True)
    assert status_card(view).text.startswith("All is running")


def test_a_list_of_spaces_that_is_too_old_is_no_ground_for_anything(stage: Stage) -> None:
    with_caps(stage)
    stage.policy(cap=5)
    crawled(stage)
    stage.clock.advance(hours=37)
    view = whole(stage)
    assert view.inventory_is_complete is False
    assert view.hindered_by == ("The last complete list of spaces is of 2026-11-24 12:00 UTC.",)


def test_a_later_look_that_was_not_complete_says_what_was_the_matter(stage: Stage) -> None:
    crawled(stage)
    crawled(stage, complete=False, said="3 people could not be read")
    view = whole(stage)
    assert view.inventory_is_complete
    assert view.inventory_said == "The latest look was not complete: 3 people could not be read"


def test_an_active_policy_without_a_cap_is_named(stage: Stage) -> None:
    with_caps(stage)
    crawled(stage)
    stage.policy()
    assert whole(stage).hindered_by == ("“old spaces” has no cap, so it does nothing.",)


def test_policies_and_cases_are_counted_by_what_they_are_in(stage: Stage) -> None:
    stage.policy(cap=5)
    with stage.house.store.begin() as tx:
        tx.policies.new(
            "new", PolicyDraft(query="all", ending=Ending.DELETE, period=DAY), author=None
        )
        tx.commit()
    stage.case(stage.space())
    stage.case(stage.space(), CaseState.WARNED)
    stage.case(stage.space(), CaseState.WARNED, CaseState.BLOCKED)
    stage.case(stage.space(), CaseState.HELD)
    stage.case(stage.space(), CaseState.NEEDS_ATTENTION)
    stage.case(stage.space(), CaseState.WARNED, CaseState.CLEAR)
    view = whole(stage)
    assert (view.policies_active, view.policies_paused, view.policies_simulated) == (1, 0, 1)
    assert (view.due, view.warned, view.blocked, view.held) == (1, 1, 1, 1)
    assert (view.needs_attention, view.enforcing, view.spaces) == (1, 0, 6)


def test_a_pause_says_by_whom_and_why(stage: Stage) -> None:
    with stage.house.store.begin() as tx:
        tx.settings.put(PAUSE, {"reason": "an audit"}, by="cleo@example.com")
        tx.commit()
    view = whole(stage)
    assert view.is_paused
    assert view.paused_why == "an audit (by cleo@example.com, 2026-11-24 12:00 UTC)"
    assert status_card(view).text.startswith("Paused: nothing is blocked or deleted")


def test_the_last_run_is_told_as_it_was_written_down(stage: Stage) -> None:
    with stage.house.store.begin() as tx:
        tx.runs.start("nightly@1", "nightly", NOW - DAY)
        tx.runs.finish(
            "nightly@1", RunOutcome.DONE,
            {"counts": {"warned": 3}, "attention": ["x"], "stopped": "", "dry": False},
        )  # fmt: skip
        tx.commit()
    last = whole(stage).last_run
    assert last is not None
    assert (last.counts, last.attention, last.stopped) == ((("warned", 3),), ("x",), "")
    assert "3 warned" in status_card(whole(stage)).text


def test_a_run_that_broke_says_why(stage: Stage) -> None:
    with stage.house.store.begin() as tx:
        tx.runs.start("nightly@1", "nightly", NOW - DAY)
        tx.runs.finish("nightly@1", RunOutcome.FAILED, {"why": "the token is dead"})
        tx.runs.start("nightly@2", "nightly", NOW)
        tx.commit()
    assert "the token is dead" in status_card(whole(stage)).text


def test_the_next_run_is_when_the_timetable_says(stage: Stage) -> None:
    due = NOW + timedelta(hours=14)
    stage.house = replace(stage.house, timetable={"nightly": due}.get)
    assert whole(stage).next_run_at == due


def test_a_member_is_told_of_their_own_spaces_and_of_nothing_that_counts_others(
    stage: Stage,
) -> None:
    stage.policy(cap=5)
    crawled(stage, complete=False, said="3 people could not be read")
    mine = stage.space()
    others = [stage.space(members=("cleo@example.com",), moderators=()) for _ in range(3)]
    stage.case(mine, CaseState.WARNED)
    for one in others:
        stage.case(one, CaseState.WARNED, CaseState.BLOCKED)
    with stage.house.store.begin() as tx:
        tx.settings.put(PAUSE, {"reason": "a leak at Ben's"}, by="cleo@example.com")
        tx.commit()
    view = status_view(stage.house, only_for=stage.ana.person)
    assert view == StatusView(
        mode=view.mode, is_paused=True, is_whole=False, spaces=1, warned=1, blocked=0
    )
    assert "Your spaces: 1" in status_card(view).text
    assert "leak" not in status_card(view).text
