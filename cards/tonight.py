"""What the night's run would do, as things stand: counts, the first by name, what is in its way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cards.kit import Card, card, facts, head, plain, press, row
from cards.words import count, date, harmless
from domain.spaces import Space

_WIDTHS = (3, 2)
MOST_IDLE = 5


def tonight_card(
    counts: Sequence[tuple[str, int]], *, opened: int, unknown: int, left: int,
    first: Sequence[tuple[Space, str, str, datetime | None]], in_the_way: Sequence[str] = (),
    idle: Sequence[str] = (), zone: str = "UTC",
) -> Card:  # fmt: skip
    """Args:
    counts: how many spaces, by what would be done to them.
    first: some by name: the space, what would be done, the policy, the date promised.
    in_the_way: sentences, why nothing of it, or not all of it, would be done.
    left: how many more may be destroyed today.
    """
    number = sum(n for _, n in counts)
    rest = number - len(first)
    return card(
        f"The next run would deal with {count(number, 'space')}"
        if number
        else "The next run would do nothing",
        *(plain(one, bold=True, warns=True) for one in in_the_way),
        plain(
            "It is the run's very plan, as things stand now; nothing was changed. When its turn"
            " comes, each space is looked at once more."
        ),
        facts(
            *((what.capitalize(), count(n, "space")) for what, n in counts),
            ("Newly due", count(opened, "space")) if opened else None,
            ("Not known", f"{count(unknown, 'space')}, to which nothing is done")
            if unknown
            else None,
            ("May still be destroyed today", count(left, "space")),
        ),
        *([head("Space", "What, by which policy", widths=_WIDTHS)] if first else []),
        *(
            row(
                harmless(space.shown_title, 80),
                f"{what}, {name}{f', {date(due, zone)}' if due else ''}",
                widths=_WIDTHS,
            )
            for space, what, name, due in first
        ),
        *([plain(f"And {rest:,} more.")] if rest > 0 else []),
        *(
            plain(f"{harmless(name, 60)} has no cap, so it does nothing.", warns=True)
            for name in idle[:MOST_IDLE]
        ),
        actions=[press("Status", "status"), press("All policies", "policy list")],
    )
