"""The tests' language itself: presses, spaces, the clock, a second process."""

from __future__ import annotations

import pytest

from tests.chats import BOT, Chat


def test_a_form_is_filled_in_and_sent(chat: Chat) -> None:
    ana = chat.as_("ana")
    form = ana.asks("create space")
    assert form.buttons == ["Send"]
    answer = ana.presses(form, "Send", title="Q3 plans")
    assert "The space is there" in answer.text
    made = [e for e in chat.control.effects("room.created") if e["object"]["type"] == "group"]
    assert [e["object"]["title"] for e in made] == ["Q3 plans"]


def test_the_card_that_a_person_has_is_the_latest_as_it_stands_now(chat: Chat) -> None:
    ana = chat.as_("ana")
    ana.asks("create space")
    ana.presses(ana.card(), "Send", title="Q3 plans")
    assert "The space is there" in ana.card().text


def test_a_button_that_is_not_there_can_not_be_pressed(chat: Chat) -> None:
    ana = chat.as_("ana")
    with pytest.raises(LookupError, match="no button"):
        ana.presses(ana.asks("create space"), "Delete everything")
    with pytest.raises(LookupError, match="no field"):
        ana.presses(ana.card(), "Send", colour="red")


def test_in_a_space_the_bot_hears_who_mentions_it(chat: Chat) -> None:
    room = chat.control.space("Q3 plans", creator="ana@example.com", members=[BOT])
    assert "What I can do" in chat.in_space(room, "ana").says("help")


def test_time_passes_for_the_bot_too(chat: Chat) -> None:
    before = chat.process.house.clock.now()
    chat.clock.advance(days=31)
    assert (chat.process.house.clock.now() - before).days == 31


def test_a_bot_in_a_process_of_its_own_answers(stage: Chat) -> None:
    child = stage.child()
    assert "What I can do" in stage.as_("ana").says("help")
    assert child.stop() == 0
