"""Help: only what one may do, by group, by command, and by what was perhaps meant."""

from __future__ import annotations

import pytest

from commands.registry import load
from domain.people import Role
from tests.chats import BOT, Chat

COMMANDS = sorted({one.path: one for one in load().values()}.items())
FOR_COMPLIANCE = [p for p, one in COMMANDS if one.permission.role is Role.COMPLIANCE]
FOR_ALL = [p for p, one in COMMANDS if one.permission.role is not Role.COMPLIANCE]


def test_everyone_is_told_what_they_may_do_and_nothing_else(chat: Chat) -> None:
    told = chat.as_("ana").says("help")
    lines = [line.split(" · ")[0] for line in told.splitlines()]
    assert set(FOR_ALL) <= set(lines)
    assert not set(FOR_COMPLIANCE) & set(lines)
    officers = [line.split(" · ")[0] for line in chat.as_("cleo").says("help").splitlines()]
    assert {path for path, _ in COMMANDS} <= set(officers)


def test_one_command_is_told_with_its_arguments_and_an_example(chat: Chat) -> None:
    ana = chat.as_("ana")
    told = ana.asks("help tag")
    assert 'For example: tag "Q3 plans" finance' in told.text
    assert "Tags: finance pii" in told.text
    assert "Also: space tag" in told.text
    assert "[Send]" in ana.presses(told, "Try it").text, "“Try it” shows the form"
    assert ana.says("help space tag").splitlines()[0] == "tag", "by its other words, too"


def test_the_help_of_search_tells_the_language(chat: Chat) -> None:
    told = chat.as_("ana").says("help search")
    assert "tag:finance or tag:audit · One or the other" in told
    assert "inactive:>90d · Nobody has written for that long" in told
    assert "scope:external" in told


@pytest.mark.parametrize(
    ("about", "first"), [("spaces", "create space"), ("Finding", "search"), ("keep", "keep until")]
)
def test_a_group_or_a_common_word_tells_all_of_them(chat: Chat, about: str, first: str) -> None:
    told = chat.as_("ana").says(f"help {about}")
    assert first in told
    assert "did not understand" not in told


@pytest.mark.parametrize(
    ("said", "meant"),
    [("help serch", "Search"), ("help how do I untag a space", "Untag"), ("tga here x", "Tag")],
)
def test_what_is_misspelt_is_offered(chat: Chat, said: str, meant: str) -> None:
    assert meant in chat.as_("ana").asks(said).buttons


def test_what_is_for_compliance_is_nothing_for_others(chat: Chat) -> None:
    assert FOR_COMPLIANCE
    for path in FOR_COMPLIANCE[:3]:
        told = chat.as_("ana").asks(f"help {path}")
        assert "did not understand" in told.text
        assert not {p.capitalize() for p in FOR_COMPLIANCE} & set(told.buttons)


def test_in_a_space_the_help_stays_there(chat: Chat) -> None:
    room = chat.control.space("Open", creator="ana@example.com", members=[BOT])
    told = chat.in_space(room, "ana").asks("help")
    assert told["roomId"] == room["id"]


def test_hostile_words_are_only_words(chat: Chat) -> None:
    told = chat.as_("ana").asks("help <@all> **x** \u202e${y}")
    assert "\u202e" not in told.text
    assert "mentionedGroups" not in told
    assert "${" not in str(told.card)
