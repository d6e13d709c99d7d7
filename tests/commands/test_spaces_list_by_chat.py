"""The connector's list of spaces, and a space's details: as Webex's own answer has them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cards.words import moment
from spaces.sync.crawl import crawl
from tests.chats import BOT, Chat
from tests.commands.companies import learn, make_space
from tests.commands.test_search_by_chat import HOSTILE
from webex.decode import moment as read_moment

ANA, BEN = "ana@example.com", "ben@example.com"
EVE, FAY = "eve@partner.example", "fay@example.com"
ZONE = "Europe/Vienna"


def rooms(chat: Chat, who: str = ANA, **asked: str) -> list[dict[str, Any]]:
    """Somebody's spaces by Webex's own word, without their conversation with the bot."""
    query = "&".join(f"{name}={value}" for name, value in {"max": "1000", **asked}.items())
    found = chat.rest(who, "GET", f"rooms?{query}")["items"]
    return [one for one in found if one["title"] != "Spacekeeper"]


def fields(one: dict[str, Any]) -> list[str]:
    """Each field of the connector's table."""
    when = {n: moment(read_moment(one[n]), ZONE) for n in ("lastActivity", "created")}
    return [
        f"Type: {one['type']}", f"Locked: {'yes' if one['isLocked'] else 'no'}",
        f"Last activity: {when['lastActivity']}", f"Created: {when['created']}",
        f"Creator id: {one['creatorId']}", f"Id: {one['id']}",
    ]  # fmt: skip


def titles(text: str) -> list[str]:
    return re.findall(r"^\d+\. (.*)$", text.partition("Details of")[0], re.M)


@pytest.fixture
def company(chat: Chat) -> list[dict[str, Any]]:
    made = [
        make_space(chat, "Q3 plans", members=("ben",), moderators=("ana",), idle=30),
        make_space(chat, "Lunch", idle=3), make_space(chat, "Old talk", idle=400),
        make_space(chat, "Not hers", by="ben"),
    ]  # fmt: skip
    chat.rest(ANA, "POST", "messages", toPersonEmail=BEN, text="psst")
    learn(chat, *made)
    return made


def test_my_spaces_are_listed_with_every_field(chat: Chat, company: list[dict[str, Any]]) -> None:
    told = chat.as_("ana").asks("spaces list")
    mine = rooms(chat)
    assert len(mine) == 4
    for one in mine:
        for field in fields(one):
            assert field in told.text
            assert field.partition(": ")[2] in str(told.card)
        if one["type"] == "group":
            assert one["title"] in told.text
    assert "Ana Horvat and Ben Okafor" in told.text
    assert "Not hers" not in told.text
    assert "cut short" not in told.text


def test_it_is_sorted_and_narrowed_as_asked(chat: Chat, company: list[dict[str, Any]]) -> None:
    ana = chat.as_("ana")
    groups = ana.says("spaces list type group")
    assert titles(groups) == ["Lunch", "Q3 plans", "Old talk"]
    by_created = ana.says("get spaces list max 2 type group sort by created")
    assert titles(by_created) == ["Lunch", "Q3 plans"]
    assert "1–2 of 2 spaces" in by_created
    ids = re.findall(r"· Id: (\S+)", ana.says("spaces list type group sort by id"))
    assert ids == sorted(ids)
    direct = titles(ana.says("get spaces type direct"))
    assert "Ana Horvat and Ben Okafor" in direct
    assert not set(direct) & {"Lunch", "Q3 plans", "Old talk"}
    assert len(titles(ana.says("spaces list type all"))) >= 4


def test_pages_lead_on_and_back_and_to_the_details(chat: Chat) -> None:
    made = [make_space(chat, f"Space {n:02d}", idle=n) for n in range(13)]
    learn(chat, *made)
    ana = chat.as_("ana")
    first = ana.asks("spaces list type group max 12")
    assert titles(first.text) == [f"Space {n:02d}" for n in range(10)]
    second = ana.presses(first, "Next")
    assert titles(second.text) == ["Space 10", "Space 11"]
    assert "Next" not in second.buttons
    assert "11–12 of 12 spaces" in second.text
    assert titles(ana.presses(second, "Previous").text)[0] == "Space 00"
    assert "Space 03" in ana.presses(first, "4. Space 03").text.partition("\n")[0]


