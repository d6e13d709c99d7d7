"""Searching, in words and by the card: what is found, what is told, and what nobody learns."""

from __future__ import annotations

import pytest

from tests.chats import BOT, Chat
from tests.commands.companies import learn, make_space

HOSTILE = (
    "**bold** [here](https://evil.example) `x`",
    '<b onclick="x">Plans</b> <@all> <@personEmail:eve@partner.example|Eve>',
    "Plans \u202egnp.exe",
    "Plаns",  # with a Cyrillic а
    "${secret} {{DATE(2026,SHORT)}}",
    "Plans " + "x" * 990,
)


def test_search_alone_shows_the_form_and_the_form_searches(chat: Chat) -> None:
    learn(
        chat, make_space(chat, "Q3 plans", tags="finance", idle=120),
        make_space(chat, "Q4 plans", idle=120), make_space(chat, "Lunch", tags="finance"),
    )  # fmt: skip
    ana = chat.as_("ana")
    form = ana.asks("search")
    assert "Find spaces" in form.text
    assert "Directory group of a member" in form.text
    found = ana.presses(form, "Search", tag="finance", inactive=">90d", scope="any")
    assert "1–1 of 1 space" in found.text
    assert "Q3 plans" in found.text
    assert found["id"] == form["id"], "the answer takes the form's place"


def test_what_is_asked_seldom_stands_behind_a_button_of_the_form(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans", members=("ben",)), make_space(chat, "Q3 alone"))
    ana = chat.as_("ana")
    found = ana.presses(
        ana.asks("search"), "Search by these too", query="Q3", member="ben@example.com"
    )
    assert "Q3 plans" in found.text
    assert "Q3 alone" not in found.text


def test_an_empty_form_is_not_everything(chat: Chat) -> None:
    ana = chat.as_("ana")
    assert "Nothing is filled in" in ana.presses(ana.asks("search"), "Search").text


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("search plans", {"Q3 plans", "Plans for Vienna"}),
        ('search "for vienna"', {"Plans for Vienna"}),
        ("find tag:finance or tag:pii", {"Q3 plans", "Lunch"}),
        ("search tag: finance -plans", {"Lunch"}),
        ("search for (plans or lunch) not tag:pii", {"Q3 plans", "Plans for Vienna"}),
        ("find spaces inactive:>90d", {"Plans for Vienna"}),
        ("list spaces", {"Q3 plans", "Plans for Vienna", "Lunch"}),
        ("spaces tag:none type:group", {"Plans for Vienna"}),
        ("search all type:group", {"Q3 plans", "Plans for Vienna", "Lunch"}),
    ],
)
def test_the_language_can_be_typed_in_many_ways(chat: Chat, said: str, found: set[str]) -> None:
    learn(
        chat, make_space(chat, "Q3 plans", tags="finance"),
        make_space(chat, "Plans for Vienna", idle=200),
        make_space(chat, "Lunch", tags="finance pii"),
    )  # fmt: skip
    told = chat.as_("ana").says(said)
    assert {title for title in ("Q3 plans", "Plans for Vienna", "Lunch") if title in told} == found


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("search external", "scope:external"),
        ("find spaces with outsiders", "scope:external"),
        ("spaces not used for 90 days", "inactive:>90d"),
        ("search inactive > 90 days", "inactive:>90d"),
        ("search finance", "tag:finance"),
        ("search eve@partner.example", "member:eve@partner.example"),
        ("search partner.example", "domain:partner.example"),
    ],
)
def test_conditions_in_plain_words_are_not_answered_with_a_bare_none(
    chat: Chat, said: str, meant: str
) -> None:
    learn(
        chat, make_space(chat, "Old deal", members=("eve@partner.example",), idle=200),
        make_space(chat, "Q3 plans", tags="finance"),
    )  # fmt: skip
    ana = chat.as_("ana")
    told = ana.asks(said)
    assert "No spaces found" in told.text
    assert "in the title" in told.text, "how it was read"
    assert told.buttons[0] == meant
    assert "1–1 of 1 space" in ana.presses(told, meant).text
    for nonsense in ("zzz", "inactive 0 days", "a b c", '"tag:" x', "used 9999 years"):
        assert "Did you mean" not in ana.says(f"search {nonsense}")


def test_what_may_have_been_meant_tells_nobody_of_what_they_may_not_see(chat: Chat) -> None:
    learn(chat, make_space(chat, "Vault", by="dora", members=("eve@partner.example",), tags="pii"))
    for said in ("search external", "search pii", "search dora@example.com"):
        told = chat.as_("ana").says(said)
        assert "No spaces found" in told
        assert "Did you mean" not in told


