"""People in and out of spaces: by whom, one or many, and what Webex does besides."""

from __future__ import annotations

from typing import Any

from domain.ids import RoomId
from domain.people import SYSTEM
from spaces.changing import Came
from spaces.members import add_people, remove_people
from spaces.naming import who_is
from tests.chats import BOT, Chat
from tests.commands.companies import learn, make_space, members_of

ANA, BEN, CLEO, DORA = (f"{name}@example.com" for name in ("ana", "ben", "cleo", "dora"))
EVE = "eve@partner.example"


def known(chat: Chat, title: str = "Q3 plans", **how: Any) -> dict[str, Any]:
    room = make_space(chat, title, **how)
    learn(chat, room)
    return room


# -- adding -------------------------------------------------------------------------------------


def test_one_person_is_added_and_every_field_of_the_membership_is_shown(chat: Chat) -> None:
    room = known(chat)
    told = chat.as_("ana").asks(f'add member {BEN} to "Q3 plans"')
    assert set(members_of(chat, room)) == {ANA, BEN}
    [his] = [
        m
        for m in chat.rest(ANA, "GET", f"memberships?roomId={room['id']}")["items"]
        if m["personEmail"] == BEN
    ]
    for value in (
        his["id"], his["roomId"], his["personId"], BEN, "Ben Okafor", his["personOrgId"],
        "Moderator: no", "Monitor: no", "Since: ", "Space: Q3 plans",
    ):  # fmt: skip
        assert value in told.text


def test_undo_takes_the_person_out_again(chat: Chat) -> None:
    room = known(chat)
    ana = chat.as_("ana")
    removed = ana.presses(ana.asks(f'add {BEN} to "Q3 plans"'), "Undo")
    assert "Removed." in removed.text
    assert set(members_of(chat, room)) == {ANA}
    assert "Added." in ana.presses(removed, "Undo").text
    assert set(members_of(chat, room)) == {ANA, BEN}


def test_the_form_adds_several_and_tells_of_each(chat: Chat) -> None:
    room = known(chat, members=("ben",))
    ana = chat.as_("ana")
    form = ana.asks("add member")
    told = ana.presses(
        form, "Send", space="Q3 plans",
        people=f"Ben Okafor <{BEN}>; Cleo Laurent <{CLEO}>; <nobody@example.com>, <{EVE}>",
    )  # fmt: skip
    assert "Added 2 of 4" in told.text
    assert "Ben Okafor is in it already" in told.text
    assert "nobody with the address nobody@example.com" in told.text
    assert "people of other organisations in it now" in told.text
    assert set(members_of(chat, room)) == {ANA, BEN, CLEO, EVE}


def test_the_first_moderator_locks_the_space_and_nobody_locks_themselves_out(chat: Chat) -> None:
    room, ana = known(chat), chat.as_("ana")
    asked = ana.asks(f'add member {BEN} to "Q3 plans" as moderator')
    assert "I did nothing yet" in asked.text
    assert "Nobody moderates it yet. With a first moderator Webex locks it" in asked.text
    assert "You become one, as who appoints the first one does." in asked.text
    assert members_of(chat, room) == {ANA: False}
    added = ana.presses(asked, "Add anyway")
    told = added.text
    assert "Moderator: yes" in told
    assert "Webex locked the space" in told
    assert "You are a moderator of it, too" in told
    assert members_of(chat, room) == {ANA: True, BEN: True}
    assert "Tagged" in ana.says('tag "Q3 plans" mine')
    gone = ana.presses(added, "Undo")
    assert "Removed." in gone.text
    assert "Webex unlocked the space" in gone.text
    assert members_of(chat, room) == {ANA: False}


def test_a_bot_in_the_space_that_appoints_becomes_a_moderator_and_says_so(chat: Chat) -> None:
    room = known(chat, with_bot=True)
    ana, said = chat.as_("ana"), f'add member {BEN} to "Q3 plans" as a moderator'
    assert "You become one, and so do I" in ana.says(said)
    told = ana.says(f"{said} anyway")
    assert "So am I" in told
    assert members_of(chat, room)[BOT]


