"""Keeping against the real night: what an owner's press on its card saves, and what it does not."""

from __future__ import annotations

from typing import Any

import pytest

from domain.lifecycle import CaseState
from tests.chats import Chat
from tests.nights import World

ANA, BEN = "ana@example.com", "ben@example.com"
SETTINGS = {
    "CAP_PER_RUN": "20", "CAP_PER_DAY": "20", "CAP_SHARE": "1", "PACE_SECONDS": "0",
    "COOLING_HOURS": "0", "INVENTORY_HOURS": "100000",
}  # fmt: skip


@pytest.fixture
def bot_settings() -> dict[str, str]:
    return SETTINGS


@pytest.fixture
def old(chat: Chat) -> tuple[World, dict[str, Any]]:
    """A space that nobody has used for 400 days, and a policy that deletes such ones."""
    world = World(chat.process.house, chat.control)
    for number in range(3):
        world.space(f"In use {number}", idle=1)
    room = world.space("Old plans", moderators=[ANA, BEN])
    world.crawl()
    world.policy()
    return world, room


def test_a_press_on_the_night_s_card_saves_the_space(
    chat: Chat, old: tuple[World, dict[str, Any]]
) -> None:
    world, room = old
    world.night()
    assert "will be deleted" in chat.as_(ANA).waits_for("Old plans").text
    kept = chat.as_(ANA).presses(chat.as_(ANA).card(), "Keep for ever")
    assert "“Old plans” is kept for ever" in kept.text
    assert "Without this: " in kept.text
    chat.eventually(lambda: ": answered" in chat.as_(BEN).card().text)
    case = world.case(room)
    assert case is not None
    assert case.state is CaseState.CLEAR
    world.nights(3)
    assert world.case(room) == case
    assert world.deleted() == []


def test_a_space_that_is_blocked_is_saved_by_whom_the_block_demoted_and_put_back(
    chat: Chat, old: tuple[World, dict[str, Any]]
) -> None:
    world, room = old
    world.until(CaseState.BLOCKED, room)
    explained = chat.as_(BEN).says('explain "Old plans"')
    assert "it is deleted by the policy" in explained
    assert "Blocked: Since" in explained
    assert "is kept until" in chat.as_(BEN).says('keep until "Old plans" 1y')
    chat.eventually(lambda: not chat.control.room(room["id"])["room"]["isAnnouncementOnly"])
    world.nights(20)
    assert world.deleted() == []
    members = {m["personEmail"]: m["isModerator"] for m in chat.control.room(room["id"])["members"]}
    assert (members[ANA], members[BEN]) == (True, True)


def test_who_does_nothing_loses_the_space_and_explain_says_what_came_of_it(
    chat: Chat, old: tuple[World, dict[str, Any]]
) -> None:
    world, room = old
    world.until(CaseState.GONE, room)
    assert world.deleted() == ["Old plans"]
    assert "I know no space" in chat.as_(ANA).says('explain "Old plans"')
    assert "Nothing more: it is gone" in chat.as_("cleo").says(f"explain {room['id']}")
    assert "not live on Webex" in chat.as_("cleo").says(f"keep forever {room['id']}")
