"""Sorting, columns and counting, in words and by buttons."""

from __future__ import annotations

import pytest

from tests.chats import Chat
from tests.commands.companies import learn, make_space


def in_order(told: str, *titles: str) -> bool:
    places = [told.find(title) for title in titles]
    return -1 not in places and places == sorted(places)


def a_few(chat: Chat) -> None:
    learn(
        chat, make_space(chat, "Bravo plans", tags="finance", idle=3),
        make_space(chat, "Alpha plans", members=("ben", "cleo"), idle=90, tags="finance pii"),
        make_space(chat, "Charlie plans", by="ben", members=("ana",), idle=30),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("how", "order"),
    [
        ("", "BCA"), ("sort by title", "ABC"), ("sorted by title desc", "CBA"),
        ("sort by activity asc", "ACB"), ("order by created", "BCA"), ("sort by size", "ACB"),
        ("sort by size asc", "BCA"), ("sort by owner", "BAC"),
    ],
)  # fmt: skip
def test_it_is_sorted_as_it_is_said(chat: Chat, how: str, order: str) -> None:
    a_few(chat)
    names = {"A": "Alpha plans", "B": "Bravo plans", "C": "Charlie plans"}
    told = chat.as_("ana").says(f"search plans {how}")
    if how == "sort by owner":  # two of them are Ana's, in the order of their keys
        assert told.find("Charlie") > told.find("Alpha") > 0
    else:
        assert in_order(told, *(names[one] for one in order)), told


def test_a_page_keeps_its_order_and_its_columns(chat: Chat) -> None:
    learn(chat, *(make_space(chat, f"Plan {n:02}", idle=n % 3) for n in range(23)))
    ana = chat.as_("ana")
    first = ana.asks("search plan sort by title desc columns title, owner page 2")
    assert "11–20 of 23 spaces" in first.text
    assert "Sorted by title, from Z to A" in first.text
    assert "Space · Owners" in first.text
    assert in_order(first.text, "Plan 12", "Plan 03")
    last = ana.presses(first, "Next")
    assert in_order(last.text, "21–23 of 23", "Plan 02", "Plan 01", "Plan 00")
    assert "Space · Owners" in last.text
    assert "Plan 12" in ana.presses(last, "Previous").text


def test_columns_are_shown_in_words_that_say_what_they_are(chat: Chat) -> None:
    a_few(chat)
    told = chat.as_("cleo").says(
        "search alpha columns title, owner, members, tags, classification, activity, created,"
        " state, team, scope, type, creator"
    )
    for words in (
        "Ana Horvat", "3 people", "finance, pii", "not classified", "3 months ago", "made ",
        "nothing runs", "no team", "internal", "group", "by ana@example.com",
    ):  # fmt: skip
        assert words in told, told


def test_what_can_not_be_sorted_by_or_shown_is_told_with_what_can(chat: Chat) -> None:
    ana = chat.as_("ana")
    assert "I can't sort by “colour”" in ana.says("search plans sort by colour")
    told = ana.says("search plans columns title, ownr")
    assert "no column “ownr”" in told
    assert "Did you mean owner?" in told


def test_in_quotes_they_are_words_of_a_title(chat: Chat) -> None:
    learn(chat, make_space(chat, "How to sort by title"), make_space(chat, "Columns of Rome"))
    ana = chat.as_("ana")
    assert "How to sort by title" in ana.says('search "sort by title"')
    assert "Columns of Rome" in ana.says("search columns of rome")
    assert "Columns of Rome" in ana.says("search columns")


def test_the_order_is_changed_by_buttons_and_turned_by_the_same_button(chat: Chat) -> None:
    a_few(chat)
    ana = chat.as_("ana")
    choice = ana.presses(ana.asks("search plans columns owner"), "Sort by …")
    first = ana.presses(choice, "Title")
    assert in_order(first.text, "Alpha plans", "Bravo plans", "Charlie plans")
    assert "Space · Owners" in first.text
    turned = ana.presses(ana.presses(first, "Sort by …"), "Title")
    assert in_order(turned.text, "Charlie plans", "Bravo plans", "Alpha plans")
    form = ana.presses(ana.presses(turned, "Sort by …"), "Change words and columns")
    assert "[plans]" in form.text
    found = ana.presses(form, "Search", order="size desc", query="plans")
    assert in_order(found.text, "Alpha plans", "Charlie plans", "Bravo plans")


def test_the_form_asks_for_order_and_columns(chat: Chat) -> None:
    a_few(chat)
    ana = chat.as_("ana")
    found = ana.presses(
        ana.asks("search"), "Search by these too", query="plans", order="title asc",
        columns="owner,tags",
    )  # fmt: skip
    assert in_order(found.text, "Space · Owners · Tags", "Alpha plans", "Bravo plans")


def test_an_answer_is_counted_and_narrowed_down_by_pressing(chat: Chat) -> None:
    a_few(chat)
    learn(chat, make_space(chat, "Other", tags="lunch"))
    ana = chat.as_("ana")
    overview = ana.presses(ana.asks("search plans"), "Count by …")
    assert "3 spaces" in overview.text
    assert "Tags · finance 2; pii 1; Without a tag 1" in overview.text
    assert "Owner · Ana Horvat 2; Ben Okafor 1" in overview.text
    assert "lunch" not in overview.text
    tags = ana.presses(overview, "Tags")
    assert "3 spaces by tags" in tags.text
    assert "finance · 2" in tags.text
    narrowed = ana.presses(tags, "finance (2)")
    assert "1–2 of 2 spaces" in narrowed.text
    assert "Charlie" not in narrowed.text
    again = ana.presses(ana.presses(narrowed, "Count by …"), "Owner")
    assert "1–2 of 2" in ana.presses(again, "Ana Horvat (2)").text


def test_counts_are_said_in_words_too(chat: Chat) -> None:
    a_few(chat)
    ana = chat.as_("ana")
    assert "3 spaces by owner" in ana.says("facets plans by owner")
    assert "Bravo" not in ana.says("count plans by size")
    assert "spaces by inactive for" in ana.says("count by inactive")
    assert "Did you mean owner?" in ana.says("facets plans by ownr")
    assert "There is no condition “tga”" in ana.says("facets tga:x")


def test_nothing_is_not_counted_nine_times(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans"))
    assert "No spaces found" in chat.as_("ana").says("facets owner")


def test_nobody_learns_by_counting_what_they_may_not_see(chat: Chat) -> None:
    learn(
        chat, make_space(chat, "Plans of Ana", tags="merger", by="ana", members=("dora",)),
        make_space(chat, "Plans of Ben", tags="lunch", by="ben"),
    )  # fmt: skip
    ben = chat.as_("ben")
    for said in ("facets plans", "count plans by tag", "facets plans by owner",
                 "facets plans by creator"):  # fmt: skip
        told = ben.says(said)
        assert "1 space" in told
        assert "merger" not in told
        assert "Ana Horvat" not in told
    assert "2 spaces" in chat.as_("cleo").says("facets plans")


def test_a_hostile_team_or_tag_is_counted_and_does_nothing(chat: Chat) -> None:
    ana = chat.as_("ana")
    for query in ('"', "(", "tag:", "'; drop table space; --", "%", "\u202e", "x" * 300):
        for said in (f"facets {query}", f"facets {query} by tag", f"search {query} sort by owner"):
            assert "broke on my side" not in ana.says(said)
