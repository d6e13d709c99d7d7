"""An alert to compliance: what happened, what it means, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cards.kit import Button, Card, card, facts, plain, press
from cards.words import moment

MOST_LINES = 20


def alert_card(
    what: str, *pairs: tuple[str, str], at: datetime, means: str = "", to_do: str = "",
    lines: Sequence[str] = (), actions: Sequence[Button] = (), is_urgent: bool = True,
    zone: str = "UTC",
) -> Card:  # fmt: skip
    """An alert.

    Args:
        what: what happened, one sentence.
        means: what it means for the spaces, one sentence.
        to_do: what the reader does now, one sentence.
        lines: things concerned, such as spaces.
        is_urgent: something waits for a person; else it is only to be known.
    """
    rest = len(lines) - MOST_LINES
    return card(
        f"Alert: {what}" if is_urgent else what,
        *([plain(means)] if means else []),
        facts(*pairs, ("When", moment(at, zone))),
        *(plain(line, longest=300) for line in lines[:MOST_LINES]),
        *([plain(f"And {rest:,} more.")] if rest > 0 else []),
        *([plain(to_do, bold=True, warns=is_urgent)] if to_do else []),
        actions=[*actions, press("Status", "status")],
    )
