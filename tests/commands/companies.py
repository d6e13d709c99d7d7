"""The company that tests of commands talk about: spaces with pasts, taken into the inventory."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from domain.ids import RoomId
from domain.people import SYSTEM
from spaces.sync.crawl import crawl
from spaces.tagging import tag_space
from tests.chats import BOT, Chat


def make_space(
    chat: Chat, title: str, *, by: str = "ana", members: tuple[str, ...] = (), tags: str = "",
    idle: int = 0, moderators: tuple[str, ...] = (), with_bot: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """A space that nobody made through the bot; `idle` days ago somebody last wrote in it.
    It is known to the bot once `learn` was called."""
    creator = _email(by)
    at = chat.clock.now() - timedelta(days=idle)
    made = chat.control.space(
        title, creator=creator, created=at - timedelta(days=1),
        members=[*map(_email, members), *([BOT] if with_bot else [])],
        moderators=list(map(_email, moderators)),
        messages=[{"by": creator, "text": "hello", "at": at.isoformat()}],
    )  # fmt: skip
    return {**made, "tags": tags}


def learn(chat: Chat, *made: dict[str, Any]) -> None:
    """The bot crawls the company; spaces of `made` then get the tags that they are to have."""
    house = chat.process.house
    assert crawl(house).is_complete
    for one in made:
        with house.store.read() as tx:
            space = tx.spaces.by_id(RoomId(one["id"]))
        assert space is not None
        if one["tags"]:
            tag_space(house, SYSTEM, space, one["tags"].split())


def members_of(chat: Chat, room: dict[str, Any]) -> dict[str, bool]:
    """Who is in a space by the server's word, and whether they moderate it."""
    members = chat.control.room(room["id"])["members"]
    return {one["personEmail"]: one["isModerator"] for one in members}


def _email(name: str) -> str:
    return name if "@" in name else f"{name}@example.com"
