"""The hardest cases of removing outsiders: who is none of ours, and must not be taken for one."""

from __future__ import annotations

from typing import Any

from domain.policies import Basis, Ending
from tests.nights import BOT, DAY, World

BEN, EVE = "ben@example.com", "eve@partner.example"


def guests(world: World) -> None:
    world.policy(
        "scope:external", ending=Ending.OUTSIDERS, period=90 * DAY, basis=Basis.ACTIVITY,
        name="guests",
    )  # fmt: skip


def removed(world: World) -> set[str]:
    return {e["object"]["personEmail"] for e in world.control.effects("membership.deleted")}


def inside(world: World, room: dict[str, Any]) -> set[str]:
    return {one["personEmail"] for one in world.control.room(room["id"])["members"]}


def test_a_bot_that_was_made_with_another_organisations_account_does_not_remove_itself(
    world: World,
) -> None:
    """Else it would lose the spaces that it looks after."""
    world.control.person(BOT, org="Partner")
    room = world.space(members=[BEN, EVE, BOT])
    guests(world)
    world.crawl()
    world.nights(33)
    assert removed(world) == {EVE}
    assert BOT in inside(world, room)


def test_a_space_without_anybody_of_ours_but_bots_is_left_to_a_person(world: World) -> None:
    world.control.person("helper@webex.bot", kind="bot")
    room = world.space(
        creator=EVE, moderators=[], members=["helper@webex.bot", BOT],
        messages=[{"by": EVE, "text": "hello", "at": world.ago(400)}],
    )  # fmt: skip
    guests(world)
    world.crawl()
    world.nights(40)
    assert removed(world) == set()
    assert EVE in inside(world, room)
