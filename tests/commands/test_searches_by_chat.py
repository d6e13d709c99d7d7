"""Saved searches: kept, run by name, shared by their words, and never showing more than one may."""

from __future__ import annotations

import pytest

from spaces import saving
from tests.chats import BOT, Chat
from tests.commands.companies import learn, make_space


def two_plans(chat: Chat) -> None:
    learn(
        chat, make_space(chat, "Plans of Ana", tags="finance", by="ana", idle=120),
        make_space(chat, "Plans of Ben", tags="finance", by="ben", idle=130),
        make_space(chat, "Both plans", by="ana", members=("ben",), tags="finance", idle=10),
    )  # fmt: skip


def test_a_search_is_saved_listed_and_run_by_its_name(chat: Chat) -> None:
    two_plans(chat)
    ana = chat.as_("ana")
    saved = ana.asks('save search "Stale finance" as tag: finance inactive:>90d sort by title')
    assert "Saved." in saved.text
    assert "It looks for: tag:finance inactive:>90d sort by title" in saved.text
    assert "Plans of Ana" not in saved.text, "what it finds is not kept"
    assert "1–1 of 1 space" in ana.presses(saved, "Search").text
    listed = ana.asks("searches")
    assert "1 saved search" in listed.text
    assert "Plans of Ana" in ana.presses(listed, "1. Stale finance").text
    assert "Plans of Ana" in ana.says("run search stale FINANCE")
    learn(chat, make_space(chat, "More plans", tags="finance", by="ana", idle=200))
    assert "1–2 of 2" in ana.says('run search "stale finance"'), "it is found anew"


def test_it_is_saved_by_the_button_below_what_was_found(chat: Chat) -> None:
    two_plans(chat)
    ana = chat.as_("ana")
    form = ana.presses(ana.asks("search plans sort by size columns owner"), "Save this search …")
    saved = ana.presses(form, "Send", name="My plans")
    assert "It looks for: plans sort by size columns owner" in saved.text
    assert "Space · Owners" in ana.says("run search my plans")


def test_a_name_that_is_taken_is_told_and_replaced_only_when_one_says_so(chat: Chat) -> None:
    ana = chat.as_("ana")
    ana.says('save search "plans" as plans')
    told = ana.says('save search "Plans" as tag:finance')
    assert "You have a search “plans” already: plans" in told
    assert "Saved in place of" in ana.says(
        'save search "Plans" replacing the old one as tag:finance'
    )
    assert "tag:finance" in ana.says("searches")
    assert "Saved." in chat.as_("ben").says('save search "plans" as all'), "others' don't count"


def test_renamed_deleted_and_put_back(chat: Chat) -> None:
    ana = chat.as_("ana")
    ana.says('save search "plans" as plans')
    ana.says('save search "other" as other')
    assert "already" in ana.says('rename search "plans" to "OTHER"')
    renamed = ana.asks('rename search "plans" to "My plans"')
    assert "Renamed." in renamed.text
    assert "Was: My plans" in ana.presses(renamed, "Undo").text
    deleted = ana.asks('delete search "plans"')
    assert "Forgotten." in deleted.text
    assert "You have no search “plans”" in ana.says('run search "plans"')
    assert "Saved." in ana.presses(deleted, "Undo").text
    assert "Did you mean “plans”?" in ana.says("run search plnas")


def test_shared_with_a_person_it_is_found_by_them_and_shows_what_they_may_see(chat: Chat) -> None:
    two_plans(chat)
    ana, ben = chat.as_("ana"), chat.as_("ben")
    ben.says("status")
    ana.says('save search "stale" as tag:finance inactive:>90d')
    assert "1–1 of 1" in ana.says("run search stale")
    shared = ana.asks('share search "stale" with ben@example.com')
    assert "Shared." in shared.text
    told = ben.waits_for("shares a search")
    assert "It looks for: tag:finance inactive:>90d" in told.text
    assert "Plans of Ana" not in told.text
    found = ben.presses(told, "Search")
    assert "Plans of Ben" in found.text
    assert "Plans of Ana" not in found.text
    assert "stale of Ana Horvat" in ben.says("searches")
    assert "Plans of Ben" in ben.says('run search "stale of Ana Horvat"')
    assert "Plans of Ben" in ben.says("run search stale")
    assert "You have no search" in ben.says('delete search "stale"'), "it is not his"
    assert "shared with Ben Okafor" in ana.says("searches")
    assert "so already" in ana.says('share search "stale" with ben@example.com')
    assert "Taken back from 1 place" in ana.presses(shared, "Take it back from all").text
    assert "You have no search “stale”" in ben.says("run search stale")
    assert "It was shared with nobody" in ana.says('unshare search "stale"')


def test_shared_with_a_space_it_is_found_by_whoever_is_in_it(chat: Chat) -> None:
    room = make_space(chat, "Team room", by="ana", members=("ben",), with_bot=True)
    learn(chat, room)
    ana = chat.as_("ana")
    ana.says('save search "stale" as inactive:>90d')
    assert "Shared." in ana.says('share search "stale" with "Team room"')
    said = [m["text"] for m in chat.control.room(room["id"])["messages"] if m["personEmail"] == BOT]
    assert [one for one in said if "It looks for: inactive:>90d" in one]
    assert "stale of Ana Horvat" in chat.as_("ben").says("searches")
    assert "No saved searches" in chat.as_("dora").says("searches")


def test_it_is_not_shared_with_outsiders_nor_where_they_read_it(chat: Chat) -> None:
    learn(chat, make_space(chat, "With Eve", members=("eve@partner.example",), with_bot=True))
    ana = chat.as_("ana")
    ana.says('save search "stale" as inactive:>90d')
    assert "other organisations" in ana.says('share search "stale" with "With Eve"')
    assert "within the company only" in ana.says('share search "stale" with eve@partner.example')
    assert "I know no space" in ana.says('share search "stale" with "No such space"')
    assert "yours already" in ana.says('share search "stale" with ana@example.com')


def test_two_of_one_name_are_told_apart_by_whose_they_are(chat: Chat) -> None:
    chat.as_("ben").says("status")
    for name in ("ana", "cleo"):
        chat.as_(name).says('save search "stale" as inactive:>90d')
        chat.as_(name).says('share search "stale" with ben@example.com')
    ben = chat.as_("ben")
    told = ben.says("run search stale")
    assert "2 people shared a search “stale” with you" in told
    assert "“stale of Ana Horvat”" in told
    ben.says('save search "stale" as plans')
    assert "for: plans" in ben.says("run search stale"), "one's own comes first"


def test_there_are_limits(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "MOST", 2)
    ana = chat.as_("ana")
    assert "1 to 60 characters" in ana.says(f'save search "{"x" * 61}" as plans')
    assert "There is no condition" in ana.says('save search "bad" as tga:finance')
    assert "What is it to look for?" in ana.says('save search "bad" as page 2')
    for name in ("a", "b"):
        assert "Saved." in ana.says(f'save search "{name}" as plans')
    assert "You have 2 searches already" in ana.says('save search "c" as plans')


def test_a_name_of_signs_does_nothing(chat: Chat) -> None:
    ana = chat.as_("ana")
    for name in ("**b** [x](https://evil.example)", "<@all>", "'; drop table saved_search; --"):
        ana.says(f'save search "{name}" as plans')
        answer = ana.asks("searches")
        assert "mentionedGroups" not in answer
        assert "broke on my side" not in answer.text
    assert "3 saved searches" in ana.says("searches")
