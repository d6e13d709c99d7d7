"""Each rail of purging by policy is missed when it is taken out: a message goes that may not, one
is counted twice or never, or nobody is told what is not known.

What the kernel checks before every request has its own mutants (tests/spaces); some of what is
here is stopped by two rails, and its mutant has neither.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from domain.intents import Outcome
from retention import cadence, nightly, planning, proving, purge_proofs, purging
from retention.enforcements import purge
from sandbox.handle import Handle
from spaces.effects import kernel, lastlook
from spaces.effects import purging as effect
from spaces.effects import spec as effect_of
from storage.purges import Purges
from tests.mutants import Mutant, Patch, TakeOut, all_of, is_missed, nothing, silent, swap, without
from tests.nights import World
from tests.retention import test_break_destroying, test_purging, test_purging_amid

T, AMID, BREAK = test_purging, test_purging_amid, test_break_destroying


def looks_first(patch: Patch) -> None:
    """The case is looked at when a batch is planned and when it begins, and not after that."""
    real = purging.last_look

    def mild(*given: Any, **more: Any) -> Callable[[Any], None]:
        check, calls = real(*given, **more), [0]

        def look(tx: Any) -> None:
            calls[0] += 1
            if calls[0] <= 2:
                check(tx)

        return look

    patch.setattr(purging, "last_look", mild)


def looks_once(patch: Patch) -> None:
    """Whatever comes after the first look at the space is not heard."""
    looks_at_it_once(patch)
    kept = purging.look
    patch.setattr(purging, "last_look", lambda *given, **more: nothing)
    patch.setattr(
        purging, "look",
        lambda night, case: replace(kept(night, case), at=night.house.clock.now()),
    )  # fmt: skip


def looks_at_it_once(patch: Patch) -> None:
    """The proof that a night begins with serves all of its batches, however old it is by then."""
    first: dict[object, Any] = {}
    real, perform = purging.look, purging._perform

    def keeps(night: Any, proof: Any, plan: Any, is_all: bool) -> None:
        first.setdefault(proof.case.key, proof)
        perform(night, proof, plan, is_all)

    patch.setattr(purging, "_perform", keeps)
    patch.setattr(purging, "look", lambda night, case: first.get(case.key) or real(night, case))


def young_enough(patch: Patch) -> None:
    """Neither the floors nor the period are asked when a message's turn comes."""
    real = purging.last_look

    def mild(*given: Any, also: Any = None, **more: Any) -> Any:
        return real(*given, **more)

    patch.setattr(purging, "last_look", mild)


def as_old_as_it_looked(patch: Patch) -> None:
    """The age is computed once a night; and neither is the date of the case."""
    young_enough(patch)
    fate = proving.fate
    patch.setattr(
        proving, "fate",
        lambda judged, versions, now: fate(replace(judged, due=judged.case.due), versions, now),
    )  # fmt: skip


def everything_is_old(patch: Patch) -> None:
    def now(night: Any, case: Any) -> datetime | None:
        return night.house.clock.now()  # type: ignore[no-any-return]

    patch.setattr(purge, "cutoff", now)
    young_enough(patch)


def takes_its_word(found: Any) -> TakeOut:
    """Whatever Webex lists is taken for what was asked for."""

    def messages(gateway: Any, room: Any, *, before: Any, after: Any) -> Any:
        return effect.follow(
            lambda address: gateway.messages(room, before=before, max=100, address=address)
        )

    return swap(found, "messages_of", messages)


def each_step_is_new(patch: Patch) -> None:
    """What was stopped is begun anew instead of gone on with, and closed as it is."""
    patch.setattr(purging, "_finish", lambda night, proof, is_all: proof)


def never_in_flight(patch: Patch) -> None:
    note = effect._note

    def mild(house: Any, intent: Any, tally: Any) -> None:
        note(house, intent, replace(tally, in_flight=""))

    patch.setattr(effect, "_note", mild)
    see = effect._see_purged
    patch.setitem(
        effect_of._declared, effect.KIND,
        replace(
            effect_of.effect_of(effect.KIND),
            read_back=lambda house, intent, said: see(house, intent, {**said, "in_flight": ""}),
        ),
    )  # fmt: skip