def test_compliance_appoints_without_becoming_anything(chat: Chat) -> None:
    room = known(chat)
    told = chat.as_("cleo").says(f'add member {BEN} to "Q3 plans" as moderator anyway')
    assert "Moderator: yes" in told
    assert members_of(chat, room) == {ANA: False, BEN: True}


def test_a_member_is_made_a_moderator_where_they_are_in_it(chat: Chat) -> None:
    room = known(chat, members=("ben",), moderators=("ana",))
    assert "Moderator: yes" in chat.as_("ana").says(f'add {BEN} to "Q3 plans" as moderator')
    assert members_of(chat, room)[BEN]
    assert "is a moderator of it already" in chat.as_("ana").says(
        f'add {BEN} to "Q3 plans" as moderator'
    )


def test_undoing_that_a_member_moderates_leaves_them_a_member(chat: Chat) -> None:
    room = known(chat, members=("ben",), moderators=("ana",))
    ana = chat.as_("ana")
    told = ana.asks(f'add {BEN} to "Q3 plans" as moderator')
    assert "Ben Okafor moderates it now." in told.text
    assert "Added" not in told.text
    ana.presses(told, "Undo")
    assert members_of(chat, room) == {ANA: True, BEN: False}
    both = ana.asks(f'add {BEN}, {DORA} to "Q3 plans" as moderators')
    assert "Added 1 of 2. One of them moderates it now." in both.text
    ana.presses(both, "Undo")
    assert members_of(chat, room) == {ANA: True, BEN: False}


def test_who_is_in_it_already_is_told_with_the_membership(chat: Chat) -> None:
    known(chat, members=("ben",))
    told = chat.as_("ana").asks(f'add {BEN} to "Q3 plans"')
    assert "Ben Okafor is in it already." in told.text
    assert "Membership id: " in told.text
    assert told.buttons == []


def test_a_slip_in_our_own_domain_is_not_invited(chat: Chat) -> None:
    room = known(chat)
    told = chat.as_("ana").says('add bne@example.com to "Q3 plans"')
    assert "I find nobody with the address bne@example.com" in told
    assert "no e-mail address" in chat.as_("ana").says('add ben to "Q3 plans"')
    assert set(members_of(chat, room)) == {ANA}


def test_an_address_of_another_company_that_nobody_knows_is_invited(chat: Chat) -> None:
    room = known(chat)
    told = chat.as_("ana").says('add new.one@partner.example to "Q3 plans"')
    assert "Added." in told
    assert "people of other organisations in it now" in told
    assert "new.one@partner.example" in members_of(chat, room)


def test_a_mention_names_a_person(chat: Chat) -> None:
    room = known(chat, with_bot=True)
    ana = chat.in_space(room, "ana")
    assert "Added." in ana.says(f"add <@personEmail:{BEN}|Ben>")
    assert BEN in members_of(chat, room)


def test_who_does_not_moderate_it_adds_nobody_and_learns_whom_to_ask(chat: Chat) -> None:
    room = known(chat, members=("ben",), moderators=("ana",))
    for said in (f'add {DORA} to "Q3 plans"', f'remove {ANA} from "Q3 plans"'):
        told = chat.as_("ben").says(said)
        assert "only its moderators may do that." in told
        assert "Ask one of them, or compliance." in told
    assert set(members_of(chat, room)) == {ANA, BEN}


def test_outsiders_move_nobody(chat: Chat) -> None:
    room = known(chat, members=(EVE,), moderators=(EVE,))
    for said in (f'add {DORA} to "Q3 plans"', f'remove {ANA} from "Q3 plans"'):
        assert "only talk" in chat.as_(EVE).says(said)
    assert set(members_of(chat, room)) == {ANA, EVE}


