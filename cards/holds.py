"""All holds: since when, by whom, and how far each reaches."""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Card, card, head, plain, press, row
from cards.words import count, date, harmless
from domain.cases import Hold

MOST = 40
_WIDTHS = (3, 4, 2)


def holds_card(listed: Sequence[tuple[Hold, str, int]], *, zone: str = "UTC") -> Card:
    """Args: listed: each hold with who placed it and how many spaces it reaches now."""
    rest = len(listed) - MOST
    return card(
        count(len(listed), "hold") if listed else "No holds",
        *([head("Hold", "Since", "Spaces", widths=_WIDTHS)] if listed else []),
        *(
            row(harmless(hold.name, 60), _since(hold, by, zone), f"{reach:,}", widths=_WIDTHS)
            for hold, by, reach in listed[:MOST]
        ),
        *([plain(f"And {rest:,} more.")] if rest > 0 else []),
        actions=[press("Place a hold …", "hold place", typed="hold place")],
    )


def _since(hold: Hold, by: str, zone: str) -> str:
    said = f"{date(hold.at, zone)}, by {by or 'somebody not known'}"
    reason = f", {hold.reason}" if hold.reason else ""
    ends = f"; released, ends {date(hold.ends_at, zone)}" if hold.ends_at else ""
    return said + reason + ends
