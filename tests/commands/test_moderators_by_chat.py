"""Moderators made and unmade: by whom, what is asked before, what is told after, the way back."""

from __future__ import annotations

from typing import Any

import pytest

from cards.words import harmless
from domain.ids import RoomId
from domain.people import SYSTEM
from spaces.changing import Came
from spaces.moderating import make_moderators, unmake_moderators
from spaces.naming import who_is
from tests.chats import BOT, Chat
from tests.commands.companies import learn, make_space, members_of
from tests.commands.test_search_by_chat import HOSTILE

ANA, BEN, CLEO, DORA = (f"{name}@example.com" for name in ("ana", "ben", "cleo", "dora"))
EVE = "eve@partner.example"


def known(chat: Chat, title: str = "Q3 plans", **how: Any) -> dict[str, Any]:
    room = make_space(chat, title, **how)
    learn(chat, room)
    return room


# -- making -------------------------------------------------------------------------------------


def test_a_moderator_makes_one_and_every_field_of_the_membership_is_shown(chat: Chat) -> None:
    room = known(chat, members=("ben",), moderators=("ana",))
    told = chat.as_("ana").says(f'make moderator {BEN} in "Q3 plans"')
    assert told.startswith("Ben Okafor moderates it now.")
    for said in ("Moderator: yes", "Membership id: ", BEN, f"Space id: {room['id']}"):
        assert said in told
    assert members_of(chat, room) == {ANA: True, BEN: True}


@pytest.mark.parametrize(
    "said",
    [
        f'make {BEN} a moderator of "Q3 plans"', f'make {BEN} moderator of "Q3 plans"',
        f'make moderators {BEN} of "Q3 plans"', f'moderator add {BEN} in "Q3 plans"',
        f'add moderator {BEN} in "Q3 plans"', f'promote {BEN} in "Q3 plans"',
    ],
)  # fmt: skip
def test_it_can_be_said_in_many_ways(chat: Chat, said: str) -> None:
    room = known(chat, members=("ben",), moderators=("ana",))
    assert "moderates it now" in chat.as_("ana").says(said)
    assert members_of(chat, room)[BEN]


def test_the_first_one_locks_the_space_which_is_said_before_and_after(chat: Chat) -> None:
    room, ana = known(chat, members=("ben", "dora")), chat.as_("ana")
    asked = ana.asks(f'make moderator {BEN} in "Q3 plans"')
    assert "I did nothing yet" in asked.text
    assert (
        "With a first moderator Webex locks it: then only moderators add and remove" in asked.text
    )
    assert "You become one, as who appoints the first one does." in asked.text
    assert members_of(chat, room) == {ANA: False, BEN: False, DORA: False}
    made = ana.presses(asked, "Make moderator")
    assert "Webex locked the space" in made.text
    assert "You are a moderator of it, too." in made.text
    assert members_of(chat, room) == {ANA: True, BEN: True, DORA: False}
    undone = ana.presses(made, "Undo")
    assert "Webex unlocked the space" in undone.text
    assert members_of(chat, room) == {ANA: False, BEN: False, DORA: False}
    assert not chat.control.room(room["id"])["room"]["isLocked"]


def test_with_the_bot_in_the_space_the_way_back_takes_the_bot_along(chat: Chat) -> None:
    room, ana = known(chat, members=("ben",), with_bot=True), chat.as_("ana")
    before = members_of(chat, room)
    asked = ana.asks(f'make {BEN} a moderator of "Q3 plans"')
    assert "You become one, and so do I" in asked.text
    made = ana.presses(asked, "Make moderator")
    assert "So am I" in made.text
    assert all(members_of(chat, room).values())
    ana.presses(made, "Undo")
    assert members_of(chat, room) == before
    assert not chat.control.room(room["id"])["room"]["isLocked"]


def test_compliance_makes_one_without_being_in_it_and_becomes_none(chat: Chat) -> None:
    room, cleo = known(chat, members=("ben",)), chat.as_("cleo")
    asked = cleo.asks(f'make moderator {BEN} in "Q3 plans"')
    assert "Webex locks it" in asked.text
    assert "You become" not in asked.text
    assert "moderates it now" in cleo.presses(asked, "Make moderator").text
    assert members_of(chat, room) == {ANA: False, BEN: True}


def test_several_are_made_and_each_is_told(chat: Chat) -> None:
    room = known(chat, members=("ben", "dora"), moderators=("ana",))
    told = chat.as_("ana").says(f'make {BEN}, {ANA}, {DORA} and {CLEO} moderators of "Q3 plans"')
    assert "Made 2 of 4 moderators." in told
    assert "Ana Horvat moderates it already." in told
    assert "Cleo Laurent is not in it. `add member … as moderator` adds them as one." in told
    assert members_of(chat, room) == {ANA: True, BEN: True, DORA: True}


