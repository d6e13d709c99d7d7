"""Help: only what one may do, by group, by command, and by what was perhaps meant."""

from __future__ import annotations

import pytest

from commands.registry import load
from commands.spec import Command
from commands.trying import try_button
from commands.wording import match, words_of
from domain.people import Role
from tests.chats import BOT, Chat
from tests.commands.companies import learn, make_space

REGISTRY = load()
COMMANDS = sorted({one.path: one for one in REGISTRY.values()}.items())
CHANGES = [one for _, one in COMMANDS if not one.only_reads]
TOPIC_OF = {path: one.group for path, one in COMMANDS}
FOR_COMPLIANCE = [p for p, one in COMMANDS if one.permission.role is Role.COMPLIANCE]
FOR_ALL = [p for p, one in COMMANDS if one.permission.role is not Role.COMPLIANCE]


def test_the_overview_is_a_line_and_a_press_for_each_topic(chat: Chat) -> None:
    for who, some in (("ana", FOR_ALL), ("cleo", [path for path, _ in COMMANDS])):
        told = chat.as_(who).asks("help")
        topics = list(dict.fromkeys(TOPIC_OF[path] for path in some))
        lines = told.text.splitlines()
        assert sorted(line.split(" · ")[0] for line in lines if " · " in line) == sorted(topics)
        assert sorted(told.buttons) == sorted(topics)
        assert len(lines) < 3 * len(topics) + 5, "short, however many commands there are"


def test_everyone_finds_what_they_may_do_by_pressing_and_nothing_else(chat: Chat) -> None:
    for who, some in (("ana", FOR_ALL), ("cleo", [path for path, _ in COMMANDS])):
        person, found = chat.as_(who), []
        overview = person.asks("help")
        for topic in overview.buttons:
            page = person.presses(overview, topic)
            while True:
                found += [line.split(" · ")[0] for line in page.text.splitlines() if " · " in line]
                if "Next" not in page.buttons:
                    break
                page = person.presses(page, "Next")
        assert sorted(found) == sorted(some)


def test_one_command_is_told_with_its_arguments_and_an_example(chat: Chat) -> None:
    ana = chat.as_("ana")
    told = ana.asks("help tag")
    assert 'tag "Q3 plans" finance' in told.text.splitlines()
    assert "Tags: finance pii" in told.text
    assert "Also: space tag" in told.text
    assert "For who manages the space, and compliance." in told.text
    assert "[Send]" in ana.presses(told, "Form").text
    assert ana.says("help space tag").splitlines()[0] == "Tag", "by its other words, too"


def test_the_example_of_what_only_reads_is_done_with_a_space_of_ones_own(chat: Chat) -> None:
    learn(chat, make_space(chat, "Marble hall", by="ben"), make_space(chat, "Q3 plans", by="ana"))
    ben = chat.as_("ben")
    told = ben.asks("help explain")
    assert told.buttons[0] == 'Explain "Marble hall"'
    assert "What becomes of “Marble hall”" in ben.presses(told, 'Explain "Marble hall"').text
    found = ben.presses(ben.asks("help search"), "Search tag:finance inactive:>90d")
    assert "tag:finance inactive:>90d" in found.text


def test_the_example_of_what_changes_something_only_opens_its_form(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans"))
    ana = chat.as_("ana")
    form = ana.presses(ana.asks("help tag"), 'Tag "Q3 plans" finance')
    assert form.text.splitlines()[0] == "Tag"
    assert "Tags [finance] – finance pii" in form.text, "filled in"
    assert "Space – title, or “here”" in form.text, "which space is theirs to say"
    assert "Tags now: finance" in ana.presses(form, "Send", space="Q3 plans").text


@pytest.mark.parametrize("one", CHANGES, ids=lambda one: one.path)
def test_no_press_of_an_example_changes_anything(one: Command) -> None:
    """Asked of the buttons themselves, of each command that does more than read."""
    for example in one.examples:
        found = match(REGISTRY, words_of(example))
        assert found is not None
        for is_real in (True, False):
            button = try_button(one, found.words, example, is_real=is_real)
            assert button.press.command == "help"
            assert button.press.args["fill_in"] == one.path


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
    [
        ("help serch", "Search"),
        ("help how do I untag a space", "Untag"),
        ("tga here x", "Tag here x"),
        ("show a list of spaces", "List spaces"),
        ("please create a new space for me", "Create space"),
        ("member add ben@example.com", "Add member ben@example.com"),
        ("serach tag:finance", "Search tag:finance"),
        ("the tags please", "Tags"),
    ],
)
def test_what_is_misspelt_is_offered(chat: Chat, said: str, meant: str) -> None:
    assert meant in chat.as_("ana").asks(said).buttons


