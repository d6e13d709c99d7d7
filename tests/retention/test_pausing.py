"""One person stops, at once; going on is a loosening."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from domain.audit import Word
from domain.errors import Refusal
from domain.people import SYSTEM, Actor
from domain.policies import Ending, PolicyDraft, PolicyState
from query.spec import Moments
from retention import brake
from retention.decision import decide
from retention.pausing import (
    Asked,
    house_pause,
    house_resume,
    pause_policy,
    resume_policy,
)
from retention.policies import Shown, list_policies, put_in_force, show_policy, write_policy
from retention.retiring import TakingAway, retire_policy
from spaces.spec import House
from storage.schema import not_before
from tests.retention.officers import CLEANUP, DAY, Watch, add_space, agree, in_force, words
from tests.tenants import NOW


def test_one_person_pauses_and_may_take_it_back(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    in_force(house, watch, cleo, dora)
    paused = pause_policy(house, dora, "cleanup", reason="an audit")
    assert paused.version.state is PolicyState.PAUSED
    with house.store.read() as tx:
        assert [one.state for one in tx.policies.holding()] == [PolicyState.PAUSED]
    with pytest.raises(Refusal, match="paused already"):
        pause_policy(house, dora, "cleanup")
    resumed = resume_policy(house, dora, "cleanup")
    assert isinstance(resumed, Shown)
    assert resumed.version.state is PolicyState.ACTIVE


def test_anybody_else_needs_a_second_person_to_resume(
    house: House, watch: Watch, cleo: Actor, dora: Actor, emil: Actor
) -> None:
    in_force(house, watch, cleo, dora)
    pause_policy(house, cleo, "cleanup")
    assert isinstance(resume_policy(house, dora, "cleanup"), Asked)
    assert show_policy(house, "cleanup").version.state is PolicyState.PAUSED
    with pytest.raises(Refusal, match="You asked for that already"):
        resume_policy(house, dora, "cleanup")
    assert isinstance(resume_policy(house, emil, "cleanup"), Shown)
    assert show_policy(house, "cleanup").version.state is PolicyState.ACTIVE


def test_what_was_asked_for_long_ago_is_asked_anew(
    house: House, watch: Watch, cleo: Actor, dora: Actor, emil: Actor
) -> None:
    in_force(house, watch, cleo, dora)
    pause_policy(house, cleo, "cleanup")
    resume_policy(house, dora, "cleanup")
    watch.at += 8 * DAY
    assert isinstance(resume_policy(house, emil, "cleanup"), Asked)
    assert isinstance(resume_policy(house, dora, "cleanup"), Shown)


def test_who_pauses_again_voids_what_was_asked_and_then_it_takes_two(
    house: House, watch: Watch, cleo: Actor, dora: Actor, emil: Actor
) -> None:
    in_force(house, watch, cleo, dora)
    pause_policy(house, cleo, "cleanup")
    resume_policy(house, dora, "cleanup")
    pause_policy(house, emil, "cleanup")
    assert isinstance(resume_policy(house, cleo, "cleanup"), Asked)
    assert show_policy(house, "cleanup").version.state is PolicyState.PAUSED


def test_a_paused_policy_gets_its_new_version_and_stays_paused(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    one = in_force(house, watch, cleo, dora)
    write_policy(house, cleo, "cleanup", replace(CLEANUP, cap=80), after=one.key)
    pause_policy(house, cleo, "cleanup")
    agree(house, dora)
    watch.at += 2 * DAY
    [two] = put_in_force(house)
    assert (two.number, two.state) == (2, PolicyState.PAUSED)


def test_pausing_takes_back_an_agreement_that_cools(
    house: House, watch: Watch, cleo: Actor, dora: Actor, emil: Actor
) -> None:
    write_policy(house, cleo, "cleanup", CLEANUP)
    with pytest.raises(Refusal, match="touches nothing"):
        pause_policy(house, emil, "cleanup")
    agree(house, dora)
    taken_back = pause_policy(house, emil, "cleanup")
    assert (taken_back.version.approved_by, taken_back.version.state) == (
        "", PolicyState.SIMULATION,
    )  # fmt: skip
    watch.at += 2 * DAY
    assert put_in_force(house) == ()


def test_a_policy_that_was_never_in_force_is_not_resumed_into_it(
    house: House, cleo: Actor, dora: Actor
) -> None:
    write_policy(house, cleo, "cleanup", CLEANUP)
    for actor in (cleo, dora):
        with pytest.raises(Refusal, match="is not paused"):
            resume_policy(house, actor, "cleanup")


def test_taking_a_policy_away_takes_two_and_leaves_its_spaces_alone(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    in_force(house, watch, cleo, dora)
    with house.store.begin() as tx:
        decide(tx, tx.policies.holding(), Moments(now=tx.now), generation=1)
        tx.commit()
    asked = retire_policy(house, cleo, "cleanup")
    assert isinstance(asked, TakingAway)
    assert (asked.view.code, asked.view.asked_by) == ("", "cleo@example.com")
    with pytest.raises(Refusal, match="You asked for that already"):
        retire_policy(house, cleo, "cleanup")
    assert show_policy(house, "cleanup").version.state is PolicyState.ACTIVE
    seen = retire_policy(house, dora, "cleanup")
    assert isinstance(seen, TakingAway)  # without the code of what is shown nothing is agreed to
    assert show_policy(house, "cleanup").version.state is PolicyState.ACTIVE
    assert isinstance(retire_policy(house, dora, "cleanup", code=seen.view.code), Shown)
    assert list_policies(house) == ()
    with house.store.read() as tx:
        assert tx.policies.holding() == ()
        left = list(tx.connection.scalars(select(not_before.c.space_id)))
    assert sorted(left) == [1, 2, 3]
    with pytest.raises(Refusal, match="is retired"):
        write_policy(
            house, cleo, "cleanup", replace(CLEANUP, cap=2),
            after=show_policy(house, "cleanup").version.key,
        )  # fmt: skip


def test_what_was_asked_for_one_thing_is_no_word_for_another(
    house: House, watch: Watch, cleo: Actor, dora: Actor, emil: Actor
) -> None:
    in_force(house, watch, cleo, dora)
    pause_policy(house, cleo, "cleanup")
    assert isinstance(resume_policy(house, dora, "cleanup"), Asked)
    assert isinstance(retire_policy(house, emil, "cleanup"), TakingAway)
    assert show_policy(house, "cleanup").version.state is PolicyState.PAUSED


def test_who_agrees_that_a_policy_goes_agrees_to_exactly_what_loses_protection(
    house: House, watch: Watch, cleo: Actor, dora: Actor, emil: Actor
) -> None:
    keep = PolicyDraft(query="tag:finance", ending=Ending.KEEP, period=None, priority=10)
    in_force(house, watch, cleo, dora, keep, "books")
    in_force(house, watch, cleo, dora, replace(CLEANUP, period=3650 * DAY))
    assert isinstance(retire_policy(house, cleo, "books"), TakingAway)
    seen = retire_policy(house, dora, "books")
    assert isinstance(seen, TakingAway)
    assert (seen.view.changes, seen.view.losing) == ((("newly hit", 3),), 3)
    others = retire_policy(house, emil, "books", code=seen.view.code)
    assert isinstance(others, TakingAway)  # the code is whose it was shown to
    add_space(house)
    again = retire_policy(house, dora, "books", code=seen.view.code)
    assert isinstance(again, TakingAway)  # one more loses protection
    assert (again.view.losing, "Nothing" in again.why or "nothing" in again.why) == (4, True)
    in_force(house, watch, cleo, dora)  # the ten years of the others are ninety days now
    third = retire_policy(house, dora, "books", code=again.view.code)
    assert isinstance(third, TakingAway)  # the same spaces lose it otherwise
    assert isinstance(retire_policy(house, dora, "books", code=third.view.code), Shown)
    with (
        house.store.read() as tx
    ):  # no night has written down whom it kept, and they are left alone
        left = set(tx.connection.scalars(select(not_before.c.space_id)))
    assert len(left) == 4


def test_who_asked_that_a_version_goes_did_not_ask_for_the_next_one(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    in_force(house, watch, cleo, dora)
    assert isinstance(retire_policy(house, cleo, "cleanup"), TakingAway)
    in_force(house, watch, cleo, dora, replace(CLEANUP, ending=Ending.KEEP, period=None))
    waits = retire_policy(house, dora, "cleanup")
    assert isinstance(waits, TakingAway)
    assert (waits.view.code, waits.view.asked_by) == ("", "dora@example.com")


def test_without_a_fresh_inventory_nobody_agrees_that_a_policy_goes(
    house: House, watch: Watch, cleo: Actor, dora: Actor
) -> None:
    in_force(house, watch, cleo, dora)
    retire_policy(house, cleo, "cleanup")
    house = replace(house, limits=replace(house.limits, inventory=DAY))
    with pytest.raises(Refusal, match="too short"):
        retire_policy(house, dora, "cleanup")


def test_a_draft_is_taken_away_by_one(house: House, cleo: Actor) -> None:
    write_policy(house, cleo, "cleanup", CLEANUP)
    assert isinstance(retire_policy(house, cleo, "cleanup"), Shown)
    assert list_policies(house) == ()


def test_who_paused_everything_may_take_it_back(house: House, cleo: Actor, dora: Actor) -> None:
    made = house_pause(house, cleo, "an audit")
    assert (made.by, made.reason, made.needs_second) == ("cleo@example.com", "an audit", False)
    assert isinstance(house_resume(house, dora), Asked)
    with house.store.read() as tx:
        assert tx.settings.pause() is not None
    assert house_resume(house, cleo) is None
    with house.store.read() as tx:
        assert tx.settings.pause() is None
    with pytest.raises(Refusal, match="Nothing is paused"):
        house_resume(house, cleo)
    assert words(house) == [Word.PAUSE, Word.RESUME, Word.RESUME]


@pytest.mark.parametrize("also", [False, True])
def test_after_the_brake_it_takes_two_whoever_paused_besides(
    house: House, watch: Watch, cleo: Actor, dora: Actor, also: bool
) -> None:
    pull_brake(house)
    if also:
        made = house_pause(house, cleo, "me too")
        assert made.is_brake
        assert made.reason == "too many; me too"
    assert isinstance(house_resume(house, cleo), Asked)
    with pytest.raises(Refusal, match="You asked for that already"):
        house_resume(house, cleo)
    with house.store.read() as tx:
        pause = tx.settings.pause()
    assert pause is not None
    assert pause.asked_by == "cleo@example.com"
    assert pause.at == NOW
    assert house_resume(house, dora) is None


def pull_brake(house: House) -> None:
    with house.store.begin() as tx:
        brake.pull(tx, "too many")
        tx.commit()


def test_a_brake_on_top_of_a_pause_takes_two(house: House, cleo: Actor) -> None:
    house_pause(house, cleo, "an audit")
    pull_brake(house)
    assert isinstance(house_resume(house, cleo), Asked)


def test_once_two_people_paused_it_takes_two_to_go_on(
    house: House, cleo: Actor, dora: Actor
) -> None:
    house_pause(house, cleo, "one")
    assert house_pause(house, cleo, "still").needs_second is False
    assert house_pause(house, dora, "two").needs_second
    assert isinstance(house_resume(house, dora), Asked)
    assert house_resume(house, cleo) is None


def test_the_system_resumes_nothing(house: House, cleo: Actor) -> None:
    pull_brake(house)
    with pytest.raises(Refusal):
        house_resume(house, SYSTEM)
    with house.store.read() as tx:
        assert tx.settings.pause() is not None


@pytest.mark.parametrize("value", [True, [], "x", {}, {"brake": True}, {"reason": None}])
def test_a_pause_that_can_not_be_read_is_a_pause(house: House, cleo: Actor, value: object) -> None:
    with house.store.begin() as tx:
        tx.settings.put("pause", value, by="somebody")
        tx.commit()
    with house.store.read() as tx:
        assert tx.settings.pause() is not None
    assert isinstance(house_resume(house, cleo), Asked)