def test_an_outsider_is_made_one_only_when_somebody_says_so(chat: Chat) -> None:
    room, ana = known(chat, members=(EVE,), moderators=("ana",)), chat.as_("ana")
    asked = ana.asks(f'make moderator {EVE} in "Q3 plans"')
    assert "Eve Moreau, of another organisation, could then add and remove people" in asked.text
    assert not members_of(chat, room)[EVE]
    ana.presses(asked, "Make moderator")
    assert members_of(chat, room)[EVE]


def test_who_is_none_is_told_so_and_nothing_happens(chat: Chat) -> None:
    room = known(chat, moderators=("ana",))
    ana = chat.as_("ana")
    assert "Cleo Laurent is not in it" in ana.says(f'make moderator {CLEO} in "Q3 plans"')
    assert "I find nobody" in ana.says('make moderator nobody@example.com in "Q3 plans"')
    assert "no e-mail address" in ana.says('make moderator ben in "Q3 plans"')
    assert members_of(chat, room) == {ANA: True}


# -- unmaking -----------------------------------------------------------------------------------


def test_one_is_unmade_and_stays_in_the_space(chat: Chat) -> None:
    room, ana = known(chat, members=("ben",), moderators=("ana", "ben")), chat.as_("ana")
    told = ana.asks(f'unmake moderator {BEN} in "Q3 plans"')
    assert told.text.startswith("Ben Okafor is no moderator of it any more.")
    assert members_of(chat, room) == {ANA: True, BEN: False}
    assert "moderates it now" in ana.presses(told, "Undo").text
    assert members_of(chat, room) == {ANA: True, BEN: True}


@pytest.mark.parametrize(
    "said",
    [
        f'unmake {BEN} a moderator of "Q3 plans"', f'remove moderator {BEN} from "Q3 plans"',
        f'demote {BEN} in "Q3 plans"', f'moderator remove {BEN} in "Q3 plans"',
        f'unmake {BEN} as moderator of "Q3 plans"',
    ],
)  # fmt: skip
def test_unmaking_can_be_said_in_many_ways(chat: Chat, said: str) -> None:
    room = known(chat, members=("ben",), moderators=("ana", "ben"))
    assert "no moderator of it any more" in chat.as_("ana").says(said)
    assert members_of(chat, room) == {ANA: True, BEN: False}


def test_the_last_one_unlocks_the_space_which_is_said_before_and_after(chat: Chat) -> None:
    room, ana = known(chat, members=("ben",), moderators=("ana",)), chat.as_("ana")
    asked = ana.asks('unmake moderator me in "Q3 plans"')
    assert "I did nothing yet" in asked.text
    assert "Ana Horvat is the last moderator. Webex then unlocks it" in asked.text
    assert members_of(chat, room) == {ANA: True, BEN: False}
    done = ana.presses(asked, "Unmake anyway")
    assert "Webex unlocked the space" in done.text
    assert members_of(chat, room) == {ANA: False, BEN: False}
    ana.presses(done, "Undo")
    assert members_of(chat, room) == {ANA: True, BEN: False}
    assert chat.control.room(room["id"])["room"]["isLocked"]


def test_compliance_unmakes_without_being_in_it(chat: Chat) -> None:
    room = known(chat, members=("ben",), moderators=("ana", "ben"))
    told = chat.as_("cleo").says(f'unmake moderators {BEN}, {DORA} in "Q3 plans"')
    assert "Unmade 1 of 2 moderators." in told
    assert "Dora Lindqvist is not in it." in told
    assert members_of(chat, room) == {ANA: True, BEN: False}


def test_who_moderates_it_not_is_told_so(chat: Chat) -> None:
    known(chat, members=("ben",), moderators=("ana",))
    told = chat.as_("ana").says(f'unmake moderator {BEN} in "Q3 plans"')
    assert told.startswith("Ben Okafor does not moderate it.")


# -- who may ------------------------------------------------------------------------------------

BOTH = (f'make moderator {DORA} in "Q3 plans"', f'unmake moderator {ANA} in "Q3 plans"')


def test_a_member_may_not_and_learns_whom_to_ask(chat: Chat) -> None:
    room = known(chat, members=("ben", "dora"), moderators=("ana",))
    for said in BOTH:
        told = chat.as_("ben").says(said)
        assert "only its moderators may do that." in told
        assert "Ask one of them, or compliance." in told
    assert members_of(chat, room) == {ANA: True, BEN: False, DORA: False}


def test_who_is_not_in_it_learns_nothing_of_it(chat: Chat) -> None:
    room = known(chat, members=("dora",), moderators=("ana",))
    known_not = [chat.as_("ben").says(said) for said in BOTH]
    nowhere = [chat.as_("ben").says(said.replace("Q3", "Q9")) for said in BOTH]
    assert [told.replace("Q3", "Q9") for told in known_not] == nowhere
    assert members_of(chat, room) == {ANA: True, DORA: False}


def test_outsiders_make_nobody_anything(chat: Chat) -> None:
    room = known(chat, members=(EVE, "dora"), moderators=("ana", EVE))
    for said in BOTH:
        assert "only talk" in chat.as_(EVE).says(said)
    assert members_of(chat, room) == {ANA: True, EVE: True, DORA: False}