def test_many_are_told_page_by_page(chat: Chat) -> None:
    learn(chat, *(make_space(chat, f"Plan {n:02}", idle=n + 1) for n in range(23)))
    ana = chat.as_("ana")
    first = ana.asks("search plan")
    assert "1–10 of 23 spaces" in first.text
    assert "Previous" not in first.buttons
    second = ana.presses(first, "Next")
    assert "11–20 of 23" in second.text
    assert "Plan 10" in second.text
    third = ana.presses(second, "Next")
    assert "21–23 of 23" in third.text
    assert "Next" not in third.buttons
    assert "11–20 of 23" in ana.presses(third, "Previous").text
    assert "11–20 of 23" in ana.presses(first, "Next").text, "pages can be turned again"
    assert "21–23 of 23" in ana.says("search plan page 3")
    assert "21–23 of 23" in ana.says("search plan page 99"), "behind the last one is the last"


def test_a_bad_query_comes_back_on_the_form_with_its_place_and_what_was_meant(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans", tags="finance"))
    ana = chat.as_("ana")
    form = ana.asks("search plans tga:finance")
    assert "There is no condition “tga”" in form.text
    assert "plans ▸ tga:finance" in form.text
    assert "plans tag:finance" in form.buttons
    assert "[plans tga:finance]" in form.text, "it stands in the field, to be put right"
    assert "Q3 plans" in ana.presses(form, "plans tag:finance").text


def test_a_bad_field_is_told_by_its_name_and_the_others_keep_what_they_say(chat: Chat) -> None:
    ana = chat.as_("ana")
    form = ana.presses(ana.asks("search"), "Search", tag="finance", inactive="soon")
    assert "Inactive for:" in form.text
    assert "[finance]" in form.text
    assert "[soon]" in form.text


def test_a_query_that_is_far_too_long_is_told_and_breaks_nothing(chat: Chat) -> None:
    assert "at most 200 characters" in chat.as_("ana").says("search " + "plan " * 1200)


def test_a_member_finds_and_counts_only_their_own_and_compliance_all(chat: Chat) -> None:
    learn(
        chat, make_space(chat, "Plans of Ana", tags="secret"),
        make_space(chat, "Plans of both", members=("ben",)),
    )  # fmt: skip
    ben = chat.as_("ben").says("search plans")
    assert "1–1 of 1 space" in ben
    assert "Plans of Ana" not in ben
    none = chat.as_("ben").says("search tag:secret")
    nothing = chat.as_("ben").says("search tag:nothing")
    assert none.replace("secret", "nothing") == nothing, "“no” and “none” read the same"
    assert "1–2 of 2 spaces" in chat.as_("cleo").says("search plans")


def test_each_row_tells_who_owns_the_space_and_what_it_is(chat: Chat) -> None:
    learn(
        chat,
        make_space(chat, "Q3 plans", members=("ben", "eve@partner.example"), moderators=("ben",)),
        make_space(chat, "Old plans", idle=400, tags="audit"),
    )  # fmt: skip
    lines = chat.as_("cleo").says("search plans").splitlines()
    [new] = [line for line in lines if line.startswith("1. Q3 plans")]
    [old] = [line for line in lines if line.startswith("2. Old plans")]
    assert "external" in new
    assert "today, 3 people, owned by Ben Okafor" in new
    assert "tags: audit" in old
    assert "1 person, owned by Ana Horvat" in old


def test_an_outsider_learns_nothing(chat: Chat) -> None:
    learn(chat, make_space(chat, "Plans with Eve", members=("eve@partner.example",)))
    told = chat.as_("eve@partner.example").says("search plans")
    assert "only talk" in told
    assert "Plans with Eve" not in told


def test_in_a_space_the_answer_comes_only_to_whoever_asked(chat: Chat) -> None:
    room = make_space(chat, "Open", members=("eve@partner.example",), with_bot=True)
    learn(chat, room, make_space(chat, "Secret plans"))
    answer = chat.in_space(room, "ana").asks("search plans")
    assert "Secret plans" in answer.text
    assert answer["roomType"] == "direct"
    said = [m["text"] for m in chat.control.room(room["id"])["messages"] if m["personEmail"] == BOT]
    assert said == ["I have answered you 1:1."]


def test_a_direct_conversation_is_called_by_its_people(chat: Chat) -> None:
    chat.rest("ana@example.com", "POST", "messages", toPersonEmail="ben@example.com", text="psst")
    learn(chat)
    told = chat.as_("cleo").says("search type:direct member:ben")
    assert "Ana Horvat and Ben Okafor" in told or "Ben Okafor and Ana Horvat" in told
    assert "direct" in told


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_title_is_shown_and_does_nothing(chat: Chat, title: str) -> None:
    learn(chat, make_space(chat, title))
    answer = chat.as_("ana").asks("list spaces type:group")
    assert "1–1 of 1 space" in answer.text
    assert "\u202e" not in answer.text
    assert "${" not in str(answer.card)
    assert "mentionedPeople" not in answer
    assert "mentionedGroups" not in answer


def test_a_query_of_signs_is_never_our_fault(chat: Chat) -> None:
    ana = chat.as_("ana")
    for query in (
        '"',
        "(",
        ")(",
        "tag:",
        "-",
        "or",
        "a or",
        "not",
        "tag:\u202e",
        "🙂",
        "'; --",
        "%",
    ):
        assert "broke on my side" not in ana.says(f"search {query}")