MUTANTS = (
    # -- looked at again ------------------------------------------------------------------------
    without("a hold is looked for before each message", looks_first,
            AMID.test_what_protects_stops_it_between_two_messages, what="hold"),
    without("a keep is looked for before each message", looks_first,
            AMID.test_what_protects_stops_it_between_two_messages, what="keep"),
    without("a pause is looked for before each message", swap(lastlook, "refuse_if_paused"),
            AMID.test_what_protects_stops_it_between_two_messages, what="pause"),
    without("the age is computed anew before each message", as_old_as_it_looked,
            AMID.test_what_protects_stops_it_between_two_messages, what="floor"),
    without("a hold is looked for before each batch", looks_once,
            AMID.test_what_protects_stops_it_between_two_batches, what="hold"),
    without("a keep is looked for before each batch", looks_once,
            AMID.test_what_protects_stops_it_between_two_batches, what="keep"),
    without("each batch rests on a look of its own",
            looks_at_it_once,
            AMID.test_a_batch_that_takes_its_time_leaves_the_next_one_a_look_of_its_own),
    # -- only what is old -----------------------------------------------------------------------
    without("only what is older than the period", everything_is_old,
            T.test_that_people_write_in_it_does_not_stop_it),
    without("an answer is as old as itself", everything_is_old,
            AMID.test_an_answer_in_a_thread_stays_when_what_it_answers_goes),
    without("a message's own moment counts, and not Webex' list", takes_its_word(BREAK),
            BREAK.test_a_message_that_webex_lists_though_it_is_younger_is_not_taken),
    without("nothing goes before all notices",
            all_of(swap(cadence, "short_of_notice", silent),
                   swap(cadence, "notices_are_over", lambda version, case, now: True),
                   swap(cadence, "promise", lambda version, case, number, now: now),
                   swap(cadence, "first_due", lambda version, decided, now: now)),
            T.test_old_messages_go_after_all_notices_and_then_every_night),
    # -- caps -----------------------------------------------------------------------------------
    without("a policy without a cap purges nothing",
            all_of(swap(planning, "_may_act", lambda one: True), swap(kernel, "check_caps")),
            T.test_without_a_cap_nothing_goes_nor_is_anybody_warned),
    without("a cap of no messages allows none",
            all_of(swap(Purges, "messages_today", lambda self: -10**6),
                   swap(purging, "_check_messages")),
            T.test_without_a_cap_of_messages_nothing_goes),
    without("the cap of messages is counted with the intent", swap(purging, "_check_messages"),
            AMID.test_the_cap_of_messages_holds_over_processes),
    without("the cap of spaces", swap(kernel, "check_caps"),
            T.test_the_cap_of_a_policy_counts_spaces),
    without("a cap that was taken away stops what was begun",
            swap(lastlook, "refuse_without_caps"),
            BREAK.test_a_purge_that_was_stopped_does_not_go_on_when_its_caps_were_taken_away),
    # -- who deletes, and what came of it -------------------------------------------------------
    without("a dead token ends the night", swap(nightly, "_ENDS_THE_NIGHT", ()),
            AMID.test_a_token_that_dies_amid_ends_the_night_and_it_goes_on_by_the_same_step),
    without("what was stopped is gone on with by its own step", each_step_is_new,
            AMID.test_a_token_that_dies_amid_ends_the_night_and_it_goes_on_by_the_same_step),
    without("the one in flight is written down", never_in_flight,
            AMID.test_a_message_of_which_the_answer_never_came_is_counted_once),
    without("what went is certified though a process died",
            swap(purge, "purges_of", lambda tx, case: []),
            AMID.test_what_went_before_a_process_died_is_certified_by_the_next_night),
    without("what went is certified though it does not go on", swap(nightly, "certify_left"),
            AMID.test_what_went_of_a_space_that_is_then_kept_is_certified_too),
    without("what is not known is certified as that",
            swap(purge_proofs, "_SAID", (Outcome.DONE,)),
            AMID.test_what_webex_would_not_delete_is_certified_as_not_known_and_alerts),
)  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_a_rail_that_is_taken_out_is_missed(
    mutant: Mutant, world: World, sandbox: Handle, monkeypatch: Patch
) -> None:
    is_missed(mutant, monkeypatch, world=world, sandbox=sandbox, monkeypatch=monkeypatch)
