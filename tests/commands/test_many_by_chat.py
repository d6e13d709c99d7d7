"""Very many people: lists however they come, shown first, done once each, told in a table."""

from __future__ import annotations

import io
import time
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from domain.ids import RoomId
from spaces.sync.groups import read_groups
from tests.chats import Answer, Chat, Person
from tests.commands.companies import learn, make_space, members_of
from tests.commands.crowds import code_of, confirms, file_of, files_to, many, send
from tests.commands.test_search_by_chat import HOSTILE

ANA, BEN, CLEO, DORA = (f"{name}@example.com" for name in ("ana", "ben", "cleo", "dora"))
EVE = "eve@partner.example"


@pytest.fixture
def bot_settings() -> dict[str, str]:
    return {"DIRECTORY": "webex"}


def known(chat: Chat, title: str = "Q3 plans", **how: Any) -> dict[str, Any]:
    room = make_space(chat, title, **how)
    learn(chat, room)
    return room


def over(person: Person, title: str) -> Answer:
    return person.waits_for(title)


# -- the way it goes ----------------------------------------------------------------------------


def test_many_are_shown_first_then_added_and_told_in_a_table_and_taken_back(chat: Chat) -> None:
    people, ana = many(chat, 25), chat.as_("ana")
    room = known(chat, members=("ben",))
    listed = [*people, BEN, "nobody@example.com", "no-address", EVE]
    form = ana.asks("add member")
    shown = ana.presses(form, "Send", people="\n".join(listed), space="Q3 plans")
    for said in (
        "Add people: 26", "I did nothing yet.", "Listed: 29", "So already: 1", "Can't be meant: 2",
        "Line 28: no-address", "1 of them are of other organisations, and until now only our own",
    ):  # fmt: skip
        assert said in shown.text
    assert len(members_of(chat, room)) == 2
    going = confirms(ana, shown, "Add them")
    assert "Adding 29 people to Q3 plans" in going.text
    told = over(ana, "Done: 26 of 29")
    assert "Was so already: 1" in told.text
    assert "Could not be done: 2" in told.text
    assert "I find nobody with the address nobody@example.com" in told.text
    assert "Line 28: no-address · “no-address” is no e-mail address." in told.text
    assert "There are people of other organisations in it now." in told.text
    assert set(members_of(chat, room)) == {ANA, BEN, EVE, *people}
    table, changed = files_to(chat, ana, 2)
    book = openpyxl.load_workbook(io.BytesIO(file_of(chat, ANA, table)))
    rows = list(book.active.iter_rows(values_only=True))
    assert len(rows) == 30
    assert rows[0] == ("Person", "How", "What came of it", "E-mail", "Moderator")
    assert 'send me the last file with: remove members from "Q3 plans"' in told.text
    back = send(chat, ANA, 'remove members from "Q3 plans"', file_of(chat, ANA, changed))
    assert "Remove people: 26" in back.text
    confirms(ana, back, "Remove them")
    over(ana, "Done: 26 of 26")
    assert set(members_of(chat, room)) == {ANA, BEN}


def test_each_membership_comes_about_once_and_the_record_says_by_whom(chat: Chat) -> None:
    people, ana = many(chat, 30), chat.as_("ana")
    room = known(chat)
    confirms(ana, send(chat, ANA, 'add members to "Q3 plans"', "\n".join(people).encode()),
             "Add them")  # fmt: skip
    over(ana, "Done: 30 of 30")
    made = [
        e["object"]["personEmail"] for e in chat.control.effects("membership.created")
        if e["object"]["roomId"] == room["id"]
    ]  # fmt: skip
    assert sorted(made) == people
    with chat.process.house.store.read() as tx:
        assert tx.audit.verify()
        told = [r.actor for r in tx.audit.since() if str(r.word) == "member:add"]
        assert tx.intents.open() == ()
    assert told == [ANA] * 30


