"""What a search found, a page at a time.

Decides the page's look; what is found, and by whom it may be seen, is decided before. The
details' buttons stand behind a *more* each, so that no card has more than five buttons; so
does what can be done with all that was found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import LiteralString

from cards.kit import Action, Button, Card, Child, card, head, more, plain, press, row, text
from cards.parts import MOST_BUTTONS
from cards.words import NOT_KNOWN, ago, count, date, harmless, listed, typed_name
from domain.finding import USUAL, Column, Layout, Sort
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
    states: Mapping[SpaceKey, str] = NOBODY, layout: Layout = USUAL, zone: str = "UTC",
    meant: Sequence[str] = (),
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
        states: how they stand under the policies, where that column is asked for.
        layout: the order, which the title tells, and the columns.
        meant: up to three queries that find something and may have been meant, where this
            finds nothing.

    Raises:
        ValueError: more rows than a page has.
    """
    if len(rows) > PER_PAGE:
        raise ValueError(f"a page has at most {PER_PAGE} rows")
    first = (page - 1) * PER_PAGE + 1
    last = first + len(rows) - 1
    words = f"{query} {layout.words}".strip()
    if not rows:
        return card(
            "No spaces found",
            plain(f"None that you can see for: {query or 'all'}", longest=300),
            *(
                [plain(f"That was: spaces {sentence}.", longest=300, subtle=True)]
                if sentence and query
                else []
            ),
            text("Did you mean this?" if meant else "Try fewer words, or the form."),
            actions=[
                *(press(one, "search", typed=f"search {one}", query=one) for one in meant),
                _change("Change the search", words),
                _again(),
            ],
        )
    of = f"more than {count(total, 'space')}" if is_bound else count(total, "space")
    named = {space.key: people.get(space.key) or space.shown_title for space in rows}
    lines = _Lines(named=named, owners=owners, states=states, now=now, zone=zone)
    return card(
        f"{first:,}–{last:,} of {of}",
        plain(f"Spaces {sentence}" if sentence else f"Search: {query or 'all'}", subtle=True),
        *([plain(f"Sorted by {_order(layout)}.", subtle=True)] if _order(layout) else []),
        *(lines.usual(rows, first) if not layout.columns else lines.chosen(rows, first, layout)),
        actions=[
            *_details(rows, named, first),
            *([_page("Previous", words, page - 1)] if page > 1 else []),
            *([_page("Next", words, page + 1)] if last < total else []),
            more(
                "All of these …",
                actions=[
                    press(
                        "Sort by …", "search", typed=f"search {query} sort by <column>",
                        query=words, show="sort",
                    ),
                    press("Count by …", "facets", typed=f"facets {query}", query=query),
                    press("Do something …", "bulk", typed=f"bulk {query}", query=query),
                    press(
                        "Save this search …", "save search",
                        typed=f'save search "<a name>" as {words}', query=words,
                    ),
                    press("Export", "export", typed=f"export {words}", query=words),
                ],
            ),
        ],
    )  # fmt: skip


def sort_card(query: str, layout: Layout) -> Card:
    """By what the answer to a query can be sorted; the same once more turns it round."""

    def by(sort: Sort, title: str) -> Button:
        turned = None if sort is not layout.sort else not layout.descending
        wanted = replace(layout, sort=sort, falls=turned)
        words = f"{query} {wanted.words}".strip()
        return press(title, "search", typed=f"search {words}", query=words)

    words = f"{query} {layout.words}".strip()
    return card(
        "Sort by",
        plain(f"Search: {query}", subtle=True),
        plain(f"It is sorted by {_order(layout) or 'last use, the latest first'}."),
        text("The same once more turns the order round."),
        actions=[
            by(Sort.ACTIVITY, "Last used"), by(Sort.TITLE, "Title"),
            by(Sort.CREATED, "Created"), by(Sort.SIZE, "Number of people"),
            more(
                "More …",
                actions=[by(Sort.OWNER, "Owner"), _change("Change words and columns", words)],
            ),
        ],
    )  # fmt: skip


