"""One person asked for something that takes two: what the second one does, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cards.kit import Card, card, plain, row
from cards.words import date, harmless, moment
from domain.views import Hit

MOST_NAMED = 10
_WIDTHS = (3, 2)


def second_card(
    what: str, *, until: datetime, typed: str, zone: str = "UTC", changes: Sequence[str] = (),
    first: Sequence[Hit] = (),
) -> Card:  # fmt: skip
    """Args:
    what: a sentence without its end.
    typed: what the second person types.
    changes: what it would change, in sentences; `first` are some of those spaces.
    """
    return card(
        "A second person is needed",
        plain(f"{what}, and you asked for it. Nothing has changed yet."),
        *(plain(one) for one in changes),
        *(
            row(harmless(hit.space.shown_title, 80), _becomes(hit, zone), widths=_WIDTHS)
            for hit in first[:MOST_NAMED]
        ),
        plain(
            f"Somebody else of compliance has to say the same until {moment(until, zone)}."
            f" They type: {typed}"
        ),
    )


def _becomes(hit: Hit, zone: str) -> str:
    by = f" by {harmless(hit.by, 40)}" if hit.by else ""
    return f"{hit.how}, {date(hit.due, zone)}{by}" if hit.due else hit.how
