"""A space's manual keep: set, for ever, cleared; said as “keep until”, never as a bare word."""

from __future__ import annotations

from datetime import datetime

from cards.kit import Card, card, facts, plain, press, text
from cards.words import date, named, typed_name
from domain.spaces import Space


def keep_card(
    space: Space, *, until: datetime | None, by: str, zone: str = "UTC", note: str = ""
) -> Card:
    """A keep was set. Args: until: None for ever. note: what the bounds made of it, a sentence."""
    name, room = typed_name(space), str(space.id)
    kept = f"until {date(until, zone)}" if until else "for ever"
    return card(
        f"{named(space, 60)} is kept {kept}",
        facts(("Keep until", date(until, zone) if until else "for ever"), ("Set by", by)),
        *([plain(note)] if note else []),
        plain(
            "No policy ends it before then."
            if until
            else "No policy ends it until somebody clears this."
        ),
        actions=[
            press("Change …", "keep until", typed=f"keep until {name} <date>", space=room),
            press("Clear", "keep clear", typed=f"keep clear {name}", space=room),
        ],
    )


def cleared_card(space: Space, *, not_before: datetime | None, zone: str = "UTC") -> Card:
    """A keep was taken off. `not_before`: until then nothing happens all the same."""
    name, room = typed_name(space), str(space.id)
    return card(
        f"{named(space, 60)} follows the policies again",
        *([plain(f"Nothing happens to it before {date(not_before, zone)}.")] if not_before else []),
        text("Its owners are warned before anything is done."),
        actions=[
            press("Keep for ever", "keep forever", typed=f"keep forever {name}", space=room),
            press("Explain", "explain", typed=f"explain {name}", space=room),
        ],
    )
