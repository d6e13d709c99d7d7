"""Each rail of a night is missed when it is taken out: a space is then lost, or nobody is told.

What the kernel checks for itself has its own mutants (tests/spaces); here is what the engine
looks at before it asks the kernel for anything.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from retention import brake, cadence, leading, nightly, planning, proving
from retention.enforcements import delete, outsiders
from retention.spec import LEADER
from sandbox.handle import Handle
from spaces.spec import House
from spaces.sync import live
from storage.cases import Cases
from storage.leases import Leases
from tests.breaking import Officers, People
from tests.mutants import Mutant, Patch, all_of, is_missed, silent, swap, without
from tests.nights import World
from tests.retention import (
    test_breaking_between,
    test_breaking_clocks,
    test_nights,
    test_outsiders,
)


@pytest.fixture
def people(world: World, sandbox: Handle) -> People:
    return People(world, sandbox)


@pytest.fixture
def officers(world: World) -> Officers:
    return Officers(world)


def takes_parts_for_all(patch: Patch) -> None:
    """What was read in part counts as read."""
    read = proving.read_live

    def whole(house: House, space: Any, **how: Any) -> Any:
        seen = read(house, space, **how)
        human = seen.last_human or seen.room.created
        return replace(seen, members_complete=True, human_known=True, last_human=human)

    patch.setattr(proving, "read_live", whole)


def leads_for_ever(patch: Patch) -> None:
    real = Leases.holds
    patch.setattr(
        Leases, "holds", lambda self, name, holder: name == LEADER or real(self, name, holder)
    )


def believes_the_inventory(patch: Patch) -> None:
    """What people wrote is taken from what was known, without a look."""

    def known(house: House, lane: Any, room: Any, *more: Any) -> Any:
        with house.store.read() as tx:
            space = tx.spaces.by_id(room.id)
        return space.last_human if space is not None else None

    patch.setattr(live, "last_human", known)


def looks_at_no_date(patch: Patch) -> None:
    """The row is taken to be as it was at the look; its date has come by then."""
    get = Cases.get

    def passed(self: Cases, key: Any) -> Any:
        case = get(self, key)
        return replace(case, due=case.opened_at)

    patch.setattr(Cases, "get", passed)


def promises_nothing(version: Any, case: Any, number: int, now: Any) -> Any:
    return case.due or now


MUTANTS = (
    without("the inventory is not old", swap(nightly, "not_ready", silent),
            test_nights.test_on_an_old_inventory_nothing_is_done),
    without("our clock and Webex's agree", swap(nightly, "out_of_reach", silent),
            test_nights.test_while_the_clocks_differ_nothing_is_done),
    without("clocks that differ pull the brake",
            swap(nightly, "_clock_fault", lambda night, why: why),
            test_breaking_clocks
            .test_clocks_that_differ_pull_the_brake_once_and_two_people_let_it_go),
    without("one fault of the clocks pulls the brake once", swap(brake, "CLOCKS_DIFFER", "never"),
            test_breaking_clocks
            .test_clocks_that_differ_pull_the_brake_once_and_two_people_let_it_go),
    without("who is removed is certified", swap(outsiders, "certify_removals"),
            test_outsiders.test_who_was_removed_is_certified_to_compliance_alone),
    without("who was removed before a process died is certified",
            swap(nightly, "certify_left_removals"),
            test_outsiders
            .test_what_was_removed_before_a_process_died_is_certified_by_the_next_night),
    without("what was read in part says nothing", takes_parts_for_all,
            test_nights.test_what_can_not_be_read_is_not_concluded_from,
            kind="broken-json", path="/messages"),
    without("who leads is looked at before each effect", leads_for_ever,
            test_breaking_between.test_who_lost_the_lead_amid_does_nothing_more),
    without("one process leads a night", swap(leading, "take_over", lambda *given, **more: True),
            test_breaking_between.test_while_another_process_leads_no_night_begins),
    without("each space is read live before its effect", believes_the_inventory,
            test_breaking_between.test_a_message_that_no_event_told_of_saves_a_space),
    without("the date is looked at again in the effect's own transaction", looks_at_no_date,
            test_breaking_between.test_a_date_that_moved_since_the_look_is_the_one_that_counts),
    without("who is new gets all notices", swap(proving, "_other_owners"),
            test_nights.test_a_new_owner_gets_all_of_the_notices),
    without("what nobody owns waits for a person", swap(nightly, "_nobody_owns"),
            test_nights.test_a_space_that_nobody_owns_is_never_ended_by_itself),
    without("a policy without a cap does nothing", swap(planning, "_may_act", lambda one: True),
            test_nights.test_a_policy_without_a_cap_warns_nobody_and_says_so),
    without("a plan far beyond the usual stops", swap(brake, "look_at_plan", silent),
            test_nights.test_too_many_at_once_pull_the_brake_until_two_people_looked),
    without("an outcome that does not match stops", swap(nightly, "_mismatch"),
            test_nights.test_a_deletion_that_did_not_come_about_pulls_the_brake),
    without("a changed record stops", swap(brake, "broken_record"),
            test_breaking_clocks.test_a_changed_row_of_the_record_is_found_and_nothing_is_deleted_on_it),
    without("an older database is noticed", swap(nightly, "remembers_less", silent),
            test_breaking_clocks.test_on_an_older_database_nothing_happens_before_two_people_looked),
    without("an outage costs the owners nothing",
            swap(nightly, "make_up_for_outage", lambda night: 0),
            test_nights.test_an_outage_gives_the_owners_its_time_back_and_repeats_the_warning),
    without("only who moderates deletes", swap(delete, "_in_the_way", silent),
            test_nights.test_a_bot_that_was_demoted_deletes_nothing_and_says_so),
    without("a space in use is left alone", swap(planning, "_is_awake", lambda *given: False),
            test_nights.test_a_space_that_wakes_up_is_cleared),
    without("notice is always given in full", all_of(swap(cadence, "promise", promises_nothing),
                swap(cadence, "first_due", lambda version, decided, now: now)),
            test_nights.test_the_dates_promised_are_kept_and_never_shortened),
)  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_a_rail_that_is_taken_out_is_missed(
    mutant: Mutant, world: World, sandbox: Handle, officers: Officers, people: People,
    tmp_path: Path, monkeypatch: Patch,
) -> None:  # fmt: skip
    is_missed(
        mutant, monkeypatch, world=world, sandbox=sandbox, officers=officers, people=people,
        tmp_path=tmp_path,
    )  # fmt: skip
