"""What is done with all that a search finds: shown, confirmed, done to exactly that list."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest

from domain.ids import SpaceKey
from tests.chats import BOT, Answer, Chat, Person, eventually
from tests.commands.companies import learn, make_space, members_of
from tests.commands.test_retagging_by_chat import code_on
from tests.commands.test_tags_by_chat import tags_of
from tests.tenants import Tenant
from webex.gateway import Lane


@pytest.fixture
def bot_settings() -> dict[str, str]:
    return {"CAP_PER_DAY": "50", "CAP_PER_RUN": "50", "CAP_SHARE": "1", "PACE_SECONDS": "0"}


def three(chat: Chat) -> list[dict[str, Any]]:
    """Ana moderates two of three, ben the other; all are in all of them."""
    made = [
        make_space(chat, "One", members=("ben",), moderators=("ana",), tags="finance"),
        make_space(chat, "Two", members=("ben",), moderators=("ana",), tags="finance audit"),
        make_space(chat, "Three", by="ben", members=("ana",), moderators=("ben",), tags="finance"),
    ]
    learn(chat, *made)
    return made


def many(chat: Chat, count: int, tag: str = "old") -> None:
    """Spaces that only the inventory knows: what is done to them needs no Webex."""
    with chat.process.house.store.begin() as tx:
        keys = [SpaceKey(key) for key in Tenant(tx).spaces(count, first=100_000)]
        tx.tags.add_to_many(keys, [tag], None)
        tx.commit()


def with_tag(chat: Chat, name: str) -> int:
    with chat.process.house.store.read() as tx:
        return len(tx.tags.with_any([name]))


def over(who: Person, words: str) -> Answer:
    """Waits for a result, and until the card of its progress says so too."""
    told = who.waits_for(words)
    store = who.chat.process.house.store

    def is_settled() -> bool:
        with store.read() as tx:
            mine = tx.people.by_email(who.email)
            assert mine is not None
            ended = [w for w in tx.works.of(mine.key, count=99) if w.finished_at is not None]
            going = [w for w in tx.works.open() if w.caller == mine.key]
        said = [m for m in who.messages() if "It is over; what came of it" in m.text]
        return not going and len(said) == len(ended)

    eventually(is_settled)
    return told


def do(chat: Chat, who: str, words: str, button: str) -> Answer:
    """Says it, presses the button, and waits for the result."""
    person = chat.as_(who)
    asked = person.asks(words)
    assert "I did nothing yet." in asked.text, asked.text
    person.presses(asked, button)
    return over(person, "What came of it")


# -- from a search --------------------------------------------------------------------------


def test_from_a_search_to_a_preview_to_the_result(chat: Chat) -> None:
    three(chat)
    cleo = chat.as_("cleo")
    found = cleo.asks("search tag:finance")
    offered = cleo.presses(found, "Do something …")
    assert "Do something with all 3 spaces" in offered.text
    form = cleo.presses(offered, "Tag …")
    asked = cleo.presses(form, "Send", tags="audit")
    assert "Tag with audit: 2 spaces?" in asked.text
    assert "Left out: 1 has it already" in asked.text
    assert "One · gets audit" in asked.text
    assert tags_of(chat, "One") == "finance"
    cleo.presses(asked, "Tag")
    told = over(cleo, "Done: 2 of 2")
    assert "Left out from the start: 1 has it already." in told.text
    assert {tags_of(chat, name) for name in ("One", "Two", "Three")} == {"audit, finance"}


def test_a_moderator_does_it_to_theirs_and_is_told_that_others_are_not(chat: Chat) -> None:
    three(chat)
    ana = chat.as_("ana")
    asked = ana.asks("bulk tag q3 where tag:finance")
    assert "Tag with q3: 2 spaces?" in asked.text
    assert "Left out: 1 not yours to change" in asked.text
    assert "Three" not in asked.text
    ana.presses(asked, "Tag")
    over(ana, "Done: 2 of 2")
    assert tags_of(chat, "Three") == "finance"
    assert "None of them is yours to change." in ana.says("bulk tag q3 where Three")


def test_what_one_can_not_see_is_not_there(chat: Chat) -> None:
    learn(chat, make_space(chat, "Secret", by="cleo", tags="finance"))
    there = chat.as_("ben").says("bulk tag q3 where secret")
    nowhere = chat.as_("ben").says("bulk tag q3 where nowhere")
    assert there.replace("secret", "nowhere") == nowhere
    assert "No space that you can see matches" in there


def test_who_lost_the_moderation_in_between_does_nothing_there(chat: Chat) -> None:
    one, *_ = three(chat)
    ana = chat.as_("ana")
    asked = ana.asks("bulk tag q3 where tag:finance")
    members = chat.rest("ana@example.com", "GET", f"memberships?roomId={one['id']}")["items"]
    for email, to in (("ben@example.com", True), ("ana@example.com", False)):
        [mine] = [m for m in members if m["personEmail"] == email]
        chat.rest("ana@example.com", "PUT", f"memberships/{mine['id']}", isModerator=to)
    ana.presses(asked, "Tag")
    told = over(ana, "Done: 1 of 2")
    assert "One · Not allowed: only its moderators may do that." in told.text
    assert tags_of(chat, "One") == "finance"


def test_exactly_what_was_shown_is_done_and_nothing_that_came_in_between(chat: Chat) -> None:
    three(chat)
    cleo = chat.as_("cleo")
    asked = cleo.asks("bulk tag q3 where tag:finance")
    learn(chat, make_space(chat, "Four", tags="finance"))
    cleo.presses(asked, "Tag")
    over(cleo, "Done: 3 of 3")
    assert tags_of(chat, "Four") == "finance"


def test_above_twenty_the_code_is_typed_and_the_table_comes_as_a_file(chat: Chat) -> None:
    many(chat, 250)
    cleo = chat.as_("cleo")
    asked = cleo.asks("bulk tag new where tag:old")
    assert "And 240 more." in asked.text
    assert "not the code" in cleo.presses(asked, "Tag", code="12").text
    cleo.says(f"confirm {code_on(asked)}")
    over(cleo, "Done: 250 of 250")
    assert with_tag(chat, "new") == 250
    eventually(lambda: any(m.get("files") for m in cleo.messages()))
    [table] = [m for m in cleo.messages() if m.get("files")]
    file = chat.process.house.webex.bot(Lane.CHAT).content(table["files"][0], most=10**6)
    [sheet] = openpyxl.load_workbook(io.BytesIO(file.content)).worksheets
    assert {row[0].value for row in sheet.iter_rows(min_row=2)} == {f"S{n}" for n in range(250)}
    with chat.process.house.store.read() as tx:
        assert tx.audit.verify()
        each = [r.space for r in tx.audit.since() if r.word == "space:tag:add"]
    assert len(each) == len(set(each)) == 250


# -- untag, keep ----------------------------------------------------------------------------


def test_what_is_held_or_the_last_required_is_left_out(chat: Chat) -> None:
    three(chat)
    cleo = chat.as_("cleo")
    cleo.says("tag require finance, audit")
    asked = cleo.asks("bulk untag finance where all")
    assert "Take off finance: 1 space?" in asked.text
    assert "2 must keep it: held, reserved, or the last required one" in asked.text
    cleo.says("hold place lawsuit-12 tag finance")
    cleo.presses(asked, "Take off")
    told = over(cleo, "Done: 0 of 1")
    assert "can't be taken off for now" in told.text
    assert tags_of(chat, "Two") == "audit, finance"


def test_spaces_are_kept_and_let_go_again(chat: Chat) -> None:
    three(chat)
    do(chat, "ana", "bulk keep until 90d where tag:finance", "Keep")
    assert "kept" in chat.as_("ana").says("explain One").casefold()
    cleo = chat.as_("cleo")
    told = do(chat, "cleo", "bulk keep forever where tag:finance", "Keep")
    assert "Done: 3 of 3" in told.text
    assert "compliance keeps it (2)" in chat.as_("ana").says(
        "bulk keep until 200d where tag:finance"
    )
    asked = cleo.asks("bulk keep clear where tag:finance")
    assert "after a week" in asked.text
    cleo.presses(asked, "Take off")
    over(cleo, "Nothing happens before")
    with chat.process.house.store.read() as tx:
        assert tx.many.kept([SpaceKey(key) for key in tx.tags.with_any(["finance"])]) == {}


# -- people ---------------------------------------------------------------------------------


def test_somebody_is_added_made_a_moderator_and_removed_everywhere(chat: Chat) -> None:
    made = three(chat)
    told = do(chat, "cleo", "bulk add member dora@example.com where tag:finance", "Add")
    assert "Done: 3 of 3" in told.text
    assert all("dora@example.com" in members_of(chat, room) for room in made)
    cleo = chat.as_("cleo")
    cleo.presses(cleo.asks("bulk add moderator dora@example.com where One"), "Make moderator")
    over(cleo, "Make Dora Lindqvist moderator: 1 space")
    eventually(lambda: members_of(chat, made[0]).get("dora@example.com"))
    assert "is in it already (3)" in cleo.says("bulk add member dora@example.com where tag:finance")
    asked = cleo.asks("bulk remove member dora@example.com where tag:finance")
    cleo.presses(asked, "Remove")
    eventually(lambda: not any("dora@example.com" in members_of(chat, room) for room in made))


def test_nobody_is_added_by_an_address_that_is_none(chat: Chat) -> None:
    three(chat)
    told = chat.as_("cleo").says("bulk add member nobody@example.com where tag:finance")
    assert "nobody" in told
    assert "I did nothing yet" not in told


# -- block ----------------------------------------------------------------------------------


def locked(chat: Chat, room: dict[str, Any]) -> bool:
    moderators = [who for who, moderates in members_of(chat, room).items() if moderates]
    return moderators == [BOT]


def test_compliance_blocks_some_and_their_owners_are_told(chat: Chat) -> None:
    made = three(chat)
    told = do(chat, "cleo", "bulk block where tag:finance", "Block")
    assert "Done: 3 of 3" in told.text
    assert all(locked(chat, room) for room in made)
    chat.as_("ana").waits_for("blocked")
    assert "is blocked already (3)" in chat.as_("cleo").says("bulk block where tag:finance")


def test_nobody_else_blocks_in_bulk(chat: Chat) -> None:
    made = three(chat)
    assert "for compliance" in chat.as_("ana").says("bulk block where tag:finance")
    assert not any(locked(chat, room) for room in made)
    assert "Block" not in chat.as_("ana").asks("bulk tag:finance").buttons


def test_one_person_blocks_twenty_at_most(chat: Chat) -> None:
    learn(chat, *(make_space(chat, f"S{n}", tags="old") for n in range(21)))
    told = chat.as_("cleo").says("bulk block where tag:old")
    assert "That would be 21 spaces." in told
    assert "At most 20 are blocked by one person at once" in told
    assert "I did nothing yet" not in told


def test_what_the_caps_leave_for_today_is_all_that_is_blocked(chat: Chat) -> None:
    three(chat)
    many(chat, 15)
    told = chat.as_("cleo").says("bulk block where all")
    assert "more may be blocked or deleted today" in told
    assert "I did nothing yet" not in told


def test_a_pause_blocks_the_blocking_before_and_in_between(chat: Chat) -> None:
    made = three(chat)
    cleo = chat.as_("cleo")
    asked = cleo.asks("bulk block where tag:finance")
    cleo.says("pause because of an audit")
    cleo.presses(asked, "Block")
    told = over(cleo, "Done: 0 of 3")
    assert "Could not be done: 3" in told.text
    assert not any(locked(chat, room) for room in made)
    assert "stands still" in cleo.says("bulk block where tag:finance")


# -- words ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("bulk tag finance where", "bulk tag"),
        ("bulk tag finance where nosuch:x", "no condition “nosuch”"),
        ("bulk tag <@all> where all", "can't be a tag"),
        ("bulk keep until 01/02/2027 where all", "two ways"),
        ("bulk", "Bulk"),
        ("bulk tag:nosuch", "No spaces found"),
    ],
)
def test_what_is_not_understood_is_told(chat: Chat, words: str, said: str) -> None:
    three(chat)
    told = chat.as_("cleo").says(words)
    assert said.casefold() in told.casefold()
    assert "broke on my side" not in told


def test_hostile_titles_are_shown_harmlessly_in_preview_and_result(chat: Chat) -> None:
    title = "**x** [a](https://evil.example) <@all> {{DATE(now)}} \u202eabc"
    learn(chat, make_space(chat, title, tags="finance"))
    cleo = chat.as_("cleo")
    asked = cleo.asks("bulk tag q3 where tag:finance")
    cleo.presses(asked, "Tag")
    told = over(cleo, "Done: 1 of 1")
    for one in (asked, told):
        assert "\u202e" not in one.text
        assert "{{" not in one.text


def test_it_is_stopped_by_its_button(chat: Chat) -> None:
    many(chat, 9_000)
    cleo = chat.as_("cleo")
    going = cleo.says(f"confirm {code_on(cleo.asks('bulk tag new where tag:old'))}")
    number = re.search(r"work stop (\d+)", going)
    assert number
    cleo.says(f"work stop {number[1]}")

    def ended() -> Answer | None:
        said = (m for m in cleo.messages() if m["personEmail"] == BOT)
        return next((m for m in said if m.text.startswith(("Stopped: ", "Done: "))), None)

    told = eventually(ended)
    assert told is not None
    done = with_tag(chat, "new")
    assert f"{done:,} of 9,000" in told.text
    assert told.text.startswith("Done") is (done == 9_000)


def test_the_same_preview_confirmed_twice_is_done_once(chat: Chat) -> None:
    three(chat)
    cleo = chat.as_("cleo")
    asked = cleo.asks("bulk tag q3 where tag:finance")
    cleo.presses(asked, "Tag")
    over(cleo, "Done: 3 of 3")
    again = cleo.presses(asked, "Tag").text
    assert "already" in again
    with chat.process.house.store.read() as tx:
        each = [r for r in tx.audit.since() if r.detail.get("tags") == ["q3"]]
    assert len(each) == 3


def test_a_direct_conversation_is_named_by_its_people(chat: Chat) -> None:
    chat.rest("ana@example.com", "POST", "messages", toPersonEmail="ben@example.com", text="hi")
    learn(chat)
    asked = chat.as_("ana").asks("bulk tag q3 where type:direct member:ben@example.com")
    assert "Ana" in asked.text
    assert "Ben" in asked.text
