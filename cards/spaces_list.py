"""Spaces as the connector lists them: each with every field of Webex, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cards.kit import Action, Card, Child, card, more, plain, press
from cards.parts import MOST_BUTTONS
from cards.space import TYPES
from cards.words import DASH, count, harmless, instant, together, yes_no
from domain.ids import SpaceKey
from domain.spaces import Space

PER_PAGE = 10


def spaces_list_card(
    rows: Sequence[Space], *, total: int, page: int, asked: Mapping[str, str], typed: str,
    sentence: str, people: Mapping[SpaceKey, str], notes: Sequence[str] = (), zone: str = "UTC",
) -> Card:  # fmt: skip
    """A page of the list.

    Args:
        total: how many are listed in all.
        asked, typed: what asks for the list again, as arguments and in words.
        sentence: which spaces these are, and how they are sorted.
        people: whose conversation it is, for those that have no title.
    """
    first = (page - 1) * PER_PAGE + 1
    last = first + len(rows) - 1
    names = {one.key: people.get(one.key) or one.shown_title for one in rows}
    return card(
        f"{first:,}–{last:,} of {count(total, 'space')}" if rows else "No spaces",
        plain(sentence, subtle=True),
        *(plain(note, warns=True) for note in notes),
        *(part for n, one in enumerate(rows, first) for part in _entry(n, one, names, zone)),
        actions=[
            *_details(rows, names, first),
            *([_all_of(rows, first, zone)] if rows else []),
            *([_page("Previous", asked, typed, page - 1)] if page > 1 else []),
            *([_page("Next", asked, typed, page + 1)] if last < total else []),
        ],
    )


def _entry(number: int, space: Space, names: Mapping[SpaceKey, str], zone: str) -> Iterator[Child]:
    """At a glance; what else Webex tells stands behind a button."""
    yield plain(f"{number}. {harmless(names[space.key])}", bold=True)
    kind = TYPES[space.type] if space.type else DASH
    yield plain(f"{kind}, last activity {instant(space.last_activity, zone)}", subtle=True)


def _all_of(rows: Sequence[Space], first: int, zone: str) -> Action:
    return more(
        "All that Webex tells",
        *(plain(f"{n}. {together(_facts(one, zone))}") for n, one in enumerate(rows, first)),
    )


def _facts(space: Space, zone: str) -> tuple[tuple[str, str], ...]:
    return (
        ("Type", TYPES[space.type] if space.type else DASH),
        ("Locked", DASH if space.is_locked is None else yes_no(space.is_locked)),
        ("Last activity", instant(space.last_activity, zone)),
        ("Created", instant(space.created, zone)),
        ("Creator", space.creator or DASH),
        ("Creator id", space.creator_id or DASH),
        ("Id", str(space.id)),
    )


def _details(rows: Sequence[Space], names: Mapping[SpaceKey, str], first: int) -> Iterator[Action]:
    for start in range(0, len(rows), MOST_BUTTONS):
        some = rows[start : start + MOST_BUTTONS]
        low = first + start
        yield more(
            f"Details of {low}–{low + len(some) - 1}" if len(some) > 1 else f"Details of {low}",
            actions=[
                press(f"{n}. {harmless(names[one.key], 40)}", "space", space=str(one.id))
                for n, one in enumerate(some, low)
            ],
        )


def _page(title: str, asked: Mapping[str, str], typed: str, page: int) -> Action:
    return press(
        title, "spaces list", given={**asked, "page": str(page)}, typed=f"{typed} page {page}"
    )
