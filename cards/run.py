"""One night in one card: what was done, what waits, and why it stopped if it did."""

from __future__ import annotations

from cards.kit import Card, card, facts, plain, press
from cards.words import moment
from domain.views import RunView

MOST_LINES = 20


def run_card(view: RunView, *, zone: str = "UTC") -> Card:
    rest = len(view.attention) - MOST_LINES
    return card(
        _title(view),
        *([plain(view.stopped, bold=True, warns=True)] if view.stopped else []),
        facts(
            *((words.capitalize(), f"{number:,}") for words, number in view.counts),
            ("Began", moment(view.started_at, zone)),
            ("Ended", moment(view.ended_at, zone)),
            ("Run", view.run),
        ),
        *([plain("Somebody has to look at", bold=True)] if view.attention else []),
        *(plain(line, longest=300) for line in view.attention[:MOST_LINES]),
        *([plain(f"And {rest:,} more.")] if rest > 0 else []),
        actions=[press("Status", "status")],
    )


def counted(view: RunView) -> str:
    """“3 warned, 1 deleted”; what is zero is left out."""
    return ", ".join(f"{number:,} {words}" for words, number in view.counts if number) or "nothing"


def _title(view: RunView) -> str:
    if view.stopped:
        return "The run stopped"
    return "The run would do this (nothing was changed)" if view.is_dry else "The run is over"
