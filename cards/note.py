"""A note to compliance: what was done or is to be known; nothing waits for anybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cards.kit import Card, card, facts, plain, press
from cards.words import moment

MOST_LINES = 20


def note_card(
    what: str, *pairs: tuple[str, str], at: datetime, means: str = "",
    lines: Sequence[str] = (), zone: str = "UTC",
) -> Card:  # fmt: skip
    """Args: what: what happened, one sentence. lines: things concerned, such as spaces."""
    rest = len(lines) - MOST_LINES
    return card(
        what,
        *([plain(means)] if means else []),
        facts(*pairs, ("When", moment(at, zone))),
        *(plain(line, longest=300) for line in lines[:MOST_LINES]),
        *([plain(f"And {rest:,} more.")] if rest > 0 else []),
        actions=[press("Status", "status")],
    )
