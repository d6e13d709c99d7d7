"""Each rail around deleting by hand is missed when it is taken out: its scenario then fails.

A mutant is the product with one rail patched away; its scenario is the test of that rail.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

import commands.delete
from domain.intents import Outcome
from retention.byhand import asking, cooling, ending, judging
from spaces.effects import kernel, lastlook, spec
from tests.chats import Chat
from tests.commands import test_delete_by_compliance as officers
from tests.commands import test_delete_commands as asked
from tests.commands import test_delete_stopped as stopped
from tests.commands.ending import SETTINGS
from tests.mutants import Mutant, Patch, all_of, is_missed, silent, swap, without


def believes(patch: Patch) -> None:
    """A deletion is taken for done because Webex was asked for it."""
    made = spec.effect_of("delete room")

    def blind(*given: object) -> spec.Reading:
        return spec.Reading(outcome=Outcome.DONE, evidence={"room": ""})

    patch.setitem(spec._declared, "delete room", replace(made, read_back=blind))


MUTANTS = (
    without("holds, keeps and floors", swap(judging, "forbidden", silent),
            stopped.test_a_hold_placed_while_it_waits_stops_it_at_once),
    without("a policy that keeps", swap(judging, "protection", lambda *given: None),
            stopped.test_what_is_kept_by_a_policy_or_a_floor_nobody_deletes),
    without("fresh activity", swap(ending, "speaks_against",
                lambda tx, request: judging.forbidden(tx, request.space)),
            stopped.test_a_message_while_it_waits_stops_it),
    without("the look in the intent", swap(ending, "_last_look", lambda *given: None),
            stopped.test_a_hold_placed_right_before_the_request_leaves_stops_it),
    without("the code", swap(asking.secrets, "compare_digest", lambda *given: True),
            asked.test_without_the_code_nothing_is_asked_for),
    without("the code's life", swap(asking, "SHOWN_FOR", timedelta(days=1)),
            asked.test_without_the_code_nothing_is_asked_for),
    without("the state that was seen", swap(asking, "seen_of", lambda *given: "the same"),
            asked.test_what_changed_since_it_was_shown_is_shown_anew),
    without("the time to take it back", swap(cooling, "window",
                lambda limits, *, by_compliance: timedelta(0)),
            asked.test_a_moderator_deletes_their_space_after_a_day),
    without("the owners are told first", swap(cooling, "others_of", lambda *given: []),
            stopped.test_without_telling_another_owner_its_time_does_not_begin),
    without("an outage does not count", swap(ending, "_make_up", silent),
            stopped.test_time_in_which_nobody_could_take_it_back_does_not_count),
    without("who asked may still", swap(ending, "may_still", silent),
            stopped.test_who_asked_and_is_not_in_it_any_more_does_not_get_it),
    without("who is of compliance still", swap(judging, "is_officer", lambda *given: True),
            officers.test_who_is_not_of_compliance_any_more_does_not_get_it),
    without("two of compliance", swap(commands.delete, "as_compliance", lambda *given: False),
            officers.test_it_takes_two_of_compliance_and_its_owners_are_told),
    without("the block still holds", swap(ending, "is_blocked", lambda *given: True),
            stopped.test_a_block_that_somebody_changed_stops_it),
    without("caps", swap(kernel, "check_caps", silent),
            stopped.TestWithACapOfOne().test_it_waits_for_its_turn, CAP_PER_DAY="1"),
    without("the pause", all_of(swap(ending, "not_ready", silent),
                swap(kernel, "refuse_if_paused", silent),
                swap(lastlook, "refuse_if_paused", silent)),
            stopped.test_in_a_pause_it_waits_and_goes_on_after_it),
    without("the witness", believes,
            stopped.test_a_deletion_that_did_not_happen_pulls_the_brake_and_is_looked_at),
)  # fmt: skip


@pytest.fixture
def bot_settings(request: pytest.FixtureRequest) -> dict[str, str]:
    return {**SETTINGS, **request.node.callspec.params["mutant"].given}


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_a_rail_that_is_taken_out_is_missed(mutant: Mutant, chat: Chat, monkeypatch: Patch) -> None:
    is_missed(mutant, monkeypatch, chat=chat)
