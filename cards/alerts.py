"""Alerts as a list, a page at a time, with how many there are of each kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards.kit import Button, Card, Child, card, head, more, plain, press, row
from cards.parts import MOST_BUTTONS
from cards.words import count, date, harmless
from domain.alerts import NATURES, Alert, AlertKind, AlertState

PER_PAGE = 10
_WIDTHS = (5, 3, 2)


def alerts_card(
    rows: Sequence[Alert], *, counts: Mapping[AlertKind, int], total: int, page: int = 1,
    which: str = "open", kind: AlertKind | None = None, zone: str = "UTC",
) -> Card:  # fmt: skip
    """Args:
    rows: of this page.
    counts: of each kind, how many are not closed.
    which: what was asked for: open, mine, closed or all.
    """
    what = f"{which} " if which in ("open", "closed") else ""
    of = f" about {NATURES[kind].title}" if kind is not None else ""
    if not rows:
        return card(
            f"No {what}alerts{of}" + (" of yours" if which == "mine" else ""),
            *_counts(counts, kind),
            actions=[press("Settings", "alert settings")],
        )
    first = (page - 1) * PER_PAGE + 1
    last = first + len(rows) - 1
    said = f"{count(total, f'{what}alert', f'{what}alerts')}{of}"
    return card(
        f"{first}–{last} of {said}" if total > len(rows) else said[:1].upper() + said[1:],
        head("Alert", "State", "Since", widths=_WIDTHS),
        *(
            row(
                f"{one.key}. {harmless(one.title, 120)}", _state(one),
                date(one.opened_at, zone), widths=_WIDTHS,
            )
            for one in rows
        ),
        *_counts(counts, kind),
        actions=[
            *(
                more(
                    f"Look at {some[0].key}" + (f"–{some[-1].key}" if len(some) > 1 else ""),
                    actions=[
                        press(f"Alert {one.key}", "alert", typed=f"alert {one.key}",
                              alert=f"{one.key}")
                        for one in some
                    ],
                )
                for some in (rows[:MOST_BUTTONS], rows[MOST_BUTTONS:])
                if some
            ),
            *([_page("Previous", page - 1, which, kind)] if page > 1 else []),
            *([_page("Next", page + 1, which, kind)] if last < total else []),
            press("Settings", "alert settings"),
        ],
    )  # fmt: skip


def _counts(counts: Mapping[AlertKind, int], kind: AlertKind | None) -> list[Child]:
    if kind is not None or not counts:
        return []
    said = ", ".join(f"{NATURES[one].title} {number:,}" for one, number in counts.items())
    return [plain(f"Open by kind: {said}.", subtle=True)]


def _state(one: Alert) -> str:
    if one.state is AlertState.OPEN:
        return "open"
    return f"{one.state} by {harmless(one.by, 60)}" if one.by else f"{one.state} by itself"


def _page(title: str, page: int, which: str, kind: AlertKind | None) -> Button:
    words = " ".join(filter(None, ["alerts", which if which != "open" else "", kind or ""]))
    return press(
        title, "alerts", typed=f"{words} page {page}", page=str(page), which=which,
        kind=str(kind or ""),
    )  # fmt: skip