@pytest.mark.parametrize("about", ["policies", "holds", *FOR_COMPLIANCE[:3]])
def test_what_is_for_compliance_is_said_to_be_and_what_to_do_instead(
    chat: Chat, about: str
) -> None:
    told = chat.as_("ana").asks(f"help {about}")
    assert "that is for compliance" in told.text
    assert "What you can do yourself:" in told.text
    assert not {p.capitalize() for p in FOR_COMPLIANCE} & set(told.buttons)
    assert told.buttons[-1] == "Help"


def test_nobody_is_offered_what_they_may_not_do(chat: Chat) -> None:
    assert chat.as_("cleo").asks("polcy list").buttons == ["Policy list", "Help"]
    assert not [b for b in chat.as_("ana").asks("polcy list").buttons if "olicy" in b]


def test_in_a_space_the_help_stays_there(chat: Chat) -> None:
    room = chat.control.space("Open", creator="ana@example.com", members=[BOT])
    told = chat.in_space(room, "ana").asks("help")
    assert told["roomId"] == room["id"]


def test_hostile_words_are_only_words(chat: Chat) -> None:
    told = chat.as_("ana").asks("help <@all> **x** \u202e${y}")
    assert "\u202e" not in told.text
    assert "mentionedGroups" not in told
    assert "${" not in str(told.card)


@pytest.mark.parametrize(
    ("said", "hello"),
    [
        ("hi", "Hello Ana Horvat"),
        ("Guten Tag!", "Guten Tag Ana Horvat"),
        ("bonjour spacekeeper", "Bonjour Ana Horvat"),
    ],
)
def test_a_greeting_is_greeted_in_kind_with_three_things_to_press(
    chat: Chat, said: str, hello: str
) -> None:
    ana = chat.as_("ana")
    first, again = ana.asks(said), ana.asks(said)
    for told in (first, again):
        assert told.text.splitlines()[0] == hello
        assert told.buttons == ["My spaces", "Not used for 90 days", "What I can do"]
        assert ("I speak English" in told.text) == (hello != "Hello Ana Horvat")
    assert "I look after the spaces" in first.text
    assert "I look after the spaces" not in again.text
    assert "What I can do" in ana.presses(first, "What I can do").text
    assert "1–1 of 1" in ana.presses(again, "My spaces").text
    assert "Not used" not in ana.presses(again, "Not used for 90 days").text


def test_compliance_and_a_space_are_greeted_as_fits_them(chat: Chat) -> None:
    assert chat.as_("cleo").asks("hello").buttons[0] == "How all stands"
    room = chat.control.space("Open", creator="ana@example.com", members=[BOT])
    told = chat.in_space(room, "ana").asks("hello")
    assert told["roomId"] == room["id"]
    assert told.buttons == ["About this space", "Will it go?", "What I can do"]
    assert chat.in_space(room, "ana").asks("").buttons == told.buttons, "a bare mention"


@pytest.mark.parametrize("said", ["thanks!", "Danke schön", "merci", "thank you 🙏"])
def test_thanks_are_not_answered_with_a_wall_of_help(chat: Chat, said: str) -> None:
    told = chat.as_("ana").asks(said)
    assert told.text.splitlines()[0] == "You are welcome"
    assert told.buttons == ["What I can do"]


def test_help_is_asked_for_in_other_languages_too(chat: Chat) -> None:
    for said in ("Hilfe", "aide", "¿ayuda?"):
        assert chat.as_("ana").says(said).startswith("What I can do"), said


def test_the_topic_of_tags_has_what_people_do_with_tags(chat: Chat) -> None:
    told = chat.as_("ana").asks("help topic tags")
    assert {"Tag", "Untag", "Tags"} <= set(told.buttons)
