"""A space that was just created: what Webex says of it, and who was added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cards.kit import Card, card, facts, head, link, plain, press, row
from cards.space import TYPES, deep_link
from cards.words import NOT_KNOWN, date, listed, moment, typed_name, yes_no
from domain.spaces import Space

_WIDTHS = (2, 3)


def created_card(
    space: Space, *, creator: str, of: str, team: str = "", zone: str = "UTC",
    people: Sequence[tuple[str, str]] = (), notes: Sequence[str] = (),
    kept_until: datetime | None = None, level: str = "",
    end_date: datetime | None = None,
) -> Card:  # fmt: skip
    """A new space.

    Args:
        creator: the id of the one that Webex calls its creator; `of`: for whom it was made.
        people: who else was to be added, and what came of it.
    """
    name, room = typed_name(space), str(space.id)
    return card(
        "The space is there, and you are in it.",
        facts(
            ("Title", space.shown_title),
            ("Team", team) if team else None,
            ("Type", TYPES[space.type] if space.type else NOT_KNOWN),
            ("Locked", yes_no(space.is_locked)),
            ("Tags", listed(space.tags, most=20)) if space.tags else None,
            ("Classification", level) if level else None,
            ("End date", date(end_date, zone)) if end_date else None,
            ("Keep until", date(kept_until, zone)) if kept_until else None,
            ("Last activity", moment(space.last_activity, zone)),
            ("Created", moment(space.created, zone)),
            ("Created for", of),
            ("Creator id", creator),
            ("Id", room),
        ),
        *([head("Person", "What came of it", widths=_WIDTHS)] if people else []),
        *(row(person, came, widths=_WIDTHS) for person, came in people),
        *(plain(note) for note in notes),
        actions=[
            press("Add people …", "add member", typed=f"add member <people> to {name}", space=room),
            press("Tag …", "tag", typed=f"tag {name} <tags>", space=room),
            link("Open in Webex", deep_link(space)),
        ],
    )
