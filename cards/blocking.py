"""Blocking a space by hand: what it would change, that it was done, and that it was put back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from cards.kit import Card, Child, card, facts, plain, press, text
from cards.words import count, moment, named, typed_name
from domain.spaces import Space, SpaceType


def block_preview_card(space: Space, *, size: int, moderators: int, bot_joins: bool) -> Card:
    """Args: moderators: how many stop being moderators while it lasts."""
    name = typed_name(space)
    return card(
        f"Block {named(space, 60)}?",
        text("Nothing has been done yet. What is there stays readable, nothing new is written."),
        facts(("Members", count(size, "person", "people"))),
        *_changes(space, moderators, bot_joins),
        text("Nothing is deleted, and “unblock” puts it back exactly as it was."),
        actions=[
            press("Block it", "block", typed=f"block {name} now", style="destructive", once=True,
                  space=str(space.id), now="yes"),
        ],
    )  # fmt: skip


def _changes(space: Space, moderators: int, bot_joins: bool) -> Iterator[Child]:
    if space.type is SpaceType.DIRECT:
        yield text("Both can still read the conversation, and neither can write in it.")
        return
    who = "I join it, and it" if bot_joins else "It"
    yield plain(f"{who} gets locked and set to announcements; only I could write in it.")
    if moderators:
        some = count(moderators, "moderator")
        yield plain(f"Its {some} can't moderate it in Webex meanwhile, and still manage it here.")


def blocked_by_hand_card(
    space: Space, *, by: str, by_compliance: bool, at: datetime, zone: str = "UTC"
) -> Card:
    """To the space's other owners."""
    name = typed_name(space)
    back = "Only compliance can put it back." if by_compliance else "You can put it back."
    return card(
        f"{named(space, 60)} was blocked",
        text("What is there can be read; nothing new can be written. Nothing is deleted."),
        facts(("By", by), ("When", moment(at, zone))),
        plain(back),
        actions=[] if by_compliance else [
            press("Unblock", "unblock", typed=f"unblock {name}", space=str(space.id))
        ],
    )  # fmt: skip


def unblocked_card(space: Space, *, by: str, at: datetime, zone: str = "UTC") -> Card:
    """To the space's other owners."""
    return card(
        f"{named(space, 60)} was unblocked",
        text("It is as it was before, and can be written in again."),
        facts(("By", by), ("When", moment(at, zone))),
    )