def test_known_people_are_looked_up_85_at_once_and_unknown_ones_when_they_come(chat: Chat) -> None:
    people, ana = many(chat, 100), chat.as_("ana")
    known(chat)
    late = many(chat, 22, prefix="late")
    ana.says("help")
    before = chat.control.log()[-1]["seq"]
    text = "\n".join([*people, *late]).encode()
    shown = send(chat, ANA, 'add members to "Q3 plans"', text)
    assert "Add people: 122" in shown.text
    assert "To be looked up: 22" in shown.text
    asked = [e["path"] for e in chat.control.log(before, what="request") if e["method"] == "GET"]
    assert len([path for path in asked if path.startswith("/people")]) <= 4


def test_a_list_may_be_pasted_into_a_message(chat: Chat) -> None:
    people, ana = many(chat, 25), chat.as_("ana")
    room = known(chat)
    said = ", ".join(f"Somebody <{email}>" for email in people)
    confirms(ana, ana.asks(f'add members {said} to "Q3 plans"'), "Add them")
    over(ana, "Done: 25 of 25")
    assert set(members_of(chat, room)) == {ANA, *people}


def test_a_few_in_a_file_are_added_at_once_some_as_moderators(chat: Chat) -> None:
    room = known(chat, moderators=("ana",))
    content = f"Name;E-mail;Moderator\r\nBen;{BEN};yes\r\nCleo;{CLEO};no\r\nX;x;no\r\n"
    told = send(chat, ANA, 'add members to "Q3 plans"', content.encode("utf-16"))
    assert "Added 2 of 3" in told.text
    assert "Ben Okafor · Added as moderator." in told.text
    assert "Line 4: x · “x” is no e-mail address." in told.text
    assert members_of(chat, room) == {ANA: True, BEN: True, CLEO: False}