def test_a_conversation_of_two_gets_no_third(chat: Chat) -> None:
    sent = chat.rest(ANA, "POST", "messages", toPersonEmail=BEN, text="psst")
    learn(chat)
    assert "gets no third" in chat.as_("cleo").says(f"add {DORA} to {sent['roomId']}")


def test_a_request_that_is_handled_again_adds_nobody_twice(chat: Chat) -> None:
    room = known(chat)
    doubled = chat.control.fault("frame-double", path="post", count=1)
    assert "Added." in chat.as_("ana").says(f'add {BEN} to "Q3 plans"')
    assert chat.control.fired(doubled) == 1
    added = [
        e for e in chat.control.effects("membership.created") if e["object"]["personEmail"] == BEN
    ]
    assert [e["object"]["roomId"] for e in added if e["object"]["roomId"] == room["id"]] == [
        room["id"]
    ]


def test_a_request_that_died_on_the_way_goes_on_and_tells_what_it_did_itself(chat: Chat) -> None:
    """The same step again, as after a crash: nothing is done twice, nor called “already”."""
    room, house = known(chat, members=("cleo",)), chat.process.house
    with house.store.read() as tx:
        space = tx.spaces.by_id(RoomId(room["id"]))
    assert space is not None
    people = [who_is(house, email, home="example.com") for email in (BEN, CLEO, DORA)]
    for among in (people[:1], people, people):
        each = add_people(
            house, SYSTEM, space, among, step="message/x", moderator=True, anyway=True
        ).each
        came = {one.named.email: one.came for one in each}
        assert came.pop(CLEO, Came.APPOINTED) is Came.APPOINTED, "she was in it before"
        assert set(came.values()) == {Came.ADDED}
        assert all(one.membership and one.membership.is_moderator for one in each)
    born = [e["object"]["personEmail"] for e in chat.control.effects("membership.created")]
    assert (born.count(BEN), born.count(DORA)) == (1, 1)
    for _ in range(2):
        each = remove_people(house, SYSTEM, space, people[:1], step="message/y").each
        assert [one.came for one in each] == [Came.REMOVED]
    gone = [e["object"]["personEmail"] for e in chat.control.effects("membership.deleted")]
    assert gone == [BEN]


def test_webex_that_answers_with_a_fault_after_it_was_done_is_looked_at(chat: Chat) -> None:
    room = known(chat)
    lost = chat.control.fault("5xx-after", method="POST", path="/memberships", count=1)
    assert "Added." in chat.as_("ana").says(f'add {BEN} to "Q3 plans"')
    assert chat.control.fired(lost) == 1
    assert set(members_of(chat, room)) == {ANA, BEN}


def test_a_blocked_space_gets_no_moderator_who_could_write_in_it(chat: Chat) -> None:
    room, house = known(chat), chat.process.house
    with house.store.begin() as tx:
        key = tx.spaces.key_of(RoomId(room["id"]))
        assert key is not None
        tx.blocks.add(key, {"is_locked": False, "moderators": []}, case=None)
        tx.commit()
    told = chat.as_("cleo").says(f'add {BEN} to "Q3 plans" as moderator')
    assert "The space is blocked" in told
    assert set(members_of(chat, room)) == {ANA}


def test_what_webex_refuses_is_told_in_its_words(chat: Chat) -> None:
    room = known(chat)
    chat.control.fault("status", method="POST", path="/memberships", status=403, count=1)
    told = chat.as_("ana").says(f'add {BEN} to "Q3 plans"')
    assert "Webex would not add Ben Okafor" in told
    assert set(members_of(chat, room)) == {ANA}


# -- removing -----------------------------------------------------------------------------------


