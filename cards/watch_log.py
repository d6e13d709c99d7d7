"""The deliveries of one watch: what was told, when, how often it was tried, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards.kit import Button, Card, card, facts, head, plain, press, row
from cards.watches import summary
from cards.words import count, harmless, moment
from domain.watches import Delivery, DeliveryState, WatchState, WatchView

_WIDTHS = (4, 5)


def watch_log_card(
    view: WatchView, rows: Sequence[Delivery], *, counts: Mapping[DeliveryState, int],
    page: int = 1, has_more: bool = False, zone: str = "UTC",
) -> Card:  # fmt: skip
    """A page of the log, the latest first."""
    mine = str(view.watch.key)
    dead = counts.get(DeliveryState.DEAD, 0)
    is_active = view.watch.state is WatchState.ACTIVE
    return card(
        f"Log of watch {mine}",
        plain(summary(view), subtle=True),
        facts(*((str(state).capitalize(), f"{number:,}") for state, number in counts.items())),
        *([head("Delivery", "What came of it", widths=_WIDTHS)] if rows else []),
        *(row(_what(one, zone), _came(one, zone), widths=_WIDTHS) for one in rows),
        *([] if rows else [plain("Nothing was told yet.")]),
        actions=[
            *([_page("Previous", mine, page - 1)] if page > 1 else []),
            *([_page("Next", mine, page + 1)] if has_more else []),
            *(
                [press(f"Tell {count(dead, 'lost one')} again", "redeliver",
                       typed=f"redeliver of watch {mine}", watch=mine)]
                if dead and is_active
                else []
            ),
            *(
                []
                if is_active
                else [press("Take it up", "watch resume", once=True, watch=mine)]
            ),
        ],
    )  # fmt: skip


def _what(one: Delivery, zone: str) -> str:
    what = one.happening
    about = what.data.get("personEmail") or what.data.get("title") or ""
    name = f" ({harmless(str(about), 60)})" if about else ""
    return f"{one.key}. {what.trigger.words}{name}, {moment(what.at, zone)}"


def _came(one: Delivery, zone: str) -> str:
    parts = [str(one.state)]
    if one.status:
        parts.append(harmless(one.status, 40))
    if one.why:
        parts.append(harmless(one.why, 120))
    if one.attempts:
        parts.append(count(one.attempts, "attempt"))
    if one.last_at is not None:
        parts.append(f"last {moment(one.last_at, zone)}, {one.took_ms:,} ms")
    if one.state is DeliveryState.WAITING:
        parts.append(f"next {moment(one.due_at, zone)}")
    return ", ".join(parts)


def _page(title: str, watch: str, page: int) -> Button:
    return press(
        title, "watch log", typed=f"watch log {watch} page {page}", watch=watch, page=str(page)
    )
