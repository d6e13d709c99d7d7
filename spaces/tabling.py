"""What was found as a table for a file: every column, row by row, with what it may be believed.

Decides the columns, how a space is named in them, and the page that says what the table is. How
a file is written is decided above; who may see what is `query.search`'s own business.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.audit import Word
from domain.errors import Refusal
from domain.finding import Layout
from domain.ids import PersonKey, SpaceKey
from domain.people import Actor
from domain.spaces import Scope
from query.exporting import Known, known_of
from query.language import Query, parse
from query.search import every_key
from query.spec import Moments
from spaces.spec import House
from storage.store import UnitOfWork

MOST = 500_000
"""Rows of one file: beyond, it would be larger than what Webex takes (webex-facts 7)."""
SECONDS = 60.0
Cell = str | int | float | datetime | bool | None

COLUMNS = (
    "Title", "Type", "Scope", "Classification", "Team", "Tags", "Owners", "Owners' addresses",
    "People", "Outside domains", "Directory groups", "Created by", "Created", "Last activity",
    "Last human message", "Last used", "Days unused", "Age in days", "Moderated",
    "Owned by us", "State", "Kept until", "All members known", "Created (UTC)",
    "Last activity (UTC)", "Last human message (UTC)", "Last used (UTC)", "Id",
)  # fmt: skip
NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows are read while the unit of work is open, and once."""

    query: Query
    total: int
    rows: Iterator[Sequence[Cell]]
    about: tuple[tuple[str, Cell], ...]
    """What it is, line by line: the query, who, when, how far the list of spaces goes."""


def count_found(house: House, text: str, *, visible_to: PersonKey | None, zone: str) -> int:
    """How many rows it would be. Raises QueryFault, and Refusal where they are too many."""
    with house.store.read() as tx:
        return len(_keys(tx, parse(text), visible_to, zone, Layout()))


@contextmanager
def tabled(
    house: House, text: str, *, layout: Layout, visible_to: PersonKey | None, by: str, zone: str
) -> Iterator[Table]:
    """The live spaces that `text` certainly matches, with all that is known of them.

    Args:
        visible_to: whose spaces; None for compliance, who see all (I13).
        by: who asks, for the page about it.
        zone: theirs.

    Raises:
        QueryFault: the query can't be read.
        Refusal: it took too long, or there are too many.
    """
    query = parse(text)
    with house.store.read() as tx:
        moments = Moments(now=tx.now, zone=zone)
        keys = _keys(tx, query, visible_to, zone, layout)
        yield Table(
            query=query, total=len(keys),
            about=_about(tx, query, layout, len(keys), visible_to, by),
            rows=(_row(one, tx.now) for one in known_of(tx, keys, moments)),
        )  # fmt: skip


def record_export(house: House, actor: Actor, text: str, *, kind: str, rows: int) -> None:
    """Who took what out stands in the record."""
    with house.store.begin() as tx:
        tx.audit.add(Word.SEARCH_EXPORT, actor, query=text, kind=kind, rows=rows)
        tx.commit()


def _keys(
    tx: UnitOfWork, query: Query, visible_to: PersonKey | None, zone: str, layout: Layout
) -> list[SpaceKey]:
    keys = every_key(
        tx, query, visible_to=visible_to, moments=Moments(now=tx.now, zone=zone),
        sort=layout.sort, falls=layout.falls, most=MOST + 1, seconds=SECONDS,
    )  # fmt: skip
    if len(keys) > MOST:
        raise Refusal(
            f"That is more than {MOST:,} spaces, too many for one file.",
            "Ask for less at once, such as one year: add created:2025.",
        )
    return keys


def _about(
    tx: UnitOfWork, query: Query, layout: Layout, total: int, visible_to: PersonKey | None, by: str
) -> tuple[tuple[str, Cell], ...]:
    crawl, latest = tx.crawls.last(complete=True), tx.crawls.last()
    whole = "every space of the company" if visible_to is None else f"only spaces that {by} is in"
    return (
        ("Search", query.text), ("In words", f"Spaces {query.sentence}"),
        ("Sorted by", f"{layout.sort}, {'falling' if layout.descending else 'rising'}"),
        ("Spaces", total), ("Seen through", whole), ("Made by", by), ("Made at", tx.now),
        ("Made at (UTC)", _utc(tx.now)),
        ("List of spaces complete as of", crawl.finished_at if crawl else "never complete"),
        ("Latest look complete", latest.is_complete if latest else "no look yet"),
        ("Latest look says", latest.said if latest else ""),
        ("Empty cells", "it has none of it; what is not known is called so"),
    )  # fmt: skip


def _row(known: Known, now: datetime) -> tuple[Cell, ...]:
    space = known.space
    # A conversation of two is called “Empty Title” where an officer reads it.
    title = " and ".join(known.people) or space.title
    used = space.last_used
    keep: Cell = "for ever" if known.keeps_forever else known.keep_until
    return (
        title or "(title not known)",
        space.type.name.lower() if space.type else NOT_KNOWN,
        _scope(space.scope), space.classification, space.team, ", ".join(space.tags),
        _owners(known, "name"), _owners(known, "email"),
        NOT_KNOWN if space.size is None else space.size, _side(known.domains),
        _side(known.groups), space.creator or NOT_KNOWN, space.created or NOT_KNOWN,
        space.last_activity or NOT_KNOWN, space.last_human or NOT_KNOWN, used or NOT_KNOWN,
        (now - used).days if used else NOT_KNOWN,
        (now - space.created).days if space.created else NOT_KNOWN,
        NOT_KNOWN if space.is_locked is None else space.is_locked,
        NOT_KNOWN if space.is_ours is None else space.is_ours, known.state, keep,
        known.members_known, _utc(space.created), _utc(space.last_activity),
        _utc(space.last_human), _utc(used),
        str(space.id),
    )  # fmt: skip


def _owners(known: Known, what: str) -> str:
    if not known.owners and not known.members_known:
        return NOT_KNOWN
    return ", ".join(str(getattr(one, what)) for one in known.owners)


def _scope(scope: Scope | None) -> str:
    return NOT_KNOWN if scope is None else scope.name.lower()


def _side(names: tuple[str, ...] | None) -> str:
    return NOT_KNOWN if names is None else ", ".join(names)


def _utc(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
