"""Messages shown: each field as Webex's own answer has it, to whoever may read it in Webex at
that moment, and to nobody else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from cards.words import harmless, moment
from spaces.sync.crawl import crawl
from spaces.sync.events import poll
from tests.chats import BOT, Chat
from tests.commands.companies import learn, make_space
from tests.commands.test_search_by_chat import HOSTILE
from webex.decode import moment as read_moment

ANA, BEN, CLEO, DORA = (f"{name}@example.com" for name in ("ana", "ben", "cleo", "dora"))
GIL = "gil@example.com"
FAY = "fay@example.com"
EVE, ZED = "eve@partner.example", "zed@stranger.example"
ZONE = "Europe/Vienna"
NO_MESSAGE = "I know no message of that id that you can see."
LOST = "Y2lzY29zcGFyazovL3VzL01FU1NBR0UvMDAwMDAwMDAtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAx"


def when(text: str) -> str:
    return moment(read_moment(text), ZONE)


def say(chat: Chat, room: dict[str, Any], text: str = "", by: str = ANA, **more: Any) -> Any:
    body = {"text": text} if text else {}
    return chat.rest(by, "POST", "messages", roomId=room["id"], **body, **more)


def name_of(chat: Chat, email: str) -> str:
    return str(chat.rest(email, "GET", "people/me")["displayName"])


def fields(chat: Chat, one: dict[str, Any], title: str) -> list[str]:
    """Each field of the connector's table, from Webex's own answer for `one`."""
    people = ", ".join(
        f"{p['displayName']} ({p['id']})"
        for p in (chat.rest(ANA, "GET", f"people/{id}") for id in one.get("mentionedPeople", ()))
    )
    return [
        f"From: {name_of(chat, one['personEmail'])}", f"E-mail: {one['personEmail']}",
        f"Created: {when(one['created'])}", f"Space: {title}",
        f"Space type: {one['roomType']}", f"Files: {', '.join(one.get('files', ())) or '–'}",
        f"Mentioned people: {people or '–'}",
        f"Mentioned groups: {', '.join(one.get('mentionedGroups', ())) or '–'}",
        f"To: {one.get('toPersonEmail', '–')}", f"To person id: {one.get('toPersonId', '–')}",
        f"Id: {one['id']}", f"Space id: {one['roomId']}", f"Person id: {one['personId']}",
    ]  # fmt: skip


# -- one message ---------------------------------------------------------------------------------


def test_a_message_is_shown_with_all_that_webex_says_of_it(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans", members=("ben",))
    learn(chat, room)
    said = say(
        chat, room, markdown=f"**Plans** for <@personEmail:{BEN}|Ben> and <@all>",
        files=["https://files.example/plan.pdf"],
    )  # fmt: skip
    one = chat.rest(ANA, "GET", f"messages/{said['id']}")
    assert one["mentionedPeople"]
    assert one["mentionedGroups"]
    assert one["files"]
    told = chat.as_("ben").asks(f"message {one['id']}")
    for field in fields(chat, one, "Q3 plans"):
        assert field in told.text
        assert field.partition(": ")[2] in str(told.card)
    for words in (one["text"], one["markdown"]):
        assert words in told.text
        assert words in str(told.card)
    assert "mentionedPeople" not in told
    assert "mentionedGroups" not in told


def test_what_webex_does_not_say_is_a_dash(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans")
    learn(chat, room)
    one = say(chat, room, "hello")
    told = chat.as_("ana").says(f"get message details {one['id']}")
    for field in fields(chat, one, "Q3 plans"):
        assert field in told
    assert "Markdown\n–" in told
    for label in ("Files", "Mentioned people", "Mentioned groups", "To", "To person id"):
        assert f"{label}: –" in told


def test_the_form_takes_an_id_or_the_link_that_clients_copy(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans")
    learn(chat, room)
    one = say(chat, room, "hello there")
    ana = chat.as_("ana")
    assert "hello there" in ana.presses(ana.asks("message"), "Send", message=one["id"]).text
    uuid = re.findall(r"[0-9a-f-]{36}", _decoded(one["id"]))[-1]
    for link in (f"webexteams://im?space=x&message={uuid}", f"<{uuid.upper()}>", uuid):
        assert "hello there" in ana.says(f"message {link}")
        assert NO_MESSAGE in chat.as_("ben").says(f"message {link}")


def _decoded(id: str) -> str:
    import base64

    return base64.urlsafe_b64decode(id + "=" * (-len(id) % 4)).decode()


def test_a_reply_names_the_thread_that_it_is_in(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans")
    learn(chat, room)
    first = say(chat, room, "first")
    reply = say(chat, room, "second", parentId=first["id"])
    assert f"In the thread of: {first['id']}" in chat.as_("ana").says(f"message {reply['id']}")
    assert f"In the thread of: {first['id']}" in chat.as_("ana").says('messages "Q3 plans" max 1')


def test_a_long_text_is_on_the_card_whole_and_line_by_line(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans")
    learn(chat, room)
    text = "\n".join(f"line {n} " + "x" * 60 for n in range(90)) + "\n" + "y" * 1200
    one = say(chat, room, text)
    told = chat.as_("ana").asks(f"message {one['id']}")
    shown = str(told.card)
    assert all(f"line {n} " in shown for n in range(90))
    assert shown.count("y") >= 1200
    assert "the card has it all" in told.text or "…" in told.text


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_shown_as_what_it_is(chat: Chat, text: str) -> None:
    room = make_space(chat, "Q3 plans")
    learn(chat, room)
    one = say(chat, room, text)
    for said in (f"message {one['id']}", 'messages "Q3 plans"'):
        told = chat.as_("ana").asks(said)
        assert "\u202e" not in told.text + str(told.card)
        assert "${" not in str(told.card)
        assert "mentionedPeople" not in told
        assert "mentionedGroups" not in told
        assert harmless(text)[:5] in told.text


# -- who may -------------------------------------------------------------------------------------


@pytest.fixture
def secret(chat: Chat) -> dict[str, Any]:
    """A space of Ana (who moderates it), Ben and Eve from outside; and what was said there."""
    room = make_space(chat, "Secret", members=("ben", EVE), moderators=("ana",))
    other = make_space(chat, "Other", by="dora")
    learn(chat, room, other)
    return {**room, "said": say(chat, room, "the secret")}


def told_of(chat: Chat, room: dict[str, Any], who: str) -> list[str]:
    """What somebody is told who asks for it in each way."""
    id = room["said"]["id"]
    person = chat.as_(who)
    return [
        person.says(said)
        for said in (f"message {id}", f"messages in {room['id']}", f"space {room['id']}")
    ]


@pytest.mark.parametrize("who", [ANA, BEN, CLEO], ids=["moderator", "member", "compliance"])
def test_whoever_may_read_it_in_webex_reads_it(
    chat: Chat, secret: dict[str, Any], who: str
) -> None:
    message, listed, space = told_of(chat, secret, who)
    assert "the secret" in message
    assert "the secret" in listed
    assert "Secret" in space


def test_that_compliance_read_others_words_is_on_record(chat: Chat, secret: dict[str, Any]) -> None:
    for who in (BEN, CLEO):
        told_of(chat, secret, who)
    with chat.process.house.store.read() as tx:
        read = [one for one in tx.audit.since() if one.word == "message:read"]
    assert [(one.actor, one.detail["read"]) for one in read] == [(CLEO, 1), (CLEO, 2)]
    assert {one.detail["room"] for one in read} == {secret["id"]}


def test_to_whoever_may_not_there_is_none(chat: Chat, secret: dict[str, Any]) -> None:
    """A person of ours who is not in it, and who left it a minute ago; word by word as for
    what was never there."""
    for email in (FAY, GIL):
        chat.control.person(email)
    mine = chat.rest(ANA, "POST", "memberships", roomId=secret["id"], personEmail=FAY)
    learn(chat)
    assert "the secret" in told_of(chat, secret, FAY)[0]
    chat.rest(FAY, "DELETE", f"memberships/{mine['id']}")
    for who in (FAY, GIL):
        message, listed, space = told_of(chat, secret, who)
        assert message == chat.as_(who).says(f"message {LOST}")
        assert NO_MESSAGE in message
        nowhere = LOST.replace("01FU1NBR0U", "1JPT00")
        for text, said in ((listed, "messages in"), (space, "space")):
            none = chat.as_(who).says(f"{said} {nowhere}")
            assert text.replace(secret["id"][:80], "X") == none.replace(nowhere[:80], "X"), said
        by_title = chat.as_(who).says('messages in "Secret"')
        assert by_title.replace("“Secret”", "X") == none.replace(f"“{nowhere[:80]}”", "X")


@pytest.mark.parametrize("who", [EVE, ZED], ids=["outsider who is in it", "stranger"])
def test_people_of_other_organisations_are_told_nothing(
    chat: Chat, secret: dict[str, Any], who: str
) -> None:
    if who == ZED:
        chat.control.person(ZED, org="Strangers")
    for text in told_of(chat, secret, who):
        assert "only talk" in text


def test_whoever_has_just_joined_reads_it_by_its_id(chat: Chat, secret: dict[str, Any]) -> None:
    chat.control.person(FAY, name="Fay Ito")
    chat.rest(ANA, "POST", "memberships", roomId=secret["id"], personEmail=FAY)
    for text in told_of(chat, secret, FAY)[:2]:
        assert "the secret" in text


def test_a_direct_conversation_is_for_its_two_and_compliance(chat: Chat) -> None:
    said = chat.rest(ANA, "POST", "messages", toPersonEmail=BEN, text="psst")
    learn(chat)
    for who in (ANA, BEN, CLEO):
        told = chat.as_(who).says(f"message {said['id']}")
        assert "psst" in told
        assert "Space: Ana Horvat and Ben Okafor" in told
        assert "Space type: direct" in told
        assert "psst" in chat.as_(who).says(f"messages in {said['roomId']}")
    chat.control.person(FAY, name="Fay Ito")
    assert NO_MESSAGE in chat.as_(FAY).says(f"message {said['id']}")
    assert "I know no space" in chat.as_(FAY).says(f"messages in {said['roomId']}")


@pytest.mark.parametrize("polled", [True, False], ids=["events were read", "not yet"])
@pytest.mark.parametrize("listed", [True, False], ids=["officers list it", "they don't"])
def test_a_deleted_message_is_for_compliance_alone(
    chat: Chat, secret: dict[str, Any], polled: bool, listed: bool
) -> None:
    chat.control.switch(officer_lists_deleted=listed)
    chat.rest(ANA, "DELETE", f"messages/{secret['said']['id']}")
    if polled:
        assert poll(chat.process.house).complete
        chat.clock.advance(hours=3)
        assert poll(chat.process.house).complete
    for who in (ANA, BEN):
        message, many, _ = told_of(chat, secret, who)
        assert NO_MESSAGE in message
        assert "the secret" not in many
        assert "hello" in many
    message, many, _ = told_of(chat, secret, CLEO)
    assert "the secret" in message
    assert "It was deleted; only compliance still reads it." in message
    assert ("(deleted)" in many) is listed


def test_where_webex_can_not_be_asked_nothing_is_shown_from_memory(
    chat: Chat, secret: dict[str, Any]
) -> None:
    chat.control.fault("status", method="GET", path="/memberships", status=503, count=20)
    told = chat.as_("ben").says(f"messages in {secret['id']}")
    assert "the secret" not in told
    assert "Webex did not answer me" in told


# -- many messages -------------------------------------------------------------------------------


@pytest.fixture
def long_talk(chat: Chat) -> dict[str, Any]:
    room = make_space(chat, "Q3 plans", members=("ben",))
    learn(chat, room)
    room["said"] = [say(chat, room, f"number {n:03d}", by=(ANA, BEN)[n % 2]) for n in range(12)]
    return room


def numbers(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"^number (\d{3})$", text, re.M)]


def test_the_list_is_newest_first_with_all_fields_and_goes_on(
    chat: Chat, long_talk: dict[str, Any]
) -> None:
    ana = chat.as_("ana")
    told = ana.asks('messages in "Q3 plans"')
    assert numbers(told.text) == [11, 10, 9, 8, 7]
    assert "cut short" not in told.text
    listed = chat.rest(ANA, "GET", f"messages?roomId={long_talk['id']}&max=5")["items"]
    for one in listed:
        for field in fields(chat, one, "Q3 plans"):
            assert field in told.text
            assert field.partition(": ")[2] in str(told.card)
    say(chat, long_talk, "number 012")  # what is new shifts nothing
    second = ana.presses(told, "More")
    assert numbers(second.text) == [6, 5, 4, 3, 2]
    third = ana.presses(second, "More")
    assert numbers(third.text) == [1, 0]
    assert "More" not in third.buttons
    assert numbers(ana.presses(told, "More").text) == [6, 5, 4, 3, 2], "pressed again"
    details = ana.presses(told, "2. Ben Okafor" if "2. Ben Okafor" in told.buttons
                          else "2. Ana Horvat")  # fmt: skip
    assert numbers(details.text) == [10]
    assert numbers(ana.presses(details, "What was said before").text)[0] == 9


def test_it_lists_no_more_than_asked_for(chat: Chat, long_talk: dict[str, Any]) -> None:
    ana = chat.as_("ana")
    assert numbers(ana.says('messages "Q3 plans" max 2')) == [11, 10]
    first = ana.asks('messages "Q3 plans" at most 7')
    assert numbers(first.text) == [11, 10, 9, 8, 7]
    assert numbers(ana.presses(first, "More").text) == [6, 5]


def test_before_a_message_and_before_a_moment(chat: Chat, long_talk: dict[str, Any]) -> None:
    ana, fifth = chat.as_("ana"), long_talk["said"][5]
    assert numbers(ana.says(f'messages "Q3 plans" before message {fifth["id"]}'))[:2] == [4, 3]
    utc = ana.says(f'messages in "Q3 plans" before {fifth["created"]}')
    assert numbers(utc)[:2] == [4, 3]
    chat.clock.advance(days=2)
    say(chat, long_talk, "number 099")
    day = (chat.clock.now() - timedelta(days=1)).astimezone(tz=None).date().isoformat()
    assert numbers(ana.says(f'messages "Q3 plans" before {day}'))[0] == 11
    form = ana.asks("messages")
    told = ana.presses(form, "Send", space="Q3 plans", before=day, max="1")
    assert numbers(told.text) == [11]


def test_a_moment_without_a_zone_is_the_readers_own(chat: Chat) -> None:
    """In Vienna 10:30 is 09:30 UTC in winter."""
    room = make_space(chat, "Q3 plans")
    learn(chat, room)
    chat.control.person(DORA, timezone="America/New_York")
    chat.rest(ANA, "POST", "memberships", roomId=room["id"], personEmail=DORA)
    for zone, who in (("CET", "ana"), ("EST", "dora")):
        told = chat.as_(who).says(f"messages in {room['id']} before 2026-01-10T10:30")
        assert f"said before Sat 10 Jan 2026, 10:30 {zone}" in told
        told = chat.as_(who).says(f"messages in {room['id']} before 2026-01-10T10:30:00+01:00")
        assert "10:30 CET" in told if zone == "CET" else "04:30 EST" in told


def test_what_mentions_a_person_is_found_over_pages(chat: Chat, long_talk: dict[str, Any]) -> None:
    chat.control.switch(small_pages=True)
    say(chat, long_talk, markdown=f"early <@personEmail:{BEN}|Ben>")
    for n in range(20):
        say(chat, long_talk, f"number {n:03d}")
    say(chat, long_talk, markdown="late <@all>")
    ben = chat.as_("ben")
    told = ben.says('messages in "Q3 plans" mentioning me')
    assert told.index("late All") < told.index("early Ben")
    assert numbers(told) == []
    assert "that mention Ben Okafor" in told
    assert "early Ben" in chat.as_("ana").says(f'messages "Q3 plans" mentioning {BEN}')
    mine = chat.as_("ana").says('messages "Q3 plans" mentioning me')
    assert "late All" in mine
    assert "early Ben" not in mine
    by_webex = chat.rest(BEN, "GET", f"messages?roomId={long_talk['id']}&mentionedPeople=me")
    assert [one["text"] for one in by_webex["items"]] == ["late All", "early Ben"]


def test_work_is_bounded_and_one_can_go_on_from_there(
    chat: Chat, long_talk: dict[str, Any]
) -> None:
    chat.control.switch(small_pages=True)  # five a page
    say(chat, long_talk, markdown=f"early <@personEmail:{BEN}|Ben>")
    for n in range(60):
        say(chat, long_talk, f"number {n:03d}")
    ben = chat.as_("ben")
    told = ben.asks('messages in "Q3 plans" mentioning me')
    assert "No messages in" in told.text
    assert "I looked back to" in told.text
    assert "early Ben" in ben.presses(told, "More").text


def test_in_the_space_itself_it_need_not_be_named(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans", members=("ben",), with_bot=True)
    learn(chat, room)
    say(chat, room, "number 001")
    told = chat.in_space(room, "ben").asks("messages max 3")
    assert numbers(told.text) == [1]
    assert told["roomId"] == room["id"], "nobody learns anything new"


def test_where_outsiders_listen_it_goes_one_to_one(chat: Chat) -> None:
    room = make_space(chat, "Deal", members=(EVE,), with_bot=True)
    other = make_space(chat, "Q3 plans")
    learn(chat, room, other)
    said = say(chat, other, "number 001")
    ana = chat.in_space(room, "ana")
    for asked in ('messages in "Q3 plans"', f"message {said['id']}", "messages here"):
        assert ana.asks(asked)["roomType"] == "direct"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ('messages "Q3 plans" before yesterday-ish', "no moment that I understand"),
        ('messages "Q3 plans" before 9999-99-99', "no moment that I understand"),
        ('messages "Q3 plans" max 0', "goes from 1 to 1000"),
        ('messages "Q3 plans" max many', "no whole number"),
        (f'messages "Q3 plans" before message {LOST}', NO_MESSAGE),
        ('messages "Q3 plans" before message x', "no id of a message"),
        ('messages "Q3 plans" mentioning nobody@example.com', "I find nobody"),
        ("messages in Nowhere", "I know no space “Nowhere” that you can see."),
        ("message x", "no id of a message"),
        (f"message {LOST}", NO_MESSAGE),
        ("message " + "x" * 4000, "no id of a message"),
    ],
)
def test_what_can_not_be_asked_is_refused(chat: Chat, said: str, answer: str) -> None:
    learn(chat, make_space(chat, "Q3 plans"))
    assert answer in chat.as_("ana").says(said)


def test_a_message_of_another_space_is_no_place_to_go_on_from(chat: Chat) -> None:
    mine, other = make_space(chat, "Mine"), make_space(chat, "Other", by="ben")
    learn(chat, mine, other)
    said = say(chat, other, "elsewhere", by=BEN)
    told = chat.as_("ana").says(f'messages "Mine" before message {said["id"]}')
    assert told == chat.as_("ana").says(f'messages "Mine" before message {LOST}')


# -- without a compliance identity -----------------------------------------------------------------


@pytest.fixture
def alone(stage: Chat) -> Chat:
    stage.start(CO_ACCESS_TOKEN="", CO2_ACCESS_TOKEN="", OWN_DOMAINS="example.com")
    return stage


def test_in_member_mode_it_shows_what_the_bot_sees_and_says_so(alone: Chat) -> None:
    room = make_space(alone, "Q3 plans", members=("ben",), with_bot=True)
    unseen = say(alone, room, "number 001")
    seen = say(alone, room, markdown=f"<@personEmail:{BOT}|Spacekeeper> help")
    ana = alone.as_("ana")
    crawl(alone.process.house)
    told = ana.says('messages in "Q3 plans"')
    assert "Without a compliance identity I see only what mentions me" in told
    assert seen["id"] in told
    assert numbers(told) == []
    assert "help" in ana.says(f"message {seen['id']}")
    assert NO_MESSAGE in ana.says(f"message {unseen['id']}")
    alone.control.person(GIL)
    assert NO_MESSAGE in alone.as_(GIL).says(f"message {seen['id']}")
    alone.rest(ANA, "DELETE", f"messages/{seen['id']}")
    assert NO_MESSAGE in ana.says(f"message {seen['id']}")
