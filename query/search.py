"""Finding spaces: the first rows of an answer and how many there are, for one reader.

Decides paging, order and bounds. What matches is the query's business; who may see what is
decided here for every row and every count alike: whoever is not compliance sees only the
spaces that they are in, and a space that they may not see leaves no trace in the answer.

It counts first (up to a bound) and then either gathers a small answer and sorts it, or walks
the index of the sort through a big one: each is slow where the other is fast (numbers.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Row,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.sql import ColumnElement

from domain.finding import Sort as Sort
from domain.ids import PersonKey, RoomId, SpaceKey
from domain.spaces import Scope, Space, SpaceType
from query.answering import MISSING
from query.deadline import deadline
from query.language import Query
from query.owning import first_owners
from query.sides import among, folded
from query.spec import Moments, Predicate
from storage.schema import (
    NONE,
    classification,
    membership,
    person,
    space,
    space_name,
    space_tag,
    tag,
    team,
)
from storage.sql import within
from storage.store import UnitOfWork

BOUND = 10_000
"""Totals are exact up to here; beyond, people are told "more than"."""
SECONDS = 5.0
_SEPARATOR = "\x1f"  # stands in no tag


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: what it was sorted by, and the space's key."""

    value: int | str | None
    key: SpaceKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page. Where `total_is_bound`, there are more than `total`. `next` is None at the end."""

    rows: tuple[Space, ...]
    total: int
    total_is_bound: bool
    next: Cursor | None


def search(
    tx: UnitOfWork, query: Query, *, visible_to: PersonKey | None, moments: Moments,
    sort: Sort = Sort.ACTIVITY, falls: bool | None = None, after: Cursor | None = None,
    skip: int = 0, limit: int = 10, seconds: float = SECONDS,
) -> Found:  # fmt: skip
    """The live spaces that `query` certainly matches.

    Args:
        visible_to: only spaces that this person is in; None for compliance, who see all.
        falls: the greatest comes first; without it, as is usual for the sort. What is not
            known comes last either way, and what is equal in the order of its keys.
        after: go on behind this place; flat, however far.
        skip: rows to pass over first, at most `BOUND`; for pages with numbers.
        limit: rows of a page.

    Raises:
        Refusal: it took longer than `seconds`.
    """
    if limit < 1 or not 0 <= skip <= BOUND:
        raise ValueError("a page has rows, and lies within the bound")
    where = visible(query.where(moments), visible_to)
    order = Order(sort, sort.falls if falls is None else falls)
    with deadline(tx, seconds):
        some = select(literal(1)).select_from(space).where(*where).limit(BOUND + 1).subquery()
        total = tx.connection.execute(select(func.count()).select_from(some)).scalar_one()
        rows = _rows(tx, where, order, after, skip, limit + 1, is_big=total > BOUND)
    more = rows[:limit][-1] if len(rows) > limit else None
    return Found(
        rows=tuple(_space(row) for row in rows[:limit]),
        total=min(total, BOUND), total_is_bound=total > BOUND,
        next=None if more is None else Cursor(more.sorted_by, SpaceKey(more.id)),
    )  # fmt: skip


def every_key(
    tx: UnitOfWork, query: Query, *, visible_to: PersonKey | None, moments: Moments,
    sort: Sort, falls: bool | None, most: int, seconds: float,
) -> list[SpaceKey]:  # fmt: skip
    """The keys of all that `search` finds, in its order; at most `most`."""
    where = visible(query.where(moments), visible_to)
    order = Order(sort, sort.falls if falls is None else falls)
    with deadline(tx, seconds):
        if order.is_usual:
            found = _by_gathering(where, None, 0, most)
        else:
            found = _by_sorting(where, order, None, 0, most)
        return [SpaceKey(key) for key in tx.connection.scalars(found)]


def spaces_of(tx: UnitOfWork, keys: Sequence[SpaceKey]) -> dict[SpaceKey, Space]:
    """Everything that is shown of these spaces; whose they may be is decided by who names them."""
    page = select(space.c.id, space.c.id.label("sorted_by")).where(
        within(tx.connection, space.c.id, keys)
    )
    rows = tx.connection.execute(_details(page, Order(Sort.ACTIVITY, falls=True)))
    return {SpaceKey(row.id): _space(row) for row in rows}


def visible(matches: Predicate, to: PersonKey | None) -> list[Predicate]:
    """What has to hold of a row of an answer: it lives, it matches, and the reader may see it
    (I13): they are in it, or `to` is None for compliance."""
    where = [space.c.state == 0, matches]
    if to is not None:
        seats = select(membership.c.space_id).where(membership.c.person_id == to)
        where.append(among(seats))
    return where


@dataclass(frozen=True, slots=True)
class Order:
    """`falls`: the greatest first."""

    sort: Sort
    falls: bool

    @property
    def is_usual(self) -> bool:
        """The one that an index serves and nearly everybody asks for."""
        return self.sort is Sort.ACTIVITY and self.falls


def _rows(
    tx: UnitOfWork, where: list[Predicate], order: Order, after: Cursor | None,
    skip: int, limit: int, *, is_big: bool,
) -> list[Row[Any]]:  # fmt: skip
    if not order.is_usual:
        return list(
            tx.connection.execute(_details(_by_sorting(where, order, after, skip, limit), order))
        )
    if is_big and not (after and after.value == MISSING):
        walked = _details(_by_walking(where, after, skip, limit), order)
        rows = list(tx.connection.execute(walked))
        if len(rows) == limit:
            return rows
        # Too near the end: those without a known activity are not in the walk.
    return list(tx.connection.execute(_details(_by_gathering(where, after, skip, limit), order)))


_activity = type_coerce(space.c.last_activity, BigInteger)
_gathered = func.coalesce(_activity, MISSING)


def _by_walking(
    where: list[ColumnElement[bool]], after: Cursor | None, skip: int, limit: int
) -> Select[Any]:
    """Along the index (last_activity, id)."""
    found = select(space.c.id, _activity.label("sorted_by")).where(
        *where, space.c.last_activity.is_not(None)
    )
    if after is not None:
        here = tuple_(literal(after.value, BigInteger), literal(after.key, BigInteger))
        found = found.where(tuple_(_activity, space.c.id) < here)
    ordered = found.order_by(space.c.last_activity.desc(), space.c.id.desc())
    return ordered.offset(skip).limit(limit)


def _by_gathering(
    where: list[ColumnElement[bool]], after: Cursor | None, skip: int, limit: int
) -> Select[Any]:
    """All of the answer, then sorted: the expression keeps the index out of it."""
    found = select(space.c.id, _gathered.label("sorted_by")).where(*where)
    if after is not None:
        value = literal(after.value, BigInteger)
        same = and_(_gathered == value, space.c.id < after.key)
        found = found.where(or_(_gathered < value, same))
    return found.order_by(_gathered.desc(), space.c.id.desc()).offset(skip).limit(limit)


def _by_sorting(
    where: list[Predicate], order: Order, after: Cursor | None, skip: int, limit: int
) -> Select[Any]:
    """All of the answer, sorted by anything; those of which it is not known last."""
    value, source = _sorted_by(where, order.sort)
    found = select(space.c.id, value.label("sorted_by")).select_from(source).where(*where)
    if after is not None:
        behind = space.c.id < after.key if order.falls else space.c.id > after.key
        if after.value is None:
            found = found.where(value.is_(None), behind)
        else:
            beyond = value < after.value if order.falls else value > after.value
            found = found.where(or_(beyond, and_(value == after.value, behind), value.is_(None)))
    return found.order_by(*_turned(value, space.c.id, order.falls)).offset(skip).limit(limit)


def _sorted_by(where: list[Predicate], sort: Sort) -> tuple[ColumnElement[Any], Any]:
    """The value that is sorted by, and where it comes from."""
    match sort:
        case Sort.TITLE:
            return folded(space_name.c.title), space.join(space_name)
        case Sort.CREATED:
            return type_coerce(space.c.created, BigInteger), space
        case Sort.SIZE:
            return space.c.size, space
        case Sort.OWNER:
            named = first_owners(select(space.c.id).where(*where)).subquery("named")
            return named.c.name, space.outerjoin(named, named.c.space_id == space.c.id)
        case Sort.ACTIVITY:
            return _activity, space


def _turned(
    value: ColumnElement[Any], key: ColumnElement[Any], falls: bool
) -> tuple[ColumnElement[Any], ...]:
    is_last = case((value.is_(None), 1), else_=0)
    if falls:
        return is_last, value.desc(), key.desc()
    return is_last, value, key


def _details(page: Select[Any], order: Order) -> Select[Any]:
    """Everything that is shown of the rows of `page`, in the page's order."""
    here = page.subquery("page")
    tags = (
        select(func.aggregate_strings(tag.c.name, _SEPARATOR))
        .join(space_tag, space_tag.c.tag_id == tag.c.id)
        .where(space_tag.c.space_id == space.c.id)
        .correlate(space)
        .scalar_subquery()
    )
    wanted = select(
        space, space_name.c.webex_id, space_name.c.title, here.c.sorted_by,
        classification.c.title.label("classified"), team.c.name.label("team_name"),
        person.c.email.label("creator"), tags.label("tags"),
    )  # fmt: skip
    joined = wanted.select_from(
        here.join(space, space.c.id == here.c.id)
        .join(space_name, space_name.c.space_id == space.c.id)
        .outerjoin(classification, classification.c.id == space.c.classification_id)
        .outerjoin(team, team.c.id == space.c.team_id)
        .outerjoin(person, person.c.id == space.c.creator_id)
    )
    if order.is_usual:
        return joined.order_by(here.c.sorted_by.desc(), space.c.id.desc())
    return joined.order_by(*_turned(here.c.sorted_by, space.c.id, order.falls))


def _space(row: Row[Any]) -> Space:
    return Space(
        key=SpaceKey(row.id), id=RoomId(row.webex_id), title=row.title,
        type=None if row.type is None else SpaceType(row.type),
        scope=None if row.scope is None else Scope(row.scope),
        classification=None if row.classification_id == NONE else row.classified,
        last_activity=row.last_activity, last_human=row.last_human, last_used=row.last_used,
        created=row.created, size=row.size, team=None if row.team_id == NONE else row.team_name,
        creator=row.creator, is_locked=row.is_locked, is_ours=row.is_ours,
        is_general=row.is_general, tags=tuple(_tags(row.tags)),
    )  # fmt: skip


def _tags(joined: str | None) -> Iterator[str]:
    yield from sorted(joined.split(_SEPARATOR)) if joined else ()
