"""Each rail around policies is missed when it is taken out: its own test then fails.

A mutant is the code with one rail patched away; its scenario is the test of that rail.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.people import Actor
from domain.verdicts import yes
from retention import agreeing, holds, pausing, policies, retiring
from spaces.spec import House
from storage.crawls import Crawls
from storage.policies import Policies
from storage.protections import Protections
from storage.simulations import Simulations
from tests.mutants import Mutant, Patch, TakeOut, is_missed, nothing, swap, without
from tests.retention import (
    test_agreeing,
    test_drafting,
    test_holds,
    test_pausing,
    test_policies,
)
from tests.retention.officers import DAY, Watch


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A rail is the same on both databases; once is enough here."""
    shutil.copy(sqlite_template, tmp_path / "space.db")
    return f"sqlite:///{tmp_path / 'space.db'}"


def approves_with(**changed: Callable[[Any], Any]) -> TakeOut:
    """Agreements are written with other dates than they should be."""
    approve = Simulations.approve

    def wrong(self: Any, made: Any, **said: Any) -> Any:
        said |= {name: change(self._now) for name, change in changed.items()}
        return approve(self, made, **said)

    return swap(Simulations, "approve", wrong)


def every_version(self: Policies) -> tuple[Any, ...]:
    return tuple(one for newest in self.all() for one in self.versions(newest.policy))


def always_fresh(patch: Patch) -> None:
    last = Crawls.last

    def fresh(self: Any, *, complete: bool = False) -> Any:
        found = last(self, complete=complete)
        return None if found is None else replace(found, finished_at=self._now)

    patch.setattr(Crawls, "last", fresh)


def code_for_all(made: Any, person: object) -> str:
    return "123456"


MUTANTS = (
    without(
        "the author can't agree", swap(agreeing, "_may_approve", lambda *given: yes("all may")),
        test_agreeing.test_the_author_can_not_agree_whatever_code_they_have,
    ),
    without(
        "a code belongs to a person, a version and a list", swap(agreeing, "code_of", code_for_all),
        test_agreeing.test_a_code_that_was_shown_to_somebody_else_is_no_agreement,
    ),
    without(
        "the list is compared", swap(Simulations, "hash_over", lambda self, *spaces: "same"),
        test_agreeing.test_an_agreement_is_to_exactly_the_list_that_was_shown,
    ),
    without(
        "a list that shrank differs", swap(Simulations, "hash_over", lambda self, *spaces: "same"),
        test_agreeing.test_a_list_that_lost_a_space_is_another_list_too,
    ),
    without(
        "an agreement cools", approves_with(effective_at=lambda now: now),
        test_agreeing.test_a_second_person_agrees_and_after_the_cooling_it_holds,
    ),
    without(
        "an agreement expires", approves_with(expires_at=lambda now: now + 1000 * DAY),
        test_agreeing.test_an_agreement_that_was_not_used_expires,
    ),
    without(
        "only the newest version comes into force", swap(Policies, "simulated", every_version),
        test_agreeing.test_a_later_version_voids_an_agreement_that_cools,
    ),
    without(
        "the inventory is fresh", always_fresh,
        test_agreeing.test_without_a_fresh_inventory_there_is_no_list_to_agree_to,
    ),
    without(
        "many targets take a code", swap(agreeing, "MANY", 10_000),
        test_agreeing.test_many_targets_or_all_are_agreed_to_with_the_code_typed_again,
    ),
    without(
        "all takes a code", swap(agreeing, "_says_all", lambda version: False),
        test_agreeing.test_many_targets_or_all_are_agreed_to_with_the_code_typed_again,
    ),
    *(
        without(
            f"a draft is checked: {changed}", swap(policies, "check_draft", lambda draft: draft),
            test_drafting.test_what_is_blank_or_out_of_bounds_is_asked_for,
            changed=changed, said=said,
        )
        for changed, said in (
            ({"query": ""}, "needs a condition"),
            ({"period": None}, "Without a period"),
            ({"period": timedelta(0)}, "from a day"),
            ({"cap": 0}, "A cap goes from 1"),
            ({"notices": ()}, "warned at least 2 times"),
        )
    ),
    without(
        "a name can't pass for another", swap(policies, "policy_name", str.strip),
        test_drafting.test_a_name_can_not_hide_or_pass_for_another, name="cl\u0435anup",
    ),
    without(
        "keeps decide first", swap(policies, "check_priority", nothing),
        test_policies.test_nothing_that_ends_spaces_decides_before_a_keep,
    ),
    without(
        "a floor is never shortened", swap(policies, "check_change", nothing),
        test_policies.test_a_floor_in_force_is_made_longer_and_never_shorter,
    ),
    without(
        "what a version decided is left alone", swap(policies, "leave_alone", nothing),
        test_policies.test_a_wider_version_waits_while_the_old_one_holds,
    ),
    without(
        "in a pause nothing comes into force",
        swap(
            policies, "let_in_force",
            lambda tx: tuple(policies.in_force(tx, one) for one in tx.policies.ripe()),
        ),
        test_policies.test_while_everything_is_paused_nothing_comes_into_force,
    ),
    without(
        "going on takes a second person", swap(pausing, "_go_on", nothing),
        test_pausing.test_anybody_else_needs_a_second_person_to_resume,
    ),
    without(
        "taking away takes a second person", swap(retiring, "is_second", lambda *given: True),
        test_pausing.test_taking_a_policy_away_takes_two_and_leaves_its_spaces_alone,
    ),
    without(
        "what a retired policy decided is left alone", swap(retiring, "leave_alone", nothing),
        test_pausing.test_taking_a_policy_away_takes_two_and_leaves_its_spaces_alone,
    ),
    without(
        "who agrees that a policy goes agrees to exactly what loses protection",
        swap(retiring, "six_digits", lambda said: "123456"),
        test_pausing.test_who_agrees_that_a_policy_goes_agrees_to_exactly_what_loses_protection,
    ),
    without(
        "what was asked for expires", swap(pausing, "ASK_LIFE", 1000 * DAY),
        test_pausing.test_what_was_asked_for_long_ago_is_asked_anew,
    ),
    without(
        "pausing takes back an agreement",
        swap(Simulations, "withdraw", lambda self, version: True),
        test_pausing.test_pausing_takes_back_an_agreement_that_cools,
    ),
    without(
        "after the brake it takes two", swap(pausing, "_may_go_on", nothing),
        test_pausing.test_after_the_brake_it_takes_two_whoever_paused_besides, also=False,
    ),
    without(
        "a pause on top never makes it easier", swap(pausing, "_is_own", lambda *given: True),
        test_pausing.test_once_two_people_paused_it_takes_two_to_go_on,
    ),
    without(
        "a held tag stays", swap(Protections, "held_tags", lambda self, names: ()),
        test_holds.test_nothing_slips_out_of_a_hold_by_its_tags,
    ),
    without(
        "a release waits", swap(holds, "RELEASE", timedelta(0)),
        test_holds.test_a_release_takes_effect_after_a_week_and_then_spaces_are_left_alone,
    ),
)  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_a_rail_that_is_taken_out_is_missed(
    mutant: Mutant, monkeypatch: Patch, house: House, watch: Watch, cleo: Actor, dora: Actor,
    emil: Actor,
) -> None:  # fmt: skip
    is_missed(mutant, monkeypatch, house=house, watch=watch, cleo=cleo, dora=dora, emil=emil)