def test_a_button_of_somebody_elses_card_does_nothing_for_who_may_not(chat: Chat) -> None:
    """The question stands in a space, where everybody sees the button."""
    room = known(chat, members=("ben", "dora"), with_bot=True)
    asked = chat.in_space(room, "ana").asks(f"make moderator {DORA}")
    assert "I did nothing yet" in asked.text
    assert "only its creator may do that" in chat.as_("ben").presses(asked, "Make moderator").text
    assert not any(members_of(chat, room).values())


# -- where it can't be --------------------------------------------------------------------------


def test_a_conversation_of_two_has_no_moderators(chat: Chat) -> None:
    sent = chat.rest(ANA, "POST", "messages", toPersonEmail=BEN, text="psst")
    learn(chat)
    for said in ("make", "unmake"):
        told = chat.as_("cleo").says(f"{said} moderator {BEN} in {sent['roomId']}")
        assert "A conversation of two has no moderators" in told


def test_a_blocked_space_keeps_its_moderators_as_they_are(chat: Chat) -> None:
    room, house = known(chat, members=("ben",), moderators=("ana",)), chat.process.house
    with house.store.begin() as tx:
        key = tx.spaces.key_of(RoomId(room["id"]))
        assert key is not None
        tx.blocks.add(key, {"is_locked": True, "moderators": []}, case=None)
        tx.commit()
    for said in (f'make moderator {BEN} in "Q3 plans"', f'unmake moderator {ANA} in "Q3 plans"'):
        assert "The space is blocked" in chat.as_("cleo").says(said)
    assert members_of(chat, room) == {ANA: True, BEN: False}


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_title_is_shown_and_does_nothing(chat: Chat, title: str) -> None:
    room, ana = known(chat, title, members=("ben",)), chat.as_("ana")
    asked = ana.asks(f"make moderator {BEN} in {room['id']}")
    assert "I did nothing yet" in asked.text
    made = ana.presses(asked, "Make moderator")
    assert "Moderator: yes" in made.text
    for told in (asked, made):
        assert harmless(title)[:30] in told.text
        assert not told.get("mentionedPeople")


# -- again --------------------------------------------------------------------------------------


def test_a_request_that_died_on_the_way_does_nothing_twice(chat: Chat) -> None:
    room, house = known(chat, members=("ben", "dora")), chat.process.house
    with house.store.read() as tx:
        space = tx.spaces.by_id(RoomId(room["id"]))
    assert space is not None
    people = [who_is(house, email, home="example.com") for email in (BEN, DORA)]
    for among in (people[:1], people, people):
        made = make_moderators(house, SYSTEM, space, among, step="message/x", anyway=True)
        assert {one.came for one in made.each} == {Came.APPOINTED}
    for _ in range(2):
        made = unmake_moderators(house, SYSTEM, space, people, step="message/y", anyway=True)
        assert {one.came for one in made.each} == {Came.DISMISSED}
    told = [
        (e["object"]["personEmail"], e["object"]["isModerator"])
        for e in chat.control.effects("membership.updated")
    ]
    assert told == [(BEN, True), (DORA, True), (BEN, False), (DORA, False)]


def test_webex_that_answers_with_a_fault_after_it_was_done_is_looked_at(chat: Chat) -> None:
    room = known(chat, members=("ben",), moderators=("ana",))
    lost = chat.control.fault("5xx-after", method="PUT", path="/memberships/*", count=1)
    assert "moderates it now" in chat.as_("ana").says(f'make moderator {BEN} in "Q3 plans"')
    assert chat.control.fired(lost) == 1
    assert members_of(chat, room)[BEN]


def test_what_webex_refuses_is_told_in_its_words(chat: Chat) -> None:
    room = known(chat, members=("ben",), moderators=("ana",))
    chat.control.fault("status", method="PUT", path="/memberships/*", status=403, count=1)
    told = chat.as_("ana").says(f'make moderator {BEN} in "Q3 plans"')
    assert "Webex would not make Ben Okafor a moderator" in told
    assert not members_of(chat, room)[BEN]


def test_the_record_tells_who_made_whom(chat: Chat) -> None:
    known(chat, members=("ben",), moderators=("ana",))
    chat.as_("ana").says(f'make moderator {BEN} in "Q3 plans"')
    chat.as_("cleo").says(f'unmake moderator {BEN} in "Q3 plans"')
    with chat.process.house.store.read() as tx:
        assert tx.audit.verify()
        told = [(str(r.word), r.actor) for r in tx.audit.since() if r.word == "member:moderator"]
        assert tx.intents.open() == ()
    assert told == [("member:moderator", ANA), ("member:moderator", CLEO)]


def test_the_bot_can_be_made_one_by_its_address(chat: Chat) -> None:
    room = known(chat, with_bot=True, moderators=("ana",))
    assert "moderates it now" in chat.as_("ana").says(f'make moderator {BOT} in "Q3 plans"')
    assert members_of(chat, room)[BOT]
