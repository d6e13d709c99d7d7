"""An answer counted by what it is: an overview, or all parts of one kind, each to be pressed.

Decides how many are shown; what is counted and what may be seen is decided before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cards.kit import Action, Button, Card, Child, card, head, more, plain, press, row, text
from cards.parts import MOST_BUTTONS
from cards.words import count, harmless

PER_PAGE = 10
_SHOWN = 4
"""Parts of a kind in the overview."""
_WIDTHS = (3, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of an answer; `query` finds it, and is empty where none can."""

    label: str
    number: int
    query: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The parts of one kind. `more` values are not shown; `unknown` spaces are in no part.
    `name` is what is typed behind “by”."""

    name: str
    label: str
    shares: tuple[Share, ...]
    more: int = 0
    unknown: int = 0
    is_one: bool = True


def overview_card(query: str, total: int, every: Sequence[Counts], *, sentence: str = "") -> Card:
    """All kinds, each with its largest parts."""
    return card(
        count(total, "space"),
        plain(f"Spaces {sentence}" if sentence else f"Search: {query}", subtle=True),
        *(row(one.label, _summed(one), widths=(1, 3)) for one in every),
        actions=[
            *_by(query, every),
            press("List them", "search", typed=f"search {query}", query=query),
        ],
    )


def counts_card(
    query: str, total: int, counts: Counts, *, sentence: str = "", page: int = 1
) -> Card:
    """Every part of one kind, a page at a time; each leads to its spaces."""
    shares = [one for one in counts.shares if one.number]
    return card(
        f"{count(total, 'space')} by {counts.label.lower()}",
        plain(f"Spaces {sentence}" if sentence else f"Search: {query}", subtle=True),
        head(counts.label, "Spaces", widths=_WIDTHS) if shares else text("None of them any."),
        *(row(harmless(one.label, 80), f"{one.number:,}", widths=_WIDTHS) for one in shares),
        *_notes(counts),
        actions=[
            *_narrow(shares),
            *([_page("Previous", query, counts, page - 1)] if page > 1 else []),
            *([_page("Next", query, counts, page + 1)] if counts.more else []),
            press("Count by something else", "facets", typed=f"facets {query}", query=query),
        ],
    )


def _notes(counts: Counts) -> Iterator[Child]:
    if counts.unknown:
        yield row("not known", f"{counts.unknown:,}", widths=_WIDTHS)
    if counts.more:
        yield plain(f"And {count(counts.more, 'more value')}, on the next page.")
    if not counts.is_one:
        yield text("A space can be in several of these.", subtle=True)
    if any(one.number and not one.query for one in counts.shares):
        yield text("What has no button can't be said in a query any longer.", subtle=True)


def _narrow(shares: Sequence[Share]) -> Iterator[Action]:
    pressed = [one for one in shares if one.query]
    for start in range(0, len(pressed), MOST_BUTTONS):
        some = pressed[start : start + MOST_BUTTONS]
        yield more(
            f"Show {harmless(some[0].label, 20)} …",
            actions=[
                press(
                    f"{harmless(one.label, 40)} ({one.number:,})", "search",
                    typed=f"search {one.query}", query=one.query,
                )
                for one in some
            ],
        )  # fmt: skip


def _by(query: str, every: Sequence[Counts]) -> Iterator[Action]:
    for start in range(0, len(every), MOST_BUTTONS):
        some = every[start : start + MOST_BUTTONS]
        yield more(
            f"Count by {some[0].label.lower()} …",
            actions=[
                press(
                    one.label, "facets", typed=f"facets {query} by {one.name}",
                    query=query, by=one.name,
                )
                for one in some
            ],
        )  # fmt: skip


def _summed(counts: Counts) -> str:
    largest = sorted((one for one in counts.shares if one.number), key=lambda one: -one.number)
    parts = [f"{harmless(one.label, 40)} {one.number:,}" for one in largest[:_SHOWN]]
    left = len(largest) - _SHOWN + counts.more
    parts += [f"{left:,} more"] if left > 0 else []
    parts += [f"not known {counts.unknown:,}"] if counts.unknown else []
    return "; ".join(parts) or "none"


def _page(title: str, query: str, counts: Counts, page: int) -> Button:
    return press(
        title, "facets", typed=f"facets {query} by {counts.name} page {page}",
        query=query, by=counts.name, page=str(page),
    )  # fmt: skip
