"""Each rail around erasing is missed when it is taken out: its own test then fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.verdicts import yes
from retention.erasing import agreeing, running, turn
from retention.erasing.standing import FREE
from tests import mutants
from tests.mutants import Mutant, Patch, all_of, is_missed, swap
from tests.nights import World
from tests.retention import test_erasing, test_erasing_amid
from tests.retention.people import Office


def without(rail: str, scenario: Callable[..., None], *swaps: tuple[object, str, object]) -> Mutant:
    return mutants.without(rail, all_of(*(swap(*one) for one in swaps)), scenario)


MUTANTS = [
    without(
        "the cap counts each thing",
        test_erasing.test_without_a_cap_nothing_happens_and_with_one_it_goes_on_the_next_day,
        (turn, "whole", lambda cap: 10**9),
    ),
    without(
        "a hold is looked for before each message",
        test_erasing_amid.test_a_hold_that_comes_amid_stops_it_at_once_and_it_goes_on_by_the_same_step,
        (turn, "standing", lambda tx, space: FREE),
    ),
    without(
        "a second officer",
        test_erasing.test_who_took_it_in_can_not_agree_and_a_list_that_changed_is_shown_again,
        (agreeing, "_may_agree", lambda *given: yes("anybody may")),
    ),
    without(
        "exactly this list",
        test_erasing.test_what_stands_in_the_way_is_a_part_of_what_is_agreed_to,
        (agreeing, "_hash", lambda tx, one: "the same"),
    ),
    without(
        "it cools off",
        test_erasing.test_it_cools_off_and_can_be_called_off_until_then_and_amid,
        (running, "_is_due", lambda one, now: True),
    ),
    without(
        "the last one stays",
        test_erasing.test_the_last_moderator_and_who_is_alone_stay_until_somebody_decides,
        (turn, "consequences", lambda scene, leaving: ()),
    ),
    without(
        "nobody of compliance",
        test_erasing.test_who_comes_into_compliance_meanwhile_is_not_erased,
        (turn, "why_no_person", lambda *given: ""),
        (running, "why_no_person", lambda *given: ""),
    ),
]  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_a_rail_that_is_taken_out_is_missed(
    mutant: Mutant, world: World, monkeypatch: Patch
) -> None:
    is_missed(mutant, monkeypatch, world=world, office=Office(world))
