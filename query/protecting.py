"""Whether a hold is on a space, asked at this very moment: the one question that everything
which destroys has to ask, in the transaction of its effect.

The principle: what is not known, holds. A space that a hold's search may find, or of whose
people not all are known while a person is held, is held until that is known. What a search has
once found stays held, whatever becomes of the space, until the hold is released; so nothing
slips out by a new title or a tag that somebody takes off.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, true

from domain.cases import Hold
from domain.errors import Refusal
from domain.ids import HoldKey, SpaceKey
from query.faults import QueryFault
from query.language import Query, parse
from query.spec import Criterion, Moments
from storage.reaching import LEFT_ALONE, ended_at, holds_at, people_are_held, reached
from storage.schema import hold, hold_found, hold_target, space, space_name
from storage.sql import insert, pieces, within
from storage.store import UnitOfWork

HELD = "Something forbids to destroy anything in it for now; compliance can tell more."
"""To whoever is not of compliance: whose hold it is, and that it is one, is theirs to tell."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A hold's search. `query` is None when it can't be read any more: then it may be any."""

    hold: HoldKey
    query: Query | None
    ends_at: datetime | None = None

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return () if self.query is None else self.query.criteria

    def may_match(self, moments: Moments) -> ColumnElement[bool]:
        if self.query is None:
            return true()
        return func.coalesce(self.query.predicate(moments), true())


def searches(
    tx: UnitOfWork, *, at: datetime | None = None, only: HoldKey | None = None
) -> tuple[Asked, ...]:
    """The searches of the holds that hold `at` a moment (now), or of one hold whether it holds
    or not."""
    return _searches(tx, holds_at(at or tx.now) if only is None else hold.c.id == only)


def ended_searches(tx: UnitOfWork, *, at: datetime) -> tuple[Asked, ...]:
    """Those of the holds that had ended at a moment, and whose spaces are still left alone: what
    they may have been on, too."""
    return _searches(tx, *ended_at(at))


def _searches(tx: UnitOfWork, *which: ColumnElement[bool]) -> tuple[Asked, ...]:
    found = (
        select(hold_target.c.hold_id, hold_target.c.query, hold.c.ends_at)
        .join(hold, hold.c.id == hold_target.c.hold_id)
        .where(hold_target.c.query.is_not(None), *which)
        .order_by(hold_target.c.id)
    )
    return tuple(
        Asked(HoldKey(row.hold_id), _read(row.query), row.ends_at)
        for row in tx.connection.execute(found)
    )


def may_be_left_alone(
    tx: UnitOfWork, spaces: Iterable[SpaceKey], *, at: datetime
) -> dict[SpaceKey, datetime]:
    """Until when spaces are left alone since a hold's search that ended lately finds them, or
    may find them; those that it rules out are left out."""
    dates: dict[SpaceKey, datetime] = {}
    keys = tuple(dict.fromkeys(spaces))
    for one in ended_searches(tx, at=at):
        if one.ends_at is None:
            continue
        until = one.ends_at + LEFT_ALONE
        for piece in pieces(keys, 20_000):
            mine = within(tx.connection, space.c.id, piece)
            for key in tx.connection.scalars(_asking(one, at).where(mine)):
                dates[SpaceKey(key)] = max(until, dates.get(SpaceKey(key), until))
    return dates


def firm_dates(tx: UnitOfWork, spaces: Iterable[SpaceKey]) -> dict[SpaceKey, datetime]:
    """When people may end spaces by hand again: a protection was taken off, or a hold ended that
    was on them or may have been; those that have no such date are left out."""
    keys = tuple(spaces)
    dates = tx.protections.firm_dates(keys)
    for key, until in may_be_left_alone(tx, keys, at=tx.now).items():
        dates[key] = max(until, dates.get(key, until))
    return dates


