"""Slips that everybody makes, in 1:1 and in a space: each is answered with the way on."""

from __future__ import annotations

from tests.chats import BOT, Chat
from tests.commands.companies import learn, make_space, members_of


def test_an_address_is_understood_as_mail_programs_and_hurry_write_it(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans")
    learn(chat, room)
    ana = chat.as_("ana")
    for said in (
        "mailto:ben@example.com", "<ben@example.com>", "BEN@EXAMPLE.COM", "ben@example.com,",
        "Ben Okafor <ben@example.com>", "ben@example.com.", "(ben@example.com)",
    ):  # fmt: skip
        assert "Added." in ana.says(f'add member {said} to "Q3 plans"'), said
        assert "ben@example.com" in members_of(chat, room)
        ana.says('remove member ben@example.com from "Q3 plans"')


def test_what_is_no_address_is_told_with_one_that_is(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans"))
    ana = chat.as_("ana")
    for said in ("ben@example", "ben.example.com", "ben(at)example.com", "@example.com", "ben@"):
        told = ana.says(f'add member {said} to "Q3 plans"')
        assert f"“{said}” is no e-mail address" in told, told
        assert "Write it like ana@example.com." in told
    told = ana.says('add member nobody@example.com to "Q3 plans"')
    assert "nobody with the address nobody@example.com" in told


def test_what_is_missing_is_asked_for_wherever_it_is_said(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans", with_bot=True)
    learn(chat, room)
    ana = chat.as_("ana")
    assert "[Send] or type: keep until <space> <until>" in ana.says("keep until")
    there = chat.in_space(room, ana).asks("keep until")
    assert "[Send] or type: keep until <until>" in there.text, "the space is where it is said"
    assert there["roomId"] == room["id"]
    told = ana.presses(there, "Send", until="90d")
    assert "Q3 plans" in told.text
    assert "Keep until" in told.text


def test_a_near_miss_keeps_its_words_and_a_press_does_no_more_than_show(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans", tags="pii"))
    ana = chat.as_("ana")
    told = ana.asks("serach tag:pii")
    assert "Q3 plans" in ana.presses(told, "Search tag:pii").text, "what only reads, at once"
    told = ana.asks('taag "Q3 plans" finance')
    form = ana.presses(told, 'Tag "Q3 plans" finance')
    assert "Space [Q3 plans]" in form.text
    assert "Tags [finance]" in form.text
    assert "Tags now: finance, pii" in ana.presses(form, "Send").text
    assert ana.asks("mebmers add").buttons[0] == "Add member"


def test_in_a_space_with_outsiders_what_is_private_goes_to_who_asked(chat: Chat) -> None:
    open_room = make_space(chat, "Bazaar", members=("eve@partner.example",), with_bot=True)
    learn(chat, open_room, make_space(chat, "Vault", tags="pii"))
    ana = chat.in_space(open_room, "ana")
    for said in (
        "my spaces",
        "search tag:pii",
        'explain "Vault"',
        "tags",
        "status",
        "seach tag:pii",
    ):
        told = ana.asks(said)
        if "I did not understand" in told.text:
            told = chat.as_("ana").presses(told, "Search tag:pii")
        assert told["roomType"] == "direct", said
    there = chat.control.room(open_room["id"])["messages"]
    mine = [m["text"] for m in there if m["personEmail"] == BOT]
    assert mine
    assert not [text for text in mine if "Vault" in text]
    for said in ("help", "hello", "help search", "nonsense"):
        assert ana.asks(said)["roomId"] == open_room["id"], f"{said}: no secret of anybody's"
    assert "Vault" not in ana.says("help explain"), "an example in a space is of that space"
    told = chat.in_space(open_room, "eve@partner.example").says("my spaces")
    assert "only talk about spaces with people of the company" in told


def test_the_same_in_a_space_as_in_private(chat: Chat) -> None:
    room = chat.control.space("Open", creator="ana@example.com", members=[BOT])
    learn(chat)
    for said in ("help", "help keeping", "qwertz", "danke", "serch x"):
        alone, there = chat.as_("ana").asks(said), chat.in_space(room, "ana").asks(said)
        assert alone.text == there.text, said
        assert alone.buttons == there.buttons


def test_a_space_is_made_and_named_as_people_say_it(chat: Chat) -> None:
    ana = chat.as_("ana")
    assert "Title: Lunch club\n" in ana.says("create a space called Lunch club")
    assert "Title: called Home\n" in ana.says('create space "called Home"')
    assert "Title: Den\n" in ana.says("make a room Den")


def test_people_can_be_added_here(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans", moderators=("ana",), with_bot=True)
    learn(chat, room)
    told = chat.in_space(room, "ana").says("add ben@example.com here")
    assert "Added." in told
    assert "ben@example.com" in members_of(chat, room)
    assert "Removed." in chat.in_space(room, "ana").says("remove ben@example.com here")


def test_a_title_without_its_quotes_is_told_to_go_in_quotes(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans"))
    told = chat.as_("ana").says("tag Q3 plans with finance")
    assert "Did you mean “Q3 plans”? A title of several words goes in quotes." in told


def test_what_is_meant_stands_before_its_like_for_many(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans"))
    ana = chat.as_("ana")
    told = ana.asks('keep "Q3 plans"')
    assert not [one for one in told.buttons[:2] if one.startswith("Bulk")], told.buttons
    assert told.buttons[0].startswith("Keep ")
    assert "What I can do" in ana.says("help me")
    assert "of “Q3 plans”" in ana.says("who is in Q3 plans?")
    ana.says('add ben@example.com to "Q3 plans"')
    assert "Removed." in ana.says('kick ben@example.com from "Q3 plans"')
