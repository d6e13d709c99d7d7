"""What would go by a day: how many, by which policy, and the soonest by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cards.kit import Card, card, facts, head, plain, press, row
from cards.words import count, date, harmless
from domain.spaces import Space

_WIDTHS = (3, 2)
MOST_POLICIES = 8


def forecast_card(
    at: datetime, *, ends: int, inventory: int, unknown: int, by_ending: Sequence[tuple[str, int]],
    by_policy: Sequence[tuple[str, int]], first: Sequence[tuple[Space, str, datetime]],
    idle: Sequence[str] = (), shut: Sequence[str] = (), only: str = "", zone: str = "UTC",
) -> Card:  # fmt: skip
    """What would go until `at`.

    Args:
        ends, inventory, unknown: spaces that would go, that there are, that can't be told of.
        by_ending, by_policy: how many by what would be done, and by which policy.
        first: the soonest, with their policy and day.
        idle: policies that do nothing as they are, since they have no cap.
        shut: policies that are not open within a year of their day.
        only: the one policy that was asked about.
    """
    rest = len(by_policy) - MOST_POLICIES
    return card(
        f"{count(ends, 'space')} would go by {date(at, zone)}",
        plain(
            (f"By {only} alone, as if it were in force. " if only else "")
            + "If nobody does anything until then: no message, no keep, no hold. Days are the"
            " earliest that full notice, business hours and freeze days allow."
        ),
        facts(
            ("Of", f"{count(inventory, 'space')} that I know"),
            *((words.capitalize(), f"{number:,}") for words, number in by_ending if number),
            ("Not known", f"{unknown:,}; nothing is done to what is not known")
            if unknown
            else None,
        ),
        *([head("Policy", "Spaces", widths=_WIDTHS)] if by_policy else []),
        *(row(name, f"{number:,}", widths=_WIDTHS) for name, number in by_policy[:MOST_POLICIES]),
        *([plain(f"And {count(rest, 'policy', 'policies')} more.")] if rest > 0 else []),
        *([head("The soonest", "When, and by which", widths=_WIDTHS)] if first else []),
        *(
            row(harmless(space.shown_title, 80), f"{date(day, zone)}, {name}", widths=_WIDTHS)
            for space, name, day in first
        ),
        *(
            plain(f"{name} has no cap, so as it is it does nothing.", warns=True)
            for name in idle[:MOST_POLICIES]
        ),
        *(
            plain(
                f"{name} is closed for a year from its day on: by its hours and freeze days and"
                " the company's it does nothing.",
                warns=True,
            )
            for name in shut[:MOST_POLICIES]
        ),
        actions=[press("All policies", "policy list"), press("Status", "status")],
    )
