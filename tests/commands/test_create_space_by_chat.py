"""Creating spaces: alone, with people and tags, in a team; and whatever the title is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.ids import RoomId
from spaces.classifying import find_level
from spaces.creating import create_space
from tests.chats import BOT, Chat
from tests.commands.companies import members_of
from tests.commands.test_search_by_chat import HOSTILE

ANA, BEN = "ana@example.com", "ben@example.com"


def rooms(chat: Chat) -> list[dict[str, Any]]:
    """The group spaces that were made, as the server has them."""
    made = [e["object"] for e in chat.control.effects("room.created")]
    return [room for room in made if room["type"] == "group"]


def test_a_space_is_made_and_all_that_webex_says_of_it_is_shown(chat: Chat) -> None:
    told = chat.as_("ana").asks('create space "Q3 plans"')
    [room] = rooms(chat)
    for value in (
        "Title: Q3 plans", room["id"], "Type: group", "Locked: no", "Last activity: ",
        room["creatorId"], "Created: ", "Created for: Ana Horvat",
        "[Open in Webex] webexteams://im?space=",
    ):  # fmt: skip
        assert value in told.text
    assert set(members_of(chat, room)) == {ANA, BOT}


def test_the_form_takes_people_and_tags_along(chat: Chat) -> None:
    ana = chat.as_("ana")
    told = ana.presses(
        ana.asks("create space"), "Send", title="Q3 plans", tags="finance, pii",
        people=f"{BEN} nobody@example.com",
    )  # fmt: skip
    [room] = rooms(chat)
    assert set(members_of(chat, room)) == {ANA, BEN, BOT}
    assert "Ben Okafor · Added." in told.text
    assert "I find nobody with the address nobody@example.com" in told.text
    assert "Tags: finance, pii" in told.text


def test_it_can_all_be_typed(chat: Chat) -> None:
    chat.as_("ana").says(f"create space Plans for Q3 with {BEN} tagged finance pii")
    [room] = rooms(chat)
    assert room["title"] == "Plans for Q3"
    assert BEN in members_of(chat, room)
    assert "finance, pii" in chat.as_("ben").says('tags of "Plans for Q3"')


def test_in_a_team_that_both_are_in(chat: Chat) -> None:
    team = chat.rest(ANA, "POST", "teams", name="Finance")
    ana = chat.as_("ana")
    refused = ana.says('create space "Q3 plans" in team finance')
    assert "I know no team “finance” that you and I are in" in refused
    assert "Add me to the team" in refused
    chat.rest(ANA, "POST", "team/memberships", teamId=team["id"], personEmail=BOT)
    assert "Team: Finance" in ana.says('create space "Q3 plans" in team finance')
    assert [r["teamId"] for r in rooms(chat) if r["title"] == "Q3 plans"] == [team["id"]]
    other = chat.as_("ben").says('create space "Mine" in team Finance')
    assert "I know no team “Finance” that you and I are in" in other


def test_what_can_not_be_is_refused_before_anything_is_made(chat: Chat) -> None:
    ana = chat.as_("ana")
    assert "can't be a tag" in ana.says('create space "Q3 plans" tagged two/parts')
    assert "longer than 128" in ana.says(f'create space "{"x" * 1000}"')
    assert "no e-mail address" in ana.says("create space Working with partners")
    assert rooms(chat) == []


@pytest.mark.parametrize("title", HOSTILE[:5], ids=range(5))
def test_a_hostile_title_is_a_title_and_nothing_else(chat: Chat, title: str) -> None:
    ana = chat.as_("ana")
    form = ana.asks("create space")
    told = ana.presses(form, "Send", title=title)
    [room] = rooms(chat)
    assert room["title"] == " ".join(title.split())
    assert "\u202e" not in told.text
    assert "${" not in str(told.card)
    assert "mentionedPeople" not in told
    again = ana.asks(f"tags of {room['id']}")
    assert "It has no tags" in again.text


def test_the_buttons_of_a_new_space_ask_for_the_rest(chat: Chat) -> None:
    ana = chat.as_("ana")
    told = ana.asks('create space "Q3 plans"')
    form = ana.presses(told, "Add people …")
    assert "Space: Q3 plans" in form.text
    assert "Added." in ana.presses(form, "Send", people=BEN).text
    for tag in ("finance", "pii"):  # a button that only opens a form can be pressed again
        assert "Tagged." in ana.presses(ana.presses(told, "Tag …"), "Send", tags=tag).text


def test_a_form_that_shows_a_space_is_for_whoever_asked_alone(chat: Chat) -> None:
    ana = chat.as_("ana")
    ana.says('create space "Secret plans"')
    secret = next(r for r in rooms(chat) if r["title"] == "Secret plans")
    room = chat.control.space("Open", creator=ANA, members=[BOT, "eve@partner.example"])
    form = chat.in_space(room, "ana").asks(f"tag {secret['id']}")
    assert "Space: Secret plans" in form.text
    assert form["roomType"] == "direct"


def test_in_a_space_the_new_one_is_told_of_one_to_one(chat: Chat) -> None:
    room = chat.control.space("Open", creator=ANA, members=[BOT, "eve@partner.example"])
    told = chat.in_space(room, "ana").asks('create space "Secret"')
    assert told["roomType"] == "direct"
    assert "The space is there" in told.text


def test_an_outsider_makes_no_space(chat: Chat) -> None:
    assert "only talk" in chat.as_("eve@partner.example").says('create space "Mine"')
    assert rooms(chat) == []


def test_all_in_one_form(chat: Chat) -> None:
    """Team, people, tags, classification and keep until, as Webex and we have them afterwards."""
    team = chat.rest(ANA, "POST", "teams", name="Finance")
    chat.rest(ANA, "POST", "team/memberships", teamId=team["id"], personEmail=BOT)
    ana = chat.as_("ana")
    day = (chat.clock.now() + timedelta(days=300)).date().isoformat()
    told = ana.presses(
        ana.asks("create space"), "Send", title="Q3 plans", team="Finance", people=BEN,
        tags="finance", level="confidential", until=day,
    )  # fmt: skip
    [room] = [r for r in rooms(chat) if r["title"] == "Q3 plans"]
    now = chat.rest(ANA, "GET", f"rooms/{room['id']}")
    levels = {
        one["id"]: one["title"]
        for one in chat.rest("adam@example.com", "GET", "classifications")["items"]
    }
    assert levels[now["classificationId"]] == "Confidential"
    assert now["teamId"] == team["id"]
    assert {ANA, BEN, BOT} <= set(members_of(chat, room))
    assert "Classification: Confidential" in told.text
    assert "Keep until: " in told.text
    with chat.process.house.store.read() as tx:
        key = tx.spaces.key_of(RoomId(room["id"]))
        assert key is not None
        keep = tx.protections.keep_of(key)
        words = [str(one.word) for one in tx.audit.since()]
    assert keep is not None
    assert keep.until is not None
    assert keep.until.date() - chat.clock.now().date() >= timedelta(days=300)
    assert {"space:create", "space:classify", "keep:set"} <= set(words)


def test_it_can_all_be_typed_with_a_level_and_a_day(chat: Chat) -> None:
    told = chat.as_("ana").says(
        f'create space "Q3 plans" with {BEN} tagged finance classified Internal keep until 90d'
    )
    assert "Classification: Internal" in told
    assert "Keep until: " in told
    assert "Tags: finance" in told


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("classified Cosmic", "There are: Public, Internal, Confidential"),
        ("keep until 2001-01-01", "is past"),
        ("keep until soonish", "no date that I understand"),
    ],
)
def test_a_level_or_a_day_that_can_not_be_is_refused_before(
    chat: Chat, said: str, answer: str
) -> None:
    assert answer in chat.as_("ana").says(f'create space "Q3 plans" {said}')
    assert rooms(chat) == []


def test_a_level_that_webex_refuses_is_told_and_the_space_is_there(chat: Chat) -> None:
    chat.control.fault("status", method="PUT", path="/rooms/*", status=403, count=1)
    told = chat.as_("ana").says('create space "Q3 plans" classified Internal keep until 90d')
    assert "The space is there" in told
    assert "Webex would not classify it as Internal" in told
    assert "Classification:" not in told
    assert "Keep until:" in told
    assert len(rooms(chat)) == 1


def test_required_tags_are_asked_for_with_all_that_was_said(chat: Chat) -> None:
    chat.as_("cleo").says("tag require eu us")
    ana = chat.as_("ana")
    form = ana.asks(f'create space "Q3 plans" with {BEN} classified Internal keep until 90d')
    assert "Every space has to have one of eu, us." in form.text
    assert rooms(chat) == []
    told = ana.presses(form, "Send", tags="eu, finance")
    [room] = rooms(chat)
    assert {ANA, BEN} <= set(members_of(chat, room))
    for part in ("Title: Q3 plans", "Tags: eu, finance", "Classification: Internal", "Keep until"):
        assert part in told.text


def test_a_request_that_is_handled_again_makes_one_space_with_all_of_it(chat: Chat) -> None:
    doubled = chat.control.fault("frame-double", path="post", count=1)
    told = chat.as_("ana").says('create space "Q3 plans" tagged eu classified Internal')
    assert chat.control.fired(doubled) == 1
    assert "Classification: Internal" in told
    assert len(rooms(chat)) == 1


def test_half_done_it_goes_on_where_it_stopped(chat: Chat) -> None:
    """The same step again, as after a crash between any two of its parts."""
    house = chat.process.house
    chat.as_("ana").says("help")
    with house.store.read() as tx:
        ana = tx.people.by_email(ANA)
    assert ana is not None
    level = find_level(house, "internal")
    for parts in ({}, {"tags": ("eu",)}, {"tags": ("eu",), "level": level}):
        for _ in range(2):
            made = create_space(house, ana, "Q3 plans", step="message/x", **parts)  # type: ignore[arg-type]
    assert made.note == ""
    assert made.space.tags == ("eu",)
    [room] = rooms(chat)
    assert chat.rest(ANA, "GET", f"rooms/{room['id']}")["classificationId"] == level.id