def test_a_file_that_is_no_list_is_refused_with_what_to_do(chat: Chat) -> None:
    room = known(chat)
    said = 'add members to "Q3 plans"'
    assert "Save it as CSV" in send(chat, ANA, said, b"PK\x03\x04...", "list.xlsx").text
    assert "That file is empty" in send(chat, ANA, said, b"\n\n").text
    assert (
        "That file is no text" in send(chat, ANA, said, b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR").text
    )
    assert "larger than 2 MB" in send(chat, ANA, said, b"x" * 2_000_001).text
    assert "None of these 2" in send(chat, ANA, said, b"x\ny\n").text
    assert set(members_of(chat, room)) == {ANA}


def test_nothing_is_done_without_the_right_code_and_by_nobody_else(chat: Chat) -> None:
    people, ana = many(chat, 25), chat.as_("ana")
    room = known(chat)
    shown = send(chat, ANA, 'add members to "Q3 plans"', "\n".join(people).encode())
    assert "not the code" in ana.presses(shown, "Add them", code="000000").text
    assert "nothing to confirm" in chat.as_("ben").says(f"confirm {code_of(shown)}")
    chat.clock.advance(timedelta(minutes=31))
    assert "no longer valid" in ana.says(f"confirm {code_of(shown)}")
    assert set(members_of(chat, room)) == {ANA}


def test_who_may_no_more_when_it_is_confirmed_does_nothing(chat: Chat) -> None:
    people, ana = many(chat, 25), chat.as_("ana")
    room = known(chat, members=("ben",), moderators=("ana", "ben"))
    shown = send(chat, ANA, 'add members to "Q3 plans"', "\n".join(people).encode())
    assert "no moderator of it any more" in chat.as_("ben").says(
        f'unmake moderator {ANA} in "Q3 plans"'
    )
    assert "only its moderators may do that" in confirms(ana, shown, "Add them").text
    assert set(members_of(chat, room)) == {ANA, BEN}


# -- moderators, teams --------------------------------------------------------------------------


def test_many_are_made_moderators_and_unmade_again(chat: Chat) -> None:
    people, ana = many(chat, 24), chat.as_("ana")
    room = known(chat, members=tuple(people))
    text = "\n".join([*people, BEN]).encode()
    shown = send(chat, ANA, 'make moderators in "Q3 plans"', text)
    assert "Nobody moderates it yet. With a first moderator Webex locks it" in shown.text
    assert "Not in it: 1" in shown.text
    confirms(ana, shown, "Make them")
    told = over(ana, "Done: 24 of 25")
    assert "Webex locked the space" in told.text
    assert members_of(chat, room) == {ANA: True, **dict.fromkeys(people, True)}
    files_to(chat, ana, 2)
    shown = send(chat, ANA, 'unmake moderators in "Q3 plans"', "\n".join([ANA, *people]).encode())
    assert "are the last moderators. Webex then unlocks it" in shown.text
    confirms(ana, shown, "Unmake them")
    assert "Webex unlocked the space" in over(ana, "Done: 25 of 25").text
    assert not any(members_of(chat, room).values())


def test_many_are_put_into_a_team(chat: Chat) -> None:
    people, ana = many(chat, 25), chat.as_("ana")
    id = str(chat.rest(ANA, "POST", "teams", name="Finance")["id"])
    known(chat)
    shown = send(chat, ANA, "add team members to Finance", "\n".join(people).encode())
    assert "Team: Finance" in shown.text
    assert "who is in it is in the team" in shown.text
    confirms(ana, shown, "Add them")
    over(ana, "Done: 25 of 25")
    items = chat.rest(ANA, "GET", f"team/memberships?teamId={id}&max=100")["items"]
    assert {one["personEmail"] for one in items} == {ANA, *people}


# -- groups of the directory --------------------------------------------------------------------


def test_a_group_of_the_directory_is_added(chat: Chat) -> None:
    people, ana = many(chat, 23), chat.as_("ana")
    chat.control.call("POST", "groups", name="Field sales", emails=people)
    room = known(chat)
    read_groups(chat.process.house, stop=lambda: None).check()
    told = ana.says('add group Finance to "Q3 plans"')
    assert "Added 1 of 2" in told
    assert set(members_of(chat, room)) == {ANA, BEN}
    shown = ana.asks('add the group "Field sales" to "Q3 plans"')
    assert "Add people: 23" in shown.text
    confirms(ana, shown, "Add them")
    over(ana, "Done: 23 of 23")
    assert set(members_of(chat, room)) == {ANA, BEN, *people}


def test_a_group_that_nobody_knows_or_not_well_is_refused_with_what_to_do(chat: Chat) -> None:
    room, ana = known(chat), chat.as_("ana")
    assert "I know no group “Sales”" in ana.says('add group Sales to "Q3 plans"')
    assert "A list of addresses does as well" in ana.says('add group Sales to "Q3 plans"')
    read_groups(chat.process.house, stop=lambda: None).check()
    with chat.process.house.store.begin() as tx:
        [finance] = tx.groups.named("Finance")
        tx.groups.silence(finance.source, "the directory did not answer")
        tx.commit()
    told = ana.says('add group Finance to "Q3 plans"')
    assert "Who is in “Finance” is not known well now: the directory did not answer." in told
    assert "nothing by half a list" in told
    assert set(members_of(chat, room)) == {ANA}


# -- refusals -----------------------------------------------------------------------------------


def test_who_may_not_add_one_may_not_add_many(chat: Chat) -> None:
    people = many(chat, 25)
    room = known(chat, members=("ben", EVE), moderators=("ana",))
    text = "\n".join(people).encode()
    said = 'add members to "Q3 plans"'
    assert "only its moderators may do that" in send(chat, BEN, said, text).text
    assert "only talk" in send(chat, EVE, said, text).text
    stranger = "p0000@example.com"
    there = send(chat, stranger, said, text).text
    nowhere = send(chat, stranger, said.replace("Q3", "Q9"), text).text
    assert there.replace("Q3", "Q9") == nowhere
    assert "Add people: 25" in send(chat, CLEO, said, text).text, "compliance may, anywhere"
    assert set(members_of(chat, room)) == {ANA, BEN, EVE}


def test_a_direct_conversation_and_a_blocked_space_take_nobody_in(chat: Chat) -> None:
    people = many(chat, 25)
    sent = chat.rest(ANA, "POST", "messages", toPersonEmail=BEN, text="psst")
    room, house = known(chat, members=tuple(people)), chat.process.house
    text = "\n".join(people).encode()
    assert "stays one" in send(chat, CLEO, f"add members to {sent['roomId']}", text).text
    with house.store.begin() as tx:
        key = tx.spaces.key_of(RoomId(room["id"]))
        assert key is not None
        tx.blocks.add(key, {"is_locked": False, "moderators": []}, case=None)
        tx.commit()
    told = send(chat, CLEO, 'make moderators in "Q3 plans"', text).text
    assert "The space is blocked" in told
    assert not any(members_of(chat, room).values())


def test_nobody_is_left_out_of_a_removal_that_would_end_the_space(chat: Chat) -> None:
    people = many(chat, 25)
    room = known(chat, members=tuple(people))
    text = "\n".join([ANA, *people]).encode()
    told = send(chat, CLEO, 'remove members from "Q3 plans"', text).text
    assert "Webex deletes a space that nobody is in" in told
    assert len(members_of(chat, room)) == 26


def test_more_than_webex_has_room_for_are_refused(chat: Chat) -> None:
    known(chat)
    text = "\n".join(f"p{n}@example.com" for n in range(5001)).encode()
    told = send(chat, ANA, 'add members to "Q3 plans"', text).text
    assert "Webex has room for 5,000 in a space" in told
    assert "Divide the list" in told


@pytest.mark.parametrize("title", HOSTILE[:5], ids=range(5))
def test_a_hostile_title_is_shown_and_does_nothing(chat: Chat, title: str) -> None:
    people, ana = many(chat, 21), chat.as_("ana")
    room = known(chat, title)
    shown = send(chat, ANA, f"add members to {room['id']}", "\n".join(people).encode())
    going = confirms(ana, shown, "Add them")
    told = over(ana, "Done: 21 of 21")
    for one in (shown, going, told):
        assert "\u202e" not in one.text
        assert "${" not in str(one.card)
        assert "mentionedPeople" not in one
        assert "mentionedGroups" not in one
    assert len(members_of(chat, room)) == 22


def test_in_a_pause_it_waits_and_goes_on_after_it(chat: Chat) -> None:
    people, ana = many(chat, 25), chat.as_("ana")
    room = known(chat)
    shown = send(chat, ANA, 'add members to "Q3 plans"', "\n".join(people).encode())
    assert "stands still" in chat.as_("cleo").says("pause")
    confirms(ana, shown, "Add them")
    assert "Adding 25 people" in ana.says("works")
    assert set(members_of(chat, room)) == {ANA}
    chat.as_("cleo").says("resume")
    over(ana, "Done: 25 of 25")
    assert set(members_of(chat, room)) == {ANA, *people}


def stands_still(chat: Chat) -> bool:
    """Whether the work has begun and asks nothing of Webex just now, as in a pause."""
    with chat.process.house.store.read() as tx:
        has_begun = all(work.started_at for work in tx.works.open())
    before = chat.seq()
    time.sleep(0.5)
    return has_begun and chat.seq() == before


def test_what_stood_still_for_days_is_not_done_any_more(chat: Chat) -> None:
    people, ana = many(chat, 25), chat.as_("ana")
    room = known(chat, members=tuple(people))
    shown = send(chat, ANA, 'remove members from "Q3 plans"', "\n".join(people).encode())
    chat.as_("cleo").says("pause")
    confirms(ana, shown, "Remove them")
    chat.eventually(lambda: stands_still(chat))  # a clock that leaps amid an effect is another test
    chat.clock.advance(days=2)
    chat.as_("cleo").says("resume")
    told = over(ana, "Done: 0 of 25")
    assert "It stood still for more than a day." in told.text
    assert len(members_of(chat, room)) == 26


def test_it_can_be_stopped_and_tells_what_was_done_until_then(chat: Chat) -> None:
    people, ana = many(chat, 60), chat.as_("ana")
    room = known(chat)
    shown = send(chat, ANA, 'add members to "Q3 plans"', "\n".join(people).encode())
    going = confirms(ana, shown, "Add them")
    chat.eventually(lambda: len(members_of(chat, room)) > 3)
    ana.presses(going, "Stop")
    told = over(ana, "Stopped:")
    assert "Not begun: " in told.text
    assert "Stopped by Ana Horvat." in told.text
    assert 0 < len(members_of(chat, room)) - 1 < 60
