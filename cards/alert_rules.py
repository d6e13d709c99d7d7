"""Rules about what no space may be like, and how many are like that."""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Card, card, head, more, plain, press, row, text
from cards.parts import MOST_BUTTONS
from cards.words import count, harmless, quoted
from domain.alerts import Rule

MOST = 15
_WIDTHS = (3, 5, 2)


def alert_rules_card(rules: Sequence[tuple[Rule, int]], *, note: str = "") -> Card:
    """Args: rules: each with how many spaces are as it forbids."""
    shown, rest = rules[:MOST], len(rules) - MOST
    return card(
        count(len(rules), "rule") if rules else "No rules",
        *([plain(note, bold=True)] if note else []),
        *([head("Rule", "No space may be", "Are", widths=_WIDTHS)] if rules else []),
        *(
            row(
                f"{harmless(one.name, 60)} (by {harmless(one.by, 60)})", harmless(one.query, 200),
                f"{number:,}", widths=_WIDTHS,
            )
            for one, number in shown
        ),
        *([plain(f"And {rest:,} more.")] if rest > 0 else []),
        text(
            "A rule only tells: compliance is alerted of the spaces that are like that. "
            "What is not known of a space is no breach of it."
        ),
        actions=[
            press("New rule …", "alert rule", typed="alert rule <name> when <condition>"),
            *(
                more(
                    f"Drop {start + 1}–{start + len(shown[start : start + MOST_BUTTONS])}",
                    actions=[
                        press(
                            f"Drop {harmless(one.name, 40)}", "alert rule drop", once=True,
                            typed=f"alert rule drop {quoted(one.name)}", rule=one.name,
                        )
                        for one, _ in shown[start : start + MOST_BUTTONS]
                    ],
                )
                for start in range(0, len(shown), MOST_BUTTONS)
            ),
        ],
    )  # fmt: skip
