"""Finding spaces: the first rows of an answer and how many there are, for one reader.

Decides paging, order and bounds. What matches is the query's business; who may see what is
decided here for every row and every count alike: whoever is not compliance sees only the
spaces that they are in, and a space that they may not see leaves no trace in the answer.

It counts first (up to a bound) and then either gathers a small answer and sorts it, or walks
the index of the sort through a big one: each is slow where the other is fast (numbers.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
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

from domain.ids import PersonKey, RoomId, SpaceKey
from domain.spaces import Scope, Space, SpaceType
from query.answering import MISSING
from query.deadline import deadline
from query.language import Query
from query.sides import among, folded
from query.spec import Moments
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
from storage.store import UnitOfWork

BOUND = 10_000
"""Totals are exact up to here; beyond, people are told "more than"."""
SECONDS = 5.0
_SEPARATOR = "\x1f"  # stands in no tag


class Sort(StrEnum):
    ACTIVITY = "activity"
    """Latest first; those whose activity is not known come last."""
    TITLE = "title"


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
    sort: Sort = Sort.ACTIVITY, after: Cursor | None = None, skip: int = 0, limit: int = 10,
    seconds: float = SECONDS,
) -> Found:  # fmt: skip
    """The live spaces that `query` certainly matches.

    Args:
        visible_to: only spaces that this person is in; None for compliance, who see all.
        after: go on behind this place; flat, however far.
        skip: rows to pass over first, at most `BOUND`; for pages with numbers.
        limit: rows of a page.

    Raises:
        Refusal: it took longer than `seconds`.
    """
    if limit < 1 or not 0 <= skip <= BOUND:
        raise ValueError("a page has rows, and lies within the bound")
    where = [space.c.state == 0, query.where(moments)]
    if visible_to is not None:
        seats = select(membership.c.space_id).where(membership.c.person_id == visible_to)
        where.append(among(seats))
    with deadline(tx, seconds):
        some = select(literal(1)).select_from(space).where(*where).limit(BOUND + 1).subquery()
        total = tx.connection.execute(select(func.count()).select_from(some)).scalar_one()
        rows = _rows(tx, where, sort, after, skip, limit + 1, is_big=total > BOUND)
    more = rows[:limit][-1] if len(rows) > limit else None
    return Found(
        rows=tuple(_space(row) for row in rows[:limit]),
        total=min(total, BOUND), total_is_bound=total > BOUND,
        next=None if more is None else Cursor(more.sorted_by, SpaceKey(more.id)),
    )  # fmt: skip


def _rows(
    tx: UnitOfWork, where: list[ColumnElement[bool]], sort: Sort, after: Cursor | None,
    skip: int, limit: int, *, is_big: bool,
) -> list[Row[Any]]:  # fmt: skip
    if sort is Sort.TITLE:
        return list(tx.connection.execute(_details(_by_title(where, after, skip, limit), sort)))
    if is_big and not (after and after.value == MISSING):
        walked = _details(_by_walking(where, after, skip, limit), sort)
        rows = list(tx.connection.execute(walked))
        if len(rows) == limit:
            return rows
        # Too near the end: those without a known activity are not in the walk.
    return list(tx.connection.execute(_details(_by_gathering(where, after, skip, limit), sort)))


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


def _by_title(
    where: list[ColumnElement[bool]], after: Cursor | None, skip: int, limit: int
) -> Select[Any]:
    """By folded title, those without a title last."""
    title = folded(space_name.c.title)
    found = select(space.c.id, title.label("sorted_by")).join(space_name).where(*where)
    if after is not None:
        behind = space.c.id > after.key
        found = found.where(
            and_(title.is_(None), behind)
            if after.value is None
            else or_(title > after.value, and_(title == after.value, behind), title.is_(None))
        )
    is_last = case((title.is_(None), 1), else_=0)
    return found.order_by(is_last, title, space.c.id).offset(skip).limit(limit)


def _details(page: Select[Any], sort: Sort) -> Select[Any]:
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
    if sort is Sort.TITLE:
        is_last = case((here.c.sorted_by.is_(None), 1), else_=0)
        return joined.order_by(is_last, here.c.sorted_by, space.c.id)
    return joined.order_by(here.c.sorted_by.desc(), space.c.id.desc())


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
