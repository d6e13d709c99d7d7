"""How many: spaces by a search or in plain words, people of a space; only what one may see."""

from __future__ import annotations

import pytest

from tests.chats import Chat
from tests.commands.companies import learn, make_space


def test_they_are_counted_as_the_reader_may_see_them(chat: Chat) -> None:
    learn(
        chat, make_space(chat, "Q3 plans", tags="finance pii", members=("ben",), idle=100),
        make_space(chat, "Q4 plans", tags="finance", members=("eve@partner.example",)),
        make_space(chat, "Lunch", by="ben", tags="fun"),
    )  # fmt: skip
    ana, ben, cleo = chat.as_("ana"), chat.as_("ben"), chat.as_("cleo")
    for said in ("how many spaces", "How many spaces are there?", "how many spaces do I have?"):
        assert "Group spaces: 2\nDirect conversations: 1" in ana.says(said), "the one with me, too"
    assert "Group spaces: 3" in cleo.says("how many spaces")
    assert "that you are in" in ana.says("how many spaces")
    for said in (
        "how many spaces tagged finance", "how many spaces are tagged finance?",
        "how many tag:finance", "how many rooms tagged fun or pii",
    ):  # fmt: skip
        assert cleo.says(said).startswith("2 spaces"), said
    assert ben.says("how many spaces tagged finance").startswith("1 space")
    assert cleo.says("how many spaces are external?").startswith("1 space")
    told = cleo.asks("how many spaces unused for 90 days")
    assert told.text.startswith("1 space")
    assert "I looked for: inactive:>90d" in told.text
    assert "Q3 plans" in cleo.presses(told, "Show them").text
    assert "No space" in ana.says("how many spaces tagged fun"), (
        "none and none of theirs read alike"
    )
    assert ana.says("how many spaces tagged fun").replace("fun", "x") == ana.says(
        "how many spaces tagged x"
    )


def test_people_of_a_space_are_counted_for_who_is_in_it(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans", members=("ben",)))
    told = chat.as_("ana").asks('how many people are in "Q3 plans"?')
    assert told.text.startswith("2 people")
    assert "Ben Okafor" in chat.as_("ana").presses(told, "Show them").text
    assert chat.as_("ben").says("how many people in Q3 plans").startswith("2 people")
    chat.control.person("carl@example.com")
    assert "I know no space" in chat.as_("carl@example.com").says('how many people in "Q3 plans"')
    assert "for compliance" in chat.as_("ana").says("how many people are there?")
    assert "Of the company" in chat.as_("cleo").says("how many people do we have?")


@pytest.mark.parametrize("said", ["how many spaces tag:", "how many spaces (", "how many x" * 40])
def test_what_can_not_be_read_is_asked_back(chat: Chat, said: str) -> None:
    assert "broke on my side" not in chat.as_("ana").says(said)