def test_moderators_remove_in_theirs_and_compliance_anywhere(chat: Chat) -> None:
    room = known(chat, members=("ben", "dora"), moderators=("ana",))
    assert "Removed." in chat.as_("ana").says(f'remove member {BEN} from "Q3 plans"')
    assert "Removed." in chat.as_("cleo").says(f'remove member {DORA} from "Q3 plans"')
    assert set(members_of(chat, room)) == {ANA}


def test_the_last_moderator_is_not_removed_before_somebody_says_so(chat: Chat) -> None:
    room = known(chat, members=("ben",), moderators=("ana",))
    cleo = chat.as_("cleo")
    asked = cleo.asks(f'remove {ANA} from "Q3 plans"')
    assert "I did nothing yet" in asked.text
    assert "Ana Horvat is the last moderator. Webex then unlocks it" in asked.text
    assert set(members_of(chat, room)) == {ANA, BEN}
    done = cleo.presses(asked, "Remove anyway")
    assert "Removed." in done.text
    assert "Webex unlocked the space" in done.text
    assert members_of(chat, room) == {BEN: False}
    cleo.presses(done, "Undo")
    assert members_of(chat, room) == {ANA: True, BEN: False}


def test_the_last_one_in_it_is_not_removed_at_all(chat: Chat) -> None:
    room = known(chat, members=("ben",))
    told = chat.as_("cleo").says(f'remove {ANA} {BEN} from "Q3 plans" anyway')
    assert "Webex deletes a space that nobody is in" in told
    assert set(members_of(chat, room)) == {ANA, BEN}


def test_several_are_removed_and_each_is_told(chat: Chat) -> None:
    room = known(chat, members=("ben", "dora"))
    told = chat.as_("ana").says(f'remove {BEN}, {CLEO} and {DORA} from "Q3 plans"')
    assert "Removed 2 of 3" in told
    assert "Cleo Laurent is not in it" in told
    assert set(members_of(chat, room)) == {ANA}


def test_undo_brings_each_back_as_what_they_were(chat: Chat) -> None:
    room = known(chat, members=("ben", "dora"), moderators=("ana", "ben"))
    was = members_of(chat, room)
    ana = chat.as_("ana")
    removed = ana.asks(f'remove {BEN}, {DORA} from "Q3 plans"')
    assert members_of(chat, room) == {ANA: True}
    assert "Added 2 of 2" in ana.presses(removed, "Undo").text
    assert members_of(chat, room) == was


def test_a_word_that_is_no_address_stops_the_whole(chat: Chat) -> None:
    """It may be the command that was meant otherwise: then nobody is removed."""
    room = known(chat, members=("ben",), moderators=("ana", "ben"))
    told = chat.as_("ana").says(f'remove {BEN} as moderator from "Q3 plans"')
    assert "“as” is no e-mail address" in told
    assert members_of(chat, room) == {ANA: True, BEN: True}


def test_anybody_may_leave(chat: Chat) -> None:
    room = known(chat, members=("ben",), moderators=("ana",))
    assert "Removed." in chat.as_("ben").says('remove me from "Q3 plans"')
    assert set(members_of(chat, room)) == {ANA}
    assert "I know no space" in chat.as_("ben").says('add me to "Q3 plans"')


def test_the_bot_does_not_take_itself_out(chat: Chat) -> None:
    room = known(chat, with_bot=True)
    assert "I don't take myself out" in chat.as_("ana").says(f'remove {BOT} from "Q3 plans"')
    assert BOT in members_of(chat, room)


def test_the_record_tells_who_moved_whom(chat: Chat) -> None:
    known(chat)
    chat.as_("ana").says(f'add {BEN} to "Q3 plans"')
    chat.as_("cleo").says(f'remove {BEN} from "Q3 plans"')
    with chat.process.house.store.read() as tx:
        assert tx.audit.verify()
        told = [
            (str(r.word), r.actor) for r in tx.audit.since() if str(r.word).startswith("member")
        ]
        assert tx.intents.open() == ()
    assert told == [("member:add", ANA), ("member:remove", CLEO)]
