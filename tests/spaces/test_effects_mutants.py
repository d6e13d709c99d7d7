"""Each rail is missed when it is taken out: the scenario that it is there for then fails.

A mutant is the kernel with one rail patched away; its scenario is the test of that rail.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.intents import Outcome
from sandbox.handle import Control, Handle
from spaces.effects import caps, cards, deleting, kernel, lastlook, leasing, settling, spec
from spaces.spec import House
from storage.store import Store
from tests.effects import house_on
from tests.mutants import Mutant, Patch, TakeOut, all_of, is_missed, nothing, swap, without
from tests.spaces import (
    test_effects,
    test_effects_caps,
    test_effects_cards,
    test_effects_deleting,
    test_effects_killed,
    test_effects_lastlook,
    test_effects_purging,
    test_effects_recovery,
)
from webex.sdk import SdkWebex


@pytest.fixture
def house(sqlite_store: Store, webex: SdkWebex) -> House:
    return house_on(sqlite_store, webex)


def effect_with(kind: str, **changes: Any) -> TakeOut:
    return lambda patch: patch.setitem(
        spec._declared, kind, replace(spec.effect_of(kind), **changes)
    )


def believes(*given: object) -> spec.Reading:
    """A 204, or a single 404, that is taken for what it says."""
    return spec.Reading(outcome=Outcome.DONE, evidence={"room": ""})


def looks_early(self: SdkWebex, look: Callable[[], None]) -> SdkWebex:
    """The last look is taken before the wait and not after it."""
    look()
    return self


def forgets_steps(patch: Patch) -> None:
    commit = kernel._commit
    patch.setattr(
        kernel,
        "_commit",
        lambda house, plan, check: commit(
            house, replace(plan, step=f"{plan.step}/{uuid.uuid4()}"), check
        ),
    )


def looks_once(patch: Patch) -> None:
    look = lastlook.LastLook.__init__
    patch.setattr(
        lastlook.LastLook,
        "__init__",
        lambda self, house, intent, plan, check: look(self, house, intent, plan, None),
    )


def leases_are_free(patch: Patch) -> None:
    patch.setattr(leasing, "take", nothing)
    patch.setattr(leasing, "is_mine", lambda tx, intent: True)


def repeats(patch: Patch) -> None:
    """Recovery takes what destroys for something that it may do again."""
    go_on = kernel._go_on

    def mild(house, effect, intent, plan, check, *, is_recovery):  # type: ignore[no-untyped-def]
        intent = replace(intent, plan=replace(plan, is_destructive=False))
        return go_on(house, replace(effect, is_repeatable=True), intent, intent.plan, check,
                     is_recovery=is_recovery)  # fmt: skip

    patch.setattr(kernel, "_go_on", mild)


T = test_effects
MUTANTS = [
    without("step keys", forgets_steps, T.test_the_same_step_is_done_once),
    without("a step's target", swap(kernel, "_target"),
            T.test_a_step_is_never_about_something_else),
    without("looking twice", swap(settling, "LOOKS", (None,)),
            T.test_one_look_that_finds_nothing_is_not_believed, kind="no-items"),
    without("one room, one step", swap(settling, "_is_its_own", lambda *given: True),
            T.test_a_space_that_another_step_claimed_first_is_not_shared),
    without("caps", all_of(swap(kernel, "check_caps"), swap(lastlook, "refuse_without_caps")),
            test_effects_caps.test_the_default_limits_allow_nothing),
    without("the company's size", swap(caps, "_company", lambda tx, limits: 100),
            test_effects_caps.test_without_a_complete_inventory_nothing_is_destroyed),
    without("sensible caps", swap(caps, "whole", lambda cap: 10**6 if cap is None else int(cap)),
            test_effects_caps.test_a_policy_without_a_cap_destroys_nothing, cap=None),
    without("pause before the intent", swap(kernel, "refuse_if_paused"),
            test_effects_lastlook.test_in_a_pause_nothing_is_planned_to_be_destroyed),
    without("pause before the effect", swap(lastlook, "refuse_if_paused"),
            test_effects_lastlook.test_a_pause_between_intent_and_effect_cancels_and_says_so),
    without("fresh evidence", swap(lastlook, "age_of_evidence", lambda *given: timedelta(0)),
            test_effects_lastlook.test_without_evidence_nothing_is_destroyed),
    without("the look after the wait", swap(SdkWebex, "guarded", looks_early),
            test_effects_lastlook
            .test_evidence_that_grew_old_while_the_request_had_to_wait_destroys_nothing),
    without("the second check", looks_once,
            test_effects_lastlook
            .test_a_hold_placed_between_intent_and_effect_cancels_and_goes_on_to_the_caller,
            no=ValueError("It is held.")),
    without("leases", leases_are_free,
            test_effects_killed.test_what_a_live_process_is_at_is_left_to_it),
    without("the lease before the effect", swap(leasing, "is_mine", lambda tx, intent: True),
            test_effects_recovery.test_who_slept_through_the_end_of_its_lease_does_nothing),
    without("destroying is not repeated", repeats,
            test_effects_recovery.test_what_destroys_is_never_done_again_by_recovery),
    without("reading back", effect_with("delete room", read_back=believes),
            test_effects_deleting.test_who_is_no_moderator_only_leaves),
    without("the witness' power", swap(deleting, "_has_power", lambda *given: True),
            test_effects_deleting
            .test_a_witness_that_lost_its_power_sees_every_space_as_gone_and_is_not_believed),
    without("our own look", swap(deleting, "_unless_another_sees_it", believes),
            test_effects_deleting
            .test_what_the_witness_does_not_find_is_not_gone_while_we_see_it),
    without("the witness' look before", swap(deleting, "seen_by_witness",
                lambda house, room: house.webex.witness("background").room(room)),
            test_effects_deleting.test_a_space_of_another_organisation_is_not_touched),
    without("the look before each message", swap(SdkWebex, "guarded", looks_early),
            test_effects_purging
            .test_a_hold_placed_on_the_way_stops_it_between_two_messages),
    without("markers", swap(cards, "said_since", lambda *given: iter(())),
            test_effects_cards.test_after_a_lost_answer_the_card_is_found_by_its_marker,
            kind="5xx-after", is_direct=False),
]  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_a_rail_that_is_taken_out_is_missed(
    mutant: Mutant, house: House, control: Control, sandbox: Handle, sqlite_store: Store,
    webex: SdkWebex, monkeypatch: Patch,
) -> None:  # fmt: skip
    is_missed(
        mutant, monkeypatch, house=house, control=control, sandbox=sandbox,
        sqlite_store=sqlite_store, webex=webex,
    )  # fmt: skip
