"""How a search for an owner goes, and what it says to people, passed in by whoever may draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from domain.outgoing import Showable
from domain.owning import AskView, SearchKey, SearchView
from domain.people import Reader

AT_ONCE = 3
"""Asked in one round: enough that somebody answers, few enough that each feels asked."""
ROUNDS = 3
ANSWER_WITHIN = timedelta(days=5)
"""From a round to the next, counted from its first card that arrived; a working week."""
STUCK_AFTER = timedelta(hours=1)
"""Whoever said yes and whose process died meanwhile may be asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """What is said. `escalated` is for compliance, and takes their time zone."""

    ask: Callable[[AskView, Reader], Showable]
    escalated: Callable[[SearchView, str], Showable]
    over: Callable[[SearchView, Reader], Showable]
    """In the place of the questions, once somebody owns it or nobody has to."""


def about(search: SearchKey) -> str:
    """By what the cards of a search are found again."""
    return f"owner-search/{search}"
