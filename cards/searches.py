"""Saved searches: one's own and those that others shared, and the word that one was shared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cards.kit import Action, Button, Card, card, facts, head, more, plain, press, row, text
from cards.parts import MOST_BUTTONS
from cards.words import count, harmless, listed, quoted
from domain.ids import PersonKey
from domain.searches import SavedSearch

PER_PAGE = 10
_WIDTHS = (2, 3)


def searches_card(
    reader: PersonKey, some: Sequence[SavedSearch], *, total: int, page: int = 1
) -> Card:
    """A page of what a person has saved or was given; `some` are its searches."""
    if not total:
        return card(
            "No saved searches yet",
            text("Save one by the button below what a search finds, or type:"),
            plain('save search "stale finance" as tag:finance inactive:>90d'),
            actions=[press("Search", "search")],
        )
    first = (page - 1) * PER_PAGE + 1
    return card(
        count(total, "saved search", "saved searches"),
        head("Name", "What it looks for", widths=_WIDTHS),
        *(
            row(f"{number}. {_name(one, reader)}", _said(one), widths=_WIDTHS)
            for number, one in enumerate(some, first)
        ),
        text("Who gets a search gets its words, and finds only what they may see.", subtle=True),
        actions=[
            *_runs(some, reader, first),
            *([_page("Previous", page - 1)] if page > 1 else []),
            *([_page("Next", page + 1)] if first + len(some) - 1 < total else []),
        ],
    )


def shared_search_card(one: SavedSearch, by: str) -> Card:
    """Told to whom it was shared with."""
    return card(
        f"{by} shares a search",
        facts(("Name", one.name), ("It looks for", one.words)),
        text("You find only what you may see. “searches” shows it again.", subtle=True),
        actions=[press("Search", "search", typed=f"search {one.words}", query=one.words)],
    )


def named_search(one: SavedSearch, reader: PersonKey) -> str:
    """As its reader types it, without quotes."""
    return one.name if one.owner == reader else f"{one.name} of {one.owner_name}"


def _name(one: SavedSearch, reader: PersonKey) -> str:
    return harmless(named_search(one, reader), 100)


def _said(one: SavedSearch) -> str:
    shared = f" (shared with {listed(one.shared, most=3)})" if one.shared else ""
    return f"{harmless(one.words, 200)}{shared}"


def _runs(some: Sequence[SavedSearch], reader: PersonKey, first: int) -> Iterator[Action]:
    for start in range(0, len(some), MOST_BUTTONS):
        part = some[start : start + MOST_BUTTONS]
        low = first + start
        title = f"Search by {low}" + ("" if len(part) == 1 else f"–{low + len(part) - 1}")
        yield more(
            title, actions=[_run(number, one, reader) for number, one in enumerate(part, low)]
        )


def _run(number: int, one: SavedSearch, reader: PersonKey) -> Button:
    name = named_search(one, reader)
    return press(
        f"{number}. {harmless(one.name, 40)}", "run search",
        typed=f"run search {quoted(name)}", name=name,
    )  # fmt: skip


def _page(title: str, page: int) -> Button:
    return press(title, "searches", typed=f"searches page {page}", page=str(page))
