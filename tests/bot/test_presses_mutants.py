"""Each rail around a press is missed when it is taken out: a card then does what it may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.dispatch import Dispatch
from storage.presses import Presses
from tests.bot import test_presses as presses
from tests.chats import Chat
from tests.mutants import Mutant, Patch, TakeOut, all_of, is_missed, swap, without


def recorded(**otherwise: Any) -> TakeOut:
    """The record of each button says something else than was written down."""
    find = Presses.find

    def wrong(self: Presses, token: str) -> Any:
        found = find(self, token)
        return None if found is None else replace(found, **otherwise)

    return swap(Presses, "find", wrong)


def yes(*given: object) -> bool:
    return True


MUTANTS = (
    without("a press is for its person", recorded(only_for=None),
            presses.test_a_button_for_one_person_is_for_nobody_else),
    without("a press expires", recorded(expires_at=datetime(9999, 1, 1, tzinfo=UTC)),
            presses.test_an_expired_button_does_nothing),
    without("a press is about its case and cycle", swap(Presses, "is_current", yes),
            presses.test_when_the_case_moved_on_the_old_card_does_nothing, moved="cycle"),
    without("a case that moved on silences its cards", swap(Presses, "void_case"),
            presses.test_when_the_case_moved_on_the_old_card_does_nothing, moved="voided"),
    without("only the person's own fields are read", recorded(inputs=frozenset({"title"})),
            presses.test_what_stands_in_our_record_is_not_for_the_card_to_change),
    without("a press counts on its own card", swap(Presses, "place_of", lambda *given: None),
            presses.test_the_nonce_of_another_card_does_nothing_on_this_one),
    without("a press counts once", all_of(recorded(used_at=None), swap(Presses, "use", yes)),
            presses.test_it_acts_once),
    without("a press passes the permission of its words", swap(Dispatch, "_permit"),
            presses.test_who_may_not_say_it_may_not_press_it_either),
)  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_a_rail_that_is_taken_out_is_missed(mutant: Mutant, chat: Chat, monkeypatch: Patch) -> None:
    is_missed(mutant, monkeypatch, chat=chat)
