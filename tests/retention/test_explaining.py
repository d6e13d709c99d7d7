"""What becomes of a space, with its reasons: as decided, as promised, and as it stands still."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cards.fate import fate
from domain.lifecycle import CaseState
from domain.policies import Ending, PolicyState, Ruling
from domain.spaces import Space
from domain.views import SpaceView
from retention.explaining import Explained, explain_space, space_view
from storage.settings import PAUSE
from tests.retention.stage import DAY, PERIOD, Stage
from tests.tenants import NOW, ago


def explained(stage: Stage, space: Space) -> Explained:
    return explain_space(stage.house, space)


def view(stage: Stage, space: Space) -> SpaceView:
    return space_view(stage.house, space)


def lines(stage: Stage, space: Space) -> dict[str, str]:
    return {line.step: line.said for line in explained(stage, space).trace}


def deciding(stage: Stage, space: Space) -> list[str]:
    return [line.step for line in explained(stage, space).trace if line.decides]


def test_a_space_without_a_policy_stays_and_says_why(stage: Stage) -> None:
    space = stage.space()
    assert fate(view(stage, space)) == "No policy ends it: it is kept."
    assert view(stage, space).ruling is Ruling.NO_POLICY
    assert lines(stage, space)["So"] == "Nothing is planned. No policy matches it."


def test_a_space_goes_no_earlier_than_full_notice_leaves(stage: Stage) -> None:
    """It is due in ten days, and its owners are told thirty days before."""
    stage.policy(cap=5)
    space = stage.space(last_human=ago(PERIOD - 10))
    seen = view(stage, space)
    assert (seen.due, seen.gone_at) == (NOW + 30 * DAY, NOW + 44 * DAY)
    assert fate(seen) == (
        "On Thu 24 Dec 2026 it is blocked, and on Thu 7 Jan 2027 deleted by the policy "
        "“old spaces”, unless it is used again."
    )
    assert seen.owners == ("ana@example.com", "ben@example.com")


def test_a_date_far_ahead_is_the_decision_s_own(stage: Stage) -> None:
    stage.policy(cap=5)
    assert view(stage, stage.space(last_human=ago(5))).due == NOW + (PERIOD - 5) * DAY


def test_the_sentence_names_the_policy_its_condition_and_its_date(stage: Stage) -> None:
    stage.policy(query="tag:finance", cap=5)
    space = stage.space(tags=("finance",))
    assert view(stage, space).why == (
        "“old spaces” (priority 100) is for spaces tagged “finance”: delete 1 year after the "
        "last activity: on 2026-12-04."
    )
    assert deciding(stage, space) == ["Policies", "So"]


def test_a_keep_until_later_decides_together_with_its_policy(stage: Stage) -> None:
    stage.policy(cap=5)
    space = stage.space()
    stage.keep(space, NOW + 200 * DAY, stage.ana)
    assert deciding(stage, space) == ["Kept by hand", "Policies", "So"]
    seen = view(stage, space)
    assert (seen.due, seen.keep_until) == (NOW + 200 * DAY, NOW + 200 * DAY)
    assert fate(seen).startswith("Keep until Sat 12 Jun 2027. On Sat 12 Jun 2027 it is blocked")


def test_a_keep_that_is_over_is_shown_and_does_not_decide(stage: Stage) -> None:
    stage.policy(cap=5)
    space = stage.space(last_human=ago(0))
    stage.keep(space, NOW + DAY, stage.cleo, by_compliance=True)
    stage.clock.advance(days=100)
    assert deciding(stage, space) == ["Policies", "So"]
    assert lines(stage, space)["Kept by hand"] == "Kept by hand until 2026-11-25."
    assert view(stage, space).keep_until is None


def test_a_space_kept_for_ever_says_so(stage: Stage) -> None:
    stage.policy(cap=5)
    space = stage.space()
    stage.keep(space, None, stage.ana)
    assert view(stage, space).keeps_forever
    assert fate(view(stage, space)) == "It is kept for ever, until somebody says otherwise."


def test_a_hold_beats_everything(stage: Stage) -> None:
    stage.policy(cap=5)
    space = stage.space()
    with stage.house.store.begin() as tx:
        tx.protections.place_hold("H1", reason="", by=None, spaces=[space.key])
        tx.commit()
    assert "on hold" in fate(view(stage, space))
    assert deciding(stage, space) == ["Holds", "So"]


def test_of_a_running_case_the_promised_date_is_told(stage: Stage) -> None:
    """The decision has it due tomorrow; the owners were promised ten days from now."""
    stage.policy(cap=5)
    space = stage.space(last_human=ago(PERIOD - 1))
    stage.case(space, CaseState.WARNED)
    seen = view(stage, space)
    assert (seen.due, seen.gone_at) == (NOW + 10 * DAY, NOW + 24 * DAY)
    assert "Now warned: its owners have been told." in fate(seen)
    assert lines(stage, space)["Its case"] == "Warned since 2026-11-24: on its way."


def test_of_a_blocked_space_the_day_of_its_deletion_is_told(stage: Stage) -> None:
    stage.policy(cap=5)
    space = stage.space(last_human=ago(PERIOD + 50))
    case = stage.case(space, CaseState.WARNED, CaseState.BLOCKED)
    with stage.house.store.begin() as tx:
        tx.blocks.add(space.key, {"moderators": []}, case=case.key)
        tx.commit()
    seen = view(stage, space)
    assert seen.gone_at == NOW + 10 * DAY
    assert fate(seen).startswith("On Fri 4 Dec 2026 it is deleted by the policy “old spaces”")
    assert lines(stage, space)["Blocked"] == "Since 2026-11-24, by its case."


def test_a_policy_that_only_blocks_promises_no_deletion(stage: Stage) -> None:
    stage.policy(cap=5, ending=Ending.BLOCK)
    space = stage.space(last_human=ago(PERIOD + 50))
    assert view(stage, space).gone_at is None
    stage.case(space, CaseState.WARNED, CaseState.BLOCKED)
    assert "It stays blocked by the policy “old spaces” until somebody keeps it" in fate(
        view(stage, space)
    )


def test_the_last_case_says_who_kept_it(stage: Stage) -> None:
    stage.policy(cap=5)
    space = stage.space()
    stage.case(space, CaseState.WARNED)
    stage.keep(space, None, stage.ana)
    assert lines(stage, space)["Its last case"] == (
        "Over since 2026-11-24: ana@example.com answered: it is kept for ever."
    )


def test_a_space_whose_facts_are_not_known_is_not_decided(stage: Stage) -> None:
    stage.policy(query="tag:finance group:sales", cap=5)
    space = stage.space(tags=("finance",), groups_known=False)
    assert view(stage, space).due is None
    assert "not known" in fate(view(stage, space))


@pytest.mark.parametrize("what", ["house", "policy", "no cap"])
def test_what_stands_still_is_said(stage: Stage, what: str) -> None:
    made = stage.policy(cap=None if what == "no cap" else 5)
    space = stage.space()
    with stage.house.store.begin() as tx:
        if what == "house":
            tx.settings.put(PAUSE, {"reason": "audit"}, by="cleo@example.com")
        if what == "policy":
            tx.policies.set_state(made.policy, PolicyState.PAUSED, was=PolicyState.ACTIVE)
        tx.commit()
    said = {
        "house": "Everything that blocks and deletes is paused for now.",
        "policy": "Its policy is paused for now.",
        "no cap": "Its policy has no cap, so for now it does nothing.",
    }[what]
    assert fate(view(stage, space)).endswith(said)
    assert lines(stage, space)["Stands still"] == said


def test_a_policy_in_simulation_decides_nothing(stage: Stage) -> None:
    stage.policy(active=False, cap=5)
    assert view(stage, stage.space()).ruling is Ruling.NO_POLICY


def test_a_space_that_is_gone_has_nothing_to_come(stage: Stage) -> None:
    stage.policy(cap=5)
    space = stage.space()
    with stage.house.store.begin() as tx:
        tx.spaces.mark_gone(space.key)
        gone = tx.spaces.by_key(space.key)
        tx.commit()
    assert view(stage, gone).state is CaseState.GONE
    assert fate(view(stage, gone)) == "Nothing more: it is gone: it was deleted."


def test_explaining_and_the_night_agree_on_the_first_day(stage: Stage) -> None:
    """What is told before a case is there is what the case then promises."""
    from retention.planning import plan

    stage.policy(cap=5)
    space = stage.space()
    told = view(stage, space).due
    with stage.house.store.begin() as tx:
        plan(tx, generation=1)
        case = tx.cases.open_of(space.key)
        tx.commit()
    assert case is not None
    assert case.due == told == NOW + 30 * DAY
    assert view(stage, space).due == told
    assert replace(view(stage, space), state=CaseState.CLEAR).gone_at == told + timedelta(days=14)


def test_rules_that_apply_are_told_with_what_was_seen_and_others_are_not(stage: Stage) -> None:
    stage.policy(query="tag:finance inactive:>90d", cap=5)
    space = stage.space(tags=("finance",), size=4, scope=1)
    other = stage.space(tags=("fun",))
    said = lines(stage, space)
    assert said["“old spaces” applies"] == (
        "Delete, 1 year after the last activity (version 1, priority 100). Its condition: tagged"
        " “finance”: yes; inactive for more than 3 months: yes. It decides."
    )
    assert said["Seen"].startswith("Last used 2025-12-04; created 2024-06-07; 4 people; with out")
    assert "tags finance" in said["Seen"]
    assert not any("old spaces" in label for label in lines(stage, other))


def test_a_rule_that_may_apply_says_of_which_part_it_is_not_known(stage: Stage) -> None:
    stage.policy(query="classification:secret", cap=5)
    said = lines(stage, stage.space())
    assert "not known. Something else decides" in said["“old spaces” may apply"]
    assert said["Who can change it"].startswith("Nobody has to")


def test_what_comes_next_is_told_from_the_first_warning_to_the_end(stage: Stage) -> None:
    stage.policy(cap=5)
    space = stage.space(last_human=ago(100))
    assert lines(stage, space)["Next"] == (
        f"On {NOW + (PERIOD - 100 - 30) * DAY:%Y-%m-%d} its owners get the first warning."
    )
    due = stage.space()
    stage.case(due)
    assert lines(stage, due)["Next"] == f"On {NOW:%Y-%m-%d} its owners get warning 1 of 4."
    blocked = stage.space()
    stage.case(blocked, CaseState.WARNED, CaseState.BLOCKED)
    assert "it is deleted, unless somebody keeps it" in lines(stage, blocked)["Next"]
    with stage.house.store.begin() as tx:
        tx.settings.put(PAUSE, {"reason": "an audit"}, by="cleo@example.com")
        tx.commit()
    assert "Next" not in lines(stage, blocked)


def test_who_can_change_it_follows_from_what_decides(stage: Stage) -> None:
    space = stage.space()
    assert "may keep it by hand all the same" in lines(stage, space)["Who can change it"]
    stage.policy(cap=5)
    assert lines(stage, space)["Who can change it"].startswith("Its owners (ana@example.com, ben")
    stage.keep(space, None, stage.ana)
    assert "`keep clear`" in lines(stage, space)["Who can change it"]
    kept = stage.space()
    stage.keep(kept, None, stage.cleo, by_compliance=True)
    assert lines(stage, kept)["Who can change it"] == "Only compliance, who keeps it."
    general = stage.space(is_general=True)
    assert lines(stage, general)["Who can change it"].startswith("Nobody by policy")


def test_a_keep_by_policy_is_changed_by_two_of_compliance(stage: Stage) -> None:
    stage.policy(ending=Ending.KEEP, period=None)
    space = stage.space()
    assert "two people together" in lines(stage, space)["Who can change it"]
    assert lines(stage, space)["“old spaces” applies"].startswith("Keeps it (version 1")