_ORDERS = {
    Sort.ACTIVITY: ("last use, the longest unused first", ""),
    Sort.TITLE: ("title", "title, from Z to A"),
    Sort.CREATED: ("creation, the oldest first", "creation, the newest first"),
    Sort.SIZE: ("number of people, the fewest first", "number of people, the most first"),
    Sort.OWNER: ("owner", "owner, from Z to A"),
}


def _order(layout: Layout) -> str:
    """In words; empty for the usual one."""
    return _ORDERS[layout.sort][layout.descending]


_HEADS: dict[Column, LiteralString] = {
    Column.OWNER: "Owners", Column.MEMBERS: "People", Column.TAGS: "Tags",
    Column.CLASSIFICATION: "Classification", Column.SCOPE: "Scope", Column.TYPE: "Type",
    Column.TEAM: "Team", Column.ACTIVITY: "Last used", Column.CREATED: "Created",
    Column.STATE: "State", Column.CREATOR: "Made by",
}  # fmt: skip
_MOST_OWN = 2
"""Chosen columns that stand on their own beside the title; more stand together (MOST_COLUMNS)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lines:
    """The table of a page."""

    named: Mapping[SpaceKey, str]
    owners: Mapping[SpaceKey, Sequence[str]]
    states: Mapping[SpaceKey, str]
    now: datetime
    zone: str

    def usual(self, rows: Sequence[Space], first: int) -> Iterator[Child]:
        yield head("Space", "Last used, size, owners", widths=_WIDTHS)
        yield from _rows(rows, self.named, self.owners, first, self.now)

    def chosen(self, rows: Sequence[Space], first: int, layout: Layout) -> Iterator[Child]:
        """The number and the title always: else nobody knows which space it is."""
        columns = [one for one in layout.columns if one is not Column.TITLE]
        widths = (3, *(2 for _ in columns)) if len(columns) <= _MOST_OWN else _WIDTHS[::-1]
        heads = [_HEADS[one] for one in columns]
        if len(columns) > _MOST_OWN:
            yield row("Space", ", ".join([heads[0], *map(str.lower, heads[1:])]), widths=widths)
        else:
            yield head("Space", *heads, widths=widths)
        for number, space in enumerate(rows, first):
            title = f"{number}. {harmless(self.named[space.key], 80)}"
            cells = [self.cell(space, one) for one in columns]
            if len(columns) > _MOST_OWN:
                cells = ["; ".join(cells)]
            yield row(title, *cells, widths=widths)

    def cell(self, space: Space, column: Column) -> str:
        match column:
            case Column.OWNER:
                return listed(self.owners.get(space.key, ()), most=2, none="no owner known")
            case Column.MEMBERS:
                known = space.size is not None
                return count(space.size or 0, "person", "people") if known else _unknown("size")
            case Column.TAGS:
                return listed(space.tags, most=5, none="no tags")
            case Column.CLASSIFICATION:
                return harmless(space.classification or "not classified", 40)
            case Column.SCOPE:
                return _unknown("scope") if space.scope is None else space.scope.name.lower()
            case Column.TYPE:
                return _unknown("type") if space.type is None else space.type.name.lower()
            case Column.TEAM:
                return f"team {harmless(space.team, 40)}" if space.team else "no team"
            case Column.ACTIVITY:
                return ago(space.last_activity, self.now)
            case Column.CREATED:
                return f"made {date(space.created, self.zone)}"
            case Column.STATE:
                return _STATES.get(self.states.get(space.key, ""), NOT_KNOWN)
            case Column.CREATOR:
                return f"by {harmless(space.creator or NOT_KNOWN, 60)}"
            case Column.TITLE:
                return harmless(self.named[space.key], 80)


def _unknown(what: str) -> str:
    return f"{what} {NOT_KNOWN}"


_STATES = {
    "clear": "nothing runs", "due": "due", "warned": "owners warned", "blocked": "blocked",
    "enforcing": "being ended", "held": "on hold", "paused": "paused",
    "needs attention": "waits for compliance", "kept": "kept by hand",
}  # fmt: skip


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


def _change(title: str, words: str) -> Button:
    return press(title, "search", typed=f"search {words}", query=words, show="form")


def _again() -> Button:
    return press("New search", "search")
