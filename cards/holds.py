"""All holds: since when, by whom, and how far each reaches."""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Card, card, head, plain, press, row
from cards.words import count, date, harmless
from domain.cases import Hold

MOST = 40
_WIDTHS = (3, 4, 2)


def holds_card(
    listed: Sequence[tuple[Hold, str, int]], *, attested: str = "", zone: str = "UTC"
) -> Card:
    """Args:
    listed: each hold with who placed it and how many spaces it reaches now.
    attested: what compliance has said of the holds in Control Hub, a sentence.
    """
    rest = len(listed) - MOST
    return card(
        count(len(listed), "hold") if listed else "No holds",
        *([head("Hold", "Since", "Spaces", widths=_WIDTHS)] if listed else []),
        *(
            row(harmless(hold.name, 60), _since(hold, by, zone), f"{reach:,}", widths=_WIDTHS)
            for hold, by, reach in listed[:MOST]
        ),
        *([plain(f"And {rest:,} more.")] if rest > 0 else []),
        *([plain(attested)] if attested else []),
        actions=[
            press("Place a hold …", "hold place", typed="hold place"),
            press("I looked in Control Hub …", "attest", typed="attest"),
        ],
    )


def _since(hold: Hold, by: str, zone: str) -> str:
    said = f"{date(hold.at, zone)}, by {by or 'somebody not known'}"
    matter = f", {hold.matter}" if hold.matter else ""
    reason = f", {hold.reason}" if hold.reason else ""
    how = "released, ends" if hold.released_at else "ends"
    ends = f"; {how} {date(hold.ends_at, zone)}" if hold.ends_at else ""
    return said + matter + reason + ends
