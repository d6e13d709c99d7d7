"""Renaming, merging and dropping tags, by compliance, as a conversation."""

from __future__ import annotations

import re

import pytest

from tests.chats import Answer, Chat
from tests.commands.companies import learn, make_space
from tests.commands.test_tags_by_chat import tags_of


def code_on(card: Answer) -> str:
    found = re.search(r"type this code: (\d{6})", card.text)
    assert found, card.text
    return found[1]


def some(chat: Chat) -> None:
    learn(
        chat, make_space(chat, "Books", tags="finance"), make_space(chat, "Cash", tags="fin q3"),
        make_space(chat, "Party", tags="fun"),
    )  # fmt: skip


def test_a_tag_is_renamed_after_a_look_and_back_again(chat: Chat) -> None:
    some(chat)
    cleo = chat.as_("cleo")
    asked = cleo.asks("tag rename finance to money")
    assert "I did nothing yet." in asked.text
    assert "Spaces that have it: 1 space" in asked.text
    assert "Books · finance → money" in asked.text
    assert tags_of(chat, "Books") == "finance"
    done = cleo.presses(asked, "Rename")
    assert "Rename “finance” to “money”: done." in done.text
    assert tags_of(chat, "Books") == "money"
    assert "Undone." in cleo.presses(done, "Undo").text
    assert tags_of(chat, "Books") == "finance"


def test_tags_are_merged_and_each_space_has_it_once(chat: Chat) -> None:
    some(chat)
    cleo = chat.as_("cleo")
    asked = cleo.asks("tag merge fin, q3 into finance")
    assert "Have “finance” already: 1 space" in asked.text
    cleo.presses(asked, "Merge")
    assert tags_of(chat, "Cash") == "finance"
    assert "Given back: fin, q3" in cleo.says("tag undo q3")
    assert tags_of(chat, "Cash") == "fin, q3"


def test_a_tag_is_dropped_everywhere(chat: Chat) -> None:
    some(chat)
    cleo = chat.as_("cleo")
    asked = cleo.asks("tag drop q3")
    assert "finds them no more" in asked.text
    cleo.presses(asked, "Take off")
    assert tags_of(chat, "Cash") == "fin"
    assert "q3" not in cleo.says("tags")


def test_above_twenty_the_code_is_typed(chat: Chat) -> None:
    learn(chat, *(make_space(chat, f"S{n}", tags="finance") for n in range(21)))
    cleo = chat.as_("cleo")
    asked = cleo.asks("tag rename finance to money")
    assert "And 11 more." in asked.text
    wrong = "000000" if code_on(asked) != "000000" else "111111"
    assert "not the code" in cleo.presses(asked, "Rename", code=wrong).text
    assert "I have nothing to confirm" in chat.as_("dora").says(f"confirm {code_on(asked)}")
    assert "done." in cleo.says(f"confirm {code_on(asked)}")
    assert "money · 21" in cleo.says("tags")


def test_a_space_that_got_it_in_between_stops_it(chat: Chat) -> None:
    some(chat)
    cleo = chat.as_("cleo")
    asked = cleo.asks("tag rename finance to money")
    assert "Tagged." in chat.as_("ana").says('tag "Party" finance')
    assert "The list has changed since you saw it" in cleo.presses(asked, "Rename").text
    assert tags_of(chat, "Books") == "finance"


def test_of_two_officers_who_rename_the_same_the_second_is_told(chat: Chat) -> None:
    some(chat)
    cleo, dora = chat.as_("cleo"), chat.as_("dora")
    hers, his = cleo.asks("tag rename finance to money"), dora.asks("tag rename finance to cash")
    assert "done." in cleo.presses(hers, "Rename").text
    assert "The list has changed" in dora.presses(his, "Rename").text
    assert "No space has the tag “finance”" in dora.says("tag rename finance to cash")
    assert tags_of(chat, "Books") == "money"


def test_a_policy_stands_against_it_and_says_what_to_do(chat: Chat) -> None:
    some(chat)
    cleo, dora = chat.as_("cleo"), chat.as_("dora")
    cleo.says("policy new cleanup tag:finance then block after 90d cap 5")
    asked = cleo.asks("tag rename finance to money")
    assert "The policy “cleanup” names it and does nothing yet" in asked.text
    shown = dora.says("policy approve cleanup")
    code = re.search(r"\b(\d{6})\b", shown)
    assert code, shown
    assert "You agreed" in dora.says(f"policy approve cleanup code {code[1]}")
    refused = cleo.presses(asked, "Rename").text
    assert "The policy “cleanup” asks for tag:finance" in refused
    assert "have it agreed to" in refused
    assert tags_of(chat, "Books") == "finance"


@pytest.mark.parametrize(
    "words",
    [
        "tag rename finance to money",
        "tag merge fin into finance",
        "tag drop fun",
        "tag undo fun",
        "tag rename nosuch to x",
    ],
)
def test_nobody_else_learns_anything_by_it(chat: Chat, words: str) -> None:
    some(chat)
    told = chat.as_("ana").says(words)
    assert "for compliance" in told
    assert "No space has" not in told
    assert "Books" not in told


@pytest.mark.parametrize("bad", ["<@all>", "two words", "рii", "{{x}}", "none"])
def test_no_new_name_is_hostile(chat: Chat, bad: str) -> None:
    some(chat)
    told = chat.as_("cleo").says(f'tag rename finance to "{bad}"')
    assert "can't be a tag" in told
    assert "can't be a tag" in chat.as_("cleo").says(f'tag merge fin into "{bad}"')
