"""The day's digest: what is open, how much of it is new, what is the reader's own."""

from __future__ import annotations

from cards.kit import Card, card, facts, head, plain, press, row
from cards.words import count, date, harmless
from domain.alerts import NATURES, AlertDigest, AlertState

_WIDTHS = (5, 3, 2)


def alert_digest_card(found: AlertDigest, *, zone: str = "UTC") -> Card:
    rest = found.total - len(found.alerts)
    return card(
        f"{count(found.total, 'alert is', 'alerts are')} open",
        facts(
            ("New since yesterday", f"{found.new:,}"),
            ("Yours", f"{found.mine:,}") if found.mine else None,
            *((NATURES[kind].title.capitalize(), f"{number:,}")
              for kind, number in found.counts.items()),
        ),
        head("Alert", "State", "Since", widths=_WIDTHS),
        *(
            row(
                f"{one.key}. {harmless(one.title, 120)}",
                "open" if one.state is AlertState.OPEN else f"{one.state} by {one.by}",
                date(one.opened_at, zone), widths=_WIDTHS,
            )
            for one in found.alerts
        ),
        *([plain(f"And {rest:,} more.")] if rest > 0 else []),
        *(
            plain(f"{harmless(one.by, 60)} set: {NATURES[one.kind].title} are told {one.way}.")
            for one in found.changes
        ),
        actions=[
            press("All of them", "alerts"),
            *([press("Mine", "alerts", typed="alerts mine", which="mine")] if found.mine else []),
            press("Settings", "alert settings"),
        ],
    )  # fmt: skip
