"""The watches that somebody has, a page at a time, with how each is doing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cards.kit import Action, Button, Card, Child, card, head, more, plain, press, row
from cards.parts import MOST_BUTTONS
from cards.words import count, harmless, moment
from domain.watches import WatchState, WatchView

PER_PAGE = 5
_WIDTHS = (5, 3)


def watches_card(
    rows: Sequence[WatchView], *, sources: Sequence[str], total: int = 0, page: int = 1,
    everyone: bool = False, zone: str = "UTC",
) -> Card:  # fmt: skip
    """Args:
    rows: of this page.
    sources: what can be heard at all, in sentences.
    everyone: they are everybody's, so their makers are named.
    """
    first = (page - 1) * PER_PAGE + 1
    last = first + len(rows) - 1
    if not rows:
        return card(
            "No watches",
            plain("Such as: watch membership created in here"),
            *(plain(one, subtle=True) for one in sources),
            actions=[press("Watch …", "watch")],
        )
    of = count(total, "watch", "watches")
    of = f"{first}–{last} of {of}" if total > len(rows) else of
    return card(
        of,
        head("Watch", "How it is doing", widths=_WIDTHS),
        *_rows(rows, everyone=everyone, zone=zone),
        *(plain(one, subtle=True) for one in sources),
        actions=[
            *_logs(rows),
            *([_page("Previous", page - 1, everyone)] if page > 1 else []),
            *([_page("Next", page + 1, everyone)] if last < total else []),
            press("Watch …", "watch"),
        ],
    )


def summary(view: WatchView) -> str:
    """A watch in one line."""
    watch = view.watch
    parts = [f"{watch.key}. {', '.join(one.words for one in watch.triggers)}"]
    if view.who:
        parts.append(f"of {harmless(view.who, 60)}")
    parts.append(f"in {harmless(view.where, 80)}")
    if watch.query:
        parts.append(f"where {harmless(watch.query, 200)}")
    parts.append(f"to {harmless(view.to, 100)}")
    return " ".join(parts)


def _rows(rows: Sequence[WatchView], *, everyone: bool, zone: str) -> Iterator[Child]:
    for view in rows:
        mine = f", by {harmless(view.maker, 60)}" if everyone else ""
        yield row(f"{summary(view)}{mine}", _doing(view, zone), widths=_WIDTHS)


def _doing(view: WatchView, zone: str) -> str:
    watch = view.watch
    parts = [str(watch.state)]
    if watch.state is not WatchState.ACTIVE and watch.why:
        parts.append(harmless(watch.why, 120))
    if view.waiting:
        parts.append(f"{view.waiting:,} waiting")
    if watch.dropped:
        parts.append(f"{watch.dropped:,} left out")
    last = f"last {moment(view.last_at, zone)}: {harmless(view.last_said, 120)}"
    parts.append(last if view.last_at else "nothing told yet")
    return ", ".join(parts)


def _logs(rows: Sequence[WatchView]) -> Iterator[Action]:
    """Behind a *more* each, so that no card has more than five buttons."""
    for start in range(0, len(rows), MOST_BUTTONS):
        some = [view.watch.key for view in rows[start : start + MOST_BUTTONS]]
        named = f"{some[0]}" if len(some) == 1 else f"{some[0]} to {some[-1]}"
        yield more(
            f"Logs of {named}",
            actions=[press(f"Log of {key}", "watch log", watch=str(key)) for key in some],
        )
        yield more(
            f"End one of {named}" if len(some) > 1 else f"End {named}",
            actions=[press(f"End {key}", "unwatch", once=True, watch=str(key)) for key in some],
        )


def _page(title: str, page: int, everyone: bool) -> Button:
    whose = "yes" if everyone else ""
    typed = f"watches{' of everyone' if everyone else ''} page {page}"
    return press(title, "watches", typed=typed, page=str(page), everyone=whose)
