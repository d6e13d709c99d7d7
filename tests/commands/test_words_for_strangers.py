"""What somebody meets who tries this for the first time: slips are caught and said, and whatever
is offered for typing can be typed."""

from __future__ import annotations

import re

from tests.chats import Chat
from tests.commands.companies import learn, make_space


def offered(text: str, button: str) -> str:
    """What a card says to type instead of its button."""
    [typed] = re.findall(rf"\[{re.escape(button)}\] or type: (.+)", text)
    return str(typed)


def test_the_way_back_is_typed_with_titles_and_addresses_and_works(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans"))
    ana = chat.as_("ana")
    way_back = offered(ana.says('tag "Q3 plans" finance pii'), "Undo")
    assert way_back == 'untag "Q3 plans" finance pii'
    way_back = offered(ana.says(way_back), "Undo")
    assert way_back == 'tag "Q3 plans" finance pii as new', "what they were, it asks nothing"
    assert "Tags now: finance, pii" in ana.says(way_back)
    way_back = offered(ana.says('add member dora@example.com to "Q3 plans"'), "Undo")
    assert way_back == 'remove member dora@example.com from "Q3 plans"'
    way_back = offered(ana.says(way_back), "Undo")
    assert way_back == 'add member dora@example.com to "Q3 plans"'
    assert "Added." in ana.says(way_back)


def test_a_form_says_how_all_of_it_is_typed(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans"))
    ana, cleo = chat.as_("ana"), chat.as_("cleo")
    assert offered(ana.says("add member"), "Send") == "add member <people> to <space>"
    assert offered(ana.says('tag "Q3 plans"'), "Send") == 'tag "Q3 plans" <tags>'
    said = ana.says("create space with ben@example.com tagged finance")
    assert offered(said, "Send") == "create space <title> with ben@example.com tagged finance"
    said = cleo.says("policy new x then delete after 90d cap 5")
    assert offered(said, "Send") == "policy new x <query> then delete after 90d cap 5"


def test_words_astray_are_told_instead_of_being_taken_for_a_title(chat: Chat) -> None:
    ana = chat.as_("ana")
    said = ana.says('create space "Plans" wiht ben@example.com')
    assert "I don't know what “wiht ben@example.com” means after “Plans”" in said
    assert "1–1 of 1" not in ana.says("search plans"), "nothing was made"
    said = ana.says('add member ben@example.com "Plans"')
    assert "“Plans” is no e-mail address" in said
    assert "Say “to” or “from” before the space" in said
    assert "missing between the quotes" in ana.says('search ""')
    learn(chat, make_space(chat, "Plans"))
    assert "Tags: nothing is named." in ana.says('tag "Plans" ""')


def test_each_command_that_may_have_been_meant_is_offered_once(chat: Chat) -> None:
    ana = chat.as_("ana")
    assert ana.asks("creat space X").buttons == ["Create space X", "Help"]
    assert ana.asks("helpp").buttons == ["Help"]


def test_spaces_of_one_title_are_told_apart(chat: Chat) -> None:
    rooms = [make_space(chat, "Twins") for _ in range(2)]
    learn(chat, *rooms)
    ana = chat.as_("ana")
    said = ana.says('explain "Twins"')
    assert "2 spaces have that title" in said
    assert "1. created " in said
    assert all(room["id"] in said for room in rooms)
    found = ana.says('search "Twins"')
    typed = {offered(found, f"{number}. Twins") for number in (1, 2)}
    assert typed == {f"space {room['id']}" for room in rooms}


def test_a_keep_of_ten_years_is_not_called_for_ever(chat: Chat) -> None:
    said = chat.as_("cleo").says("policy new books tag:books then keep for 10y from creation floor")
    assert "nothing may end them before 10 years after they were created" in said
    assert "Keep for: 10 years from their creation" in said
    assert "for ever" not in said
    assert "Warnings" not in said
