"""What a search found, a page at a time.

Decides the page's look; what is found, and by whom it may be seen, is decided before. The
details' buttons stand behind a *more* each, so that no card has more than five buttons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from cards.kit import Action, Button, Card, Child, card, head, more, plain, press, row, text
from cards.parts import MOST_BUTTONS
from cards.words import NOT_KNOWN, ago, count, harmless, listed, typed_name
from domain.ids import SpaceKey
from domain.spaces import Scope, Space, SpaceType

PER_PAGE = 10
NOBODY: Mapping[SpaceKey, str] = MappingProxyType({})
NO_OWNERS: Mapping[SpaceKey, Sequence[str]] = MappingProxyType({})
_WIDTHS = (5, 3)


def found_card(
    query: str, rows: Sequence[Space], *, total: int, page: int, now: datetime,
    sentence: str = "", is_bound: bool = False, people: Mapping[SpaceKey, str] = NOBODY,
    owners: Mapping[SpaceKey, Sequence[str]] = NO_OWNERS,
) -> Card:  # fmt: skip
    """One page of a search's results.

    Args:
        query: as typed; the pages ask it again.
        rows: of this page, at most `PER_PAGE`.
        page: from 1.
        sentence: the query in words, fitting after “spaces”.
        is_bound: there are more than `total`.
        people: whose conversation it is, for those that have no title.
        owners: the names of those who would be warned.

    Raises:
        ValueError: more rows than a page has.
    """
    if len(rows) > PER_PAGE:
        raise ValueError(f"a page has at most {PER_PAGE} rows")
    first = (page - 1) * PER_PAGE + 1
    last = first + len(rows) - 1
    if not rows:
        return card(
            "No spaces found",
            plain(f"None that you can see for: {query or 'all'}", longest=300),
            text("Try fewer words, or the form."),
            actions=[_again()],
        )
    of = f"more than {count(total, 'space')}" if is_bound else count(total, "space")
    named = {space.key: people.get(space.key) or space.shown_title for space in rows}
    return card(
        f"{first:,}–{last:,} of {of}",
        plain(f"Spaces {sentence}" if sentence else f"Search: {query or 'all'}", subtle=True),
        head("Space", "Last used, size, owners", widths=_WIDTHS),
        *_rows(rows, named, owners, first, now),
        actions=[
            *_details(rows, named, first),
            *([_page("Previous", query, page - 1)] if page > 1 else []),
            *([_page("Next", query, page + 1)] if last < total else []),
            _again(),
        ],
    )


def _rows(
    rows: Sequence[Space], named: Mapping[SpaceKey, str],
    owners: Mapping[SpaceKey, Sequence[str]], first: int, now: datetime,
) -> Iterator[Child]:  # fmt: skip
    for number, space in enumerate(rows, first):
        size = NOT_KNOWN if space.size is None else count(space.size, "person", "people")
        marks = ["direct"] if space.type is SpaceType.DIRECT else []
        marks += [f"team {harmless(space.team, 40)}"] if space.team else []
        marks += [f"tags: {listed(space.tags, most=3)}"] if space.tags else []
        marks += ["external"] if space.scope is Scope.EXTERNAL else []
        marks += [harmless(space.classification, 40)] if space.classification else []
        yield row(
            " – ".join([f"{number}. {harmless(named[space.key], 80)}", *marks]),
            ", ".join([ago(space.last_activity, now), size, *_owned(owners.get(space.key, ()))]),
            widths=_WIDTHS,
        )


def _owned(owners: Sequence[str]) -> list[str]:
    return [f"owned by {listed(owners, most=2)}"] if owners else []


def _details(rows: Sequence[Space], named: Mapping[SpaceKey, str], first: int) -> Iterator[Action]:
    often = Counter((space.title or "").casefold() for space in rows)
    for start in range(0, len(rows), MOST_BUTTONS):
        some = rows[start : start + MOST_BUTTONS]
        low, high = first + start, first + start + len(some) - 1
        yield more(
            f"Details of {low}" if low == high else f"Details of {low}–{high}",
            actions=[
                _one(
                    number,
                    space,
                    named[space.key],
                    is_alone=often[(space.title or "").casefold()] == 1,
                )
                for number, space in enumerate(some, low)
            ],
        )


def _one(number: int, space: Space, name: str, *, is_alone: bool) -> Button:
    """Args: is_alone: no other on the page has its title; else only its id says which."""
    title = f"{number}. {harmless(name, 40)}"
    is_titled = name == space.shown_title and is_alone
    typed = f"space {typed_name(space) if is_titled else space.id}"
    return press(title, "space", typed=typed, space=str(space.id))


def _page(title: str, query: str, page: int) -> Button:
    typed = f"search {query} page {page}".replace("  ", " ")
    return press(title, "search", typed=typed, query=query, page=str(page))


def _again() -> Button:
    return press("New search", "search")
