"""One person asked for something that takes two: what the second one does, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cards.kit import Card, card, plain
from cards.words import moment


def second_card(
    what: str, *, until: datetime, typed: str, zone: str = "UTC", changes: Sequence[str] = ()
) -> Card:
    """Args:
    what: a sentence without its end.
    typed: what the second person types.
    changes: what it would change, in sentences.
    """
    return card(
        "A second person is needed",
        plain(f"{what}, and you asked for it. Nothing has changed yet."),
        *(plain(one) for one in changes),
        plain(
            f"Somebody else of compliance has to say the same until {moment(until, zone)}."
            f" They type: {typed}"
        ),
    )
