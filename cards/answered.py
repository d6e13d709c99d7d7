"""What stands in a warning's place once it was answered: by whom, and what holds now."""

from __future__ import annotations

from datetime import datetime

from cards.kit import Card, card, facts, plain, press
from cards.words import moment, named, typed_name
from domain.spaces import Space


def answered_card(
    space: Space, *, by: str, said: str, at: datetime, zone: str = "UTC", can_change: bool = True
) -> Card:
    """Args: said: what holds now, one sentence. can_change: it did not take effect yet."""
    name, room = typed_name(space), str(space.id)
    return card(
        f"{named(space, 60)}: answered",
        plain(said),
        facts(("By", by), ("At", moment(at, zone))),
        actions=[
            press("Keep until …", "keep until", typed=f"keep until {name} <date>", space=room),
            press("Clear keep", "keep clear", typed=f"keep clear {name}", space=room),
        ]
        if can_change
        else [],
    )


def void_card(space: Space, *, why: str) -> Card:
    """The warning no longer holds. Args: why: one sentence, such as that it is used again."""
    return card(f"{named(space, 60)}: nothing happens to it now", plain(why))
