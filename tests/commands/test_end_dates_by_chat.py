"""End dates: set, shown, searched for, reminded of on their day; and that they delete nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from jobs.end_dates import end_dates
from jobs.spec import Firing, Summary
from tests.chats import BOT, Chat
from tests.commands.companies import learn, make_space

ANA, BEN = "ana@example.com", "ben@example.com"


@pytest.fixture
def plans(chat: Chat) -> dict[str, Any]:
    room = make_space(chat, "Q3 plans", members=("ben",), moderators=("ana",))
    learn(chat, room)
    return room


def day(chat: Chat, ahead: int) -> str:
    return (chat.clock.now() + timedelta(days=ahead)).date().isoformat()


def fire(chat: Chat, run: str = "end dates/1", *, is_dry: bool = False) -> Summary:
    house = chat.process.house
    return end_dates(Firing(house=house, run=run, due_at=house.clock.now(), is_dry=is_dry))


def test_it_is_set_shown_changed_and_taken_off(chat: Chat, plans: dict[str, Any]) -> None:
    ana = chat.as_("ana")
    told = ana.asks(f'end date "Q3 plans" {day(chat, 90)}')
    assert "The end date is set." in told.text
    assert "Nothing is deleted by that alone" in told.text
    assert "End date: " in ana.says('space "Q3 plans"')
    gone = ana.presses(told, "Clear end date")
    assert "no end date any more" in gone.text
    assert "End date: " not in ana.says('space "Q3 plans"')
    assert "The end date is set." in ana.presses(gone, "Undo").text
    form = ana.asks("end date")
    told = ana.presses(form, "Send", space="Q3 plans", until="30d")
    assert "The end date is set." in told.text
    assert "no end date any more" in ana.says('end date clear "Q3 plans"')
    assert "It has no end date." in ana.says('end date clear "Q3 plans"')


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("2001-01-01", "is past"),
        ("01/02/2027", "can be read in two ways"),
        ("0d", "zero"),
    ],
)
def test_what_can_be_no_end_date_is_refused(
    chat: Chat, plans: dict[str, Any], said: str, answer: str
) -> None:
    assert answer in chat.as_("ana").says(f'end date "Q3 plans" {said}')


@pytest.mark.parametrize("said", ["31.12.2027", "31/12/2027", "12/31/2027", "31-12-2027"])
def test_a_date_of_one_reading_is_read(chat: Chat, plans: dict[str, Any], said: str) -> None:
    assert "Fri 31 Dec 2027" in chat.as_("ana").says(f'end date "Q3 plans" {said}')


@pytest.mark.parametrize("said", ["11.12.2027", "31.13.2027", "99.99.2027", "0.31.2027"])
def test_a_date_of_two_readings_or_none_is_not_guessed(
    chat: Chat, plans: dict[str, Any], said: str
) -> None:
    assert "That did not work" in chat.as_("ana").says(f'end date "Q3 plans" {said}')


def test_only_who_manages_it_sets_one(chat: Chat, plans: dict[str, Any]) -> None:
    assert "only its moderators" in chat.as_("ben").says('end date "Q3 plans" 30d')
    assert "The end date is set." in chat.as_("cleo").says('end date "Q3 plans" 30d')


def test_on_its_day_the_owners_are_asked_once_and_nothing_is_deleted(
    chat: Chat, plans: dict[str, Any]
) -> None:
    ana = chat.as_("ana")
    ana.says('end date "Q3 plans" 30d')
    assert fire(chat) == {"reminded": 0, "left": 0}
    chat.clock.advance(days=32)
    assert fire(chat, is_dry=True) == {"due": 1}
    assert fire(chat, "end dates/2") == {"reminded": 1, "left": 0}
    assert fire(chat, "end dates/3") == {"reminded": 0, "left": 0}
    card = ana.waits_for("has reached its end date")
    assert "Nothing is deleted by this alone." in card.text
    reminders = [m for m in ana.messages() if "has reached its end date" in m.text]
    assert len(reminders) == 1
    assert [m for m in chat.as_("ben").messages() if m["personEmail"] == BOT] == []
    for kind in ("room.deleted", "message.deleted", "membership.deleted"):
        assert chat.control.effects(kind) == []
    form = ana.presses(card, "Another end date …")
    assert "The end date is set." in ana.presses(form, "Send", until=day(chat, 20)).text
    chat.clock.advance(days=22)
    assert fire(chat, "end dates/4") == {"reminded": 1, "left": 0}, "a new date, a new question"


def test_in_a_pause_or_while_webex_is_away_it_is_asked_later(
    chat: Chat, plans: dict[str, Any]
) -> None:
    chat.as_("ana").says('end date "Q3 plans" 30d')
    chat.clock.advance(days=32)
    chat.as_("cleo").says("pause")
    assert fire(chat) == {"reminded": 0, "left": 1}
    chat.as_("cleo").says("resume")
    assert fire(chat, "end dates/2") == {"reminded": 1, "left": 0}


def test_a_space_that_has_ended_is_found_and_others_are_not(
    chat: Chat, plans: dict[str, Any]
) -> None:
    learn(chat, make_space(chat, "Lunch"))
    ana = chat.as_("ana")
    ana.says('end date "Q3 plans" 30d')
    assert "No spaces found" in ana.says("search ended:<365d")
    chat.clock.advance(days=33)
    found = ana.says("search ended:>1d")
    assert "Q3 plans" in found
    assert "Lunch" not in found
    assert "No spaces found" in ana.says("search ended:>10d")
    others = ana.says("search -ended:>1d type:group")
    assert "Lunch" in others
    assert "Q3 plans" not in others


def test_it_is_set_when_a_space_is_created(chat: Chat) -> None:
    ana = chat.as_("ana")
    told = ana.presses(ana.asks("create space"), "Send", title="Q3 plans", end=day(chat, 60))
    assert "End date: " in told.text
    with chat.process.house.store.read() as tx:
        [space] = tx.spaces.by_title("Q3 plans", visible_to=None)
        at = tx.ends.of(space.key)
    assert isinstance(at, datetime)
    assert at.date() >= (chat.clock.now() + timedelta(days=59)).date()
    typed = ana.says(f'create space "Q4 plans" with {BEN} ends 90d')
    assert "End date: " in typed


def test_the_record_tells_who_set_it(chat: Chat, plans: dict[str, Any]) -> None:
    chat.as_("ana").says('end date "Q3 plans" 30d')
    chat.as_("cleo").says('end date clear "Q3 plans"')
    with chat.process.house.store.read() as tx:
        assert tx.audit.verify()
        told = [(str(r.word), r.actor) for r in tx.audit.since() if "end-date" in str(r.word)]
    assert told == [("space:end-date:set", ANA), ("space:end-date:clear", "cleo@example.com")]