def test_who_left_a_moment_ago_sees_it_no_more_and_who_joined_sees_it(
    chat: Chat, company: list[dict[str, Any]]
) -> None:
    plans, _, _, hers = company
    chat.control.person(FAY)
    mine = next(
        m
        for m in chat.rest(BEN, "GET", f"memberships?roomId={plans['id']}")["items"]
        if m["personEmail"] == BEN
    )
    chat.rest(BEN, "DELETE", f"memberships/{mine['id']}")
    chat.rest(BEN, "POST", "memberships", roomId=hers["id"], personEmail=FAY)
    new = chat.rest(BEN, "POST", "rooms", title="Brand new")
    chat.rest(BEN, "POST", "memberships", roomId=new["id"], personEmail=FAY)
    assert "Q3 plans" not in chat.as_("ben").says("spaces list")
    assert set(titles(chat.as_(FAY).says("spaces list type group"))) == {"Not hers", "Brand new"}


def test_compliance_sees_all(chat: Chat, company: list[dict[str, Any]]) -> None:
    told = chat.as_("cleo").says("spaces list type group")
    assert "All spaces of the company of type group" in told
    assert {"Q3 plans", "Lunch", "Old talk", "Not hers"} <= set(titles(told))


def test_whoever_is_in_none_is_told_so_and_outsiders_nothing(
    chat: Chat, company: list[dict[str, Any]]
) -> None:
    chat.control.person(FAY)
    assert chat.as_(FAY).says("spaces list type group").startswith("No spaces")
    assert "only talk" in chat.as_(EVE).says("spaces list")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("spaces list max 0", "goes from 1 to 1000"),
        ("spaces list max many", "no whole number"),
        ("spaces list type round", "can be group, direct, all"),
        ("spaces list sort by luck", "can be id, lastactivity, created"),
    ],
)
def test_what_can_not_be_is_refused(chat: Chat, said: str, answer: str) -> None:
    assert answer in chat.as_("ana").says(said)


def test_in_member_mode_it_is_those_that_the_bot_is_in_and_says_so(stage: Chat) -> None:
    stage.start(CO_ACCESS_TOKEN="", CO2_ACCESS_TOKEN="", OWN_DOMAINS="example.com")
    make_space(stage, "With the bot", with_bot=True)
    make_space(stage, "Without")
    crawl(stage.process.house)
    told = stage.as_("ana").says("spaces list type group")
    assert titles(told) == ["With the bot"]
    assert "those that I am in myself" in told


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_title_is_a_title(chat: Chat, title: str) -> None:
    room = make_space(chat, title[:250])
    learn(chat, room)
    for said in ("spaces list type group", f"space {room['id']}"):
        told = chat.as_("ana").asks(said)
        assert "\u202e" not in told.text + str(told.card)
        assert "${" not in str(told.card)
        assert "mentionedPeople" not in told
        assert room["id"] in told.text


# -- a space's details -----------------------------------------------------------------------------


def test_details_hold_every_field(chat: Chat, company: list[dict[str, Any]]) -> None:
    for one in rooms(chat):
        told = chat.as_("ana").asks(f"get space details {one['id']}")
        for field in fields(one):
            assert field in told.text
            assert field.partition(": ")[2] in str(told.card)
        if one["type"] == "group":
            assert told.text.startswith(one["title"])


def test_details_are_as_of_now(chat: Chat, company: list[dict[str, Any]]) -> None:
    plans = company[0]
    chat.rest(ANA, "POST", "messages", roomId=plans["id"], text="news")
    chat.rest(ANA, "PUT", f"rooms/{plans['id']}", title="Q4 plans", isLocked=False)
    told = chat.as_("ana").says(f"space {plans['id']}")
    for field in fields(chat.rest(ANA, "GET", f"rooms/{plans['id']}")):
        assert field in told
    assert told.startswith("Q4 plans")


def test_details_in_the_space_itself_and_by_form(chat: Chat, company: list[dict[str, Any]]) -> None:
    room = make_space(chat, "With the bot", with_bot=True)
    learn(chat, room)
    assert "With the bot" in chat.in_space(room, "ana").says("space")
    ana = chat.as_("ana")
    told = ana.presses(ana.asks("space"), "Send", space="Q3 plans")
    assert company[0]["id"] in told.text
    assert BOT