def held_among(tx: UnitOfWork, spaces: Iterable[SpaceKey]) -> frozenset[SpaceKey]:
    """Those of the spaces that a hold is on, or may be on."""
    keys = tuple(dict.fromkeys(spaces))
    on = reached(holds_at(tx.now)).subquery("reached")
    held: set[int] = set()
    asks = searches(tx)
    for piece in pieces(keys, 20_000):
        mine = within(tx.connection, space.c.id, piece)
        found = select(on.c.space_id).where(within(tx.connection, on.c.space_id, piece))
        held.update(tx.connection.scalars(found))
        unsure = select(space.c.id).where(mine, ~space.c.members_known, people_are_held(tx.now))
        held.update(tx.connection.scalars(unsure))
        for one in asks:
            held.update(tx.connection.scalars(_asking(one, tx.now).where(mine)))
    return frozenset(SpaceKey(key) for key in held)


def may_be_found(tx: UnitOfWork, key: SpaceKey, *, at: datetime) -> bool:
    """Whether a hold's search finds the space, or may find it."""
    return any(
        tx.connection.execute(_asking(one, at).where(space.c.id == key)).first() is not None
        for one in searches(tx, at=at)
    )


def holds_on(tx: UnitOfWork, key: SpaceKey) -> tuple[Hold, ...]:
    """The holds that are on a space, or that may be, by their searches."""
    on = reached(holds_at(tx.now)).subquery("reached")
    found = set(tx.connection.scalars(select(on.c.hold_id).where(on.c.space_id == key)))
    for one in searches(tx):
        if (
            one.hold not in found
            and tx.connection.execute(_asking(one, tx.now).where(space.c.id == key)).first()
        ):
            found.add(one.hold)
    return tuple(one for one in tx.protections.holds() if one.key in found)


def stop_if_held(tx: UnitOfWork, key: SpaceKey) -> None:
    """To be called in the transaction that plans to destroy something in a space, and again in
    that of the effect. Raises Refusal: a hold is on it, or may be."""
    if held_among(tx, [key]):
        raise Refusal(HELD)


def reach_of(tx: UnitOfWork, key: HoldKey) -> tuple[SpaceKey, ...]:
    """All that a hold reaches now, what its search may find among it; spaces that are gone are
    left out of a search, and count where the hold named them otherwise."""
    keys = {int(one) for one in tx.protections.reach(key)}
    for one in searches(tx, only=key):
        keys.update(tx.connection.scalars(_asking(one, tx.now).where(space.c.state == 0)))
    return tuple(SpaceKey(one) for one in sorted(keys))


def remember_found(
    tx: UnitOfWork, key: HoldKey | None = None, *, at: datetime | None = None,
    among: SpaceKey | None = None,
) -> int:  # fmt: skip
    """Writes down what the searches of the holds (or of one) find for certain, so that it stays
    held; of all spaces, or `among` one that is about to change. Says how many are new."""
    new = 0
    moments = Moments(now=at or tx.now)
    for one in searches(tx, at=at, only=key):
        if one.query is None:
            continue
        certain = (
            select(space.c.id)
            .join(space_name, space_name.c.space_id == space.c.id)
            .where(space.c.state == 0, one.query.where(moments))
        )
        if among is not None:
            certain = certain.where(space.c.id == among)
        had = select(hold_found.c.space_id).where(hold_found.c.hold_id == one.hold)
        fresh = tx.connection.scalars(certain.where(space.c.id.not_in(had))).all()
        for piece in pieces(fresh, 5000):
            put = insert(tx.connection, hold_found).on_conflict_do_nothing()
            tx.connection.execute(
                put, [{"hold_id": one.hold, "space_id": each, "at": tx.now} for each in piece]
            )
        new += len(fresh)
    return new


def _asking(one: Asked, at: datetime) -> Select[int]:
    """Outer, since nothing that a row lacks may let a space slip out."""
    return (
        select(space.c.id)
        .outerjoin(space_name, space_name.c.space_id == space.c.id)
        .where(one.may_match(Moments(now=at)))
    )


def _read(text: str) -> Query | None:
    try:
        return parse(text)
    except QueryFault:
        return None
