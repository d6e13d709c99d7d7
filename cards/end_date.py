"""A space's end date: that it was set, and, on its day, the question what is to become of it."""

from __future__ import annotations

from datetime import datetime

from cards.kit import Card, card, facts, link, plain, press
from cards.space import deep_link
from cards.words import date, moment, named, typed_name
from domain.spaces import Space

NOTHING_BY_ITSELF = (
    "Nothing is deleted by that alone: on the day its owners are asked. A policy that names"
    " “ended” may end it, with all its warnings."
)


def end_date_card(space: Space, at: datetime, *, zone: str = "UTC", note: str = "") -> Card:
    """Args: note: what follows besides, a sentence."""
    name, room = typed_name(space), str(space.id)
    return card(
        "The end date is set.",
        facts(("Space", space.shown_title), ("End date", date(at, zone))),
        plain(NOTHING_BY_ITSELF),
        *([plain(note)] if note else []),
        actions=[
            press("Clear end date", "end date clear", typed=f"end date clear {name}", space=room)
        ],
    )


def end_reached_card(space: Space, at: datetime, *, zone: str = "UTC") -> Card:
    """For its owners, on the day."""
    name, room = typed_name(space), str(space.id)
    return card(
        f"{named(space)} has reached its end date",
        facts(
            ("End date", date(at, zone)),
            ("Last used", moment(space.last_used, zone)),
            ("Id", room),
        ),
        plain("Is it still needed? Nothing is deleted by this alone."),
        actions=[
            press("Delete …", "delete", typed=f"delete {name}", space=room),
            press("Another end date …", "end date", typed=f"end date {name} <date>", space=room),
            press("Keep until …", "keep until", typed=f"keep until {name} <date>", space=room),
            press("No end date", "end date clear", typed=f"end date clear {name}", space=room),
            link("Open in Webex", deep_link(space)),
        ],
    )
