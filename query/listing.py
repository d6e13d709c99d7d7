"""What is told of many spaces beside their own rows, in one statement each: who owns them, and
how they stand. Whose they may be is decided by whoever names the spaces."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from domain.ids import SpaceKey
from domain.people import Person
from query.owning import is_owned, owners
from query.spec import Moments
from query.standing import state
from storage.schema import space
from storage.sql import within
from storage.store import UnitOfWork


def owners_among(tx: UnitOfWork, keys: Sequence[SpaceKey]) -> dict[SpaceKey, tuple[Person, ...]]:
    """The owners of each of the spaces that has any, those of the lowest key first."""
    if not keys:
        return {}
    wanted = select(space.c.id).where(within(tx.connection, space.c.id, keys))
    each = owners(wanted).subquery("owners")
    rows = tx.connection.execute(select(each.c.space_id, each.c.person_id)).all()
    people = tx.people.by_keys({row.person_id for row in rows})
    found: dict[SpaceKey, tuple[Person, ...]] = {}
    for row in sorted(rows, key=lambda one: (one.space_id, one.person_id)):
        key = SpaceKey(row.space_id)
        found[key] = (*found.get(key, ()), people[row.person_id])
    return found


def ownerless_among(tx: UnitOfWork, keys: Sequence[SpaceKey]) -> frozenset[SpaceKey]:
    """Those of the spaces that are ours and that surely nobody owns."""
    if not keys:
        return frozenset()
    found = select(space.c.id).where(
        within(tx.connection, space.c.id, keys),
        space.c.members_known,
        space.c.is_ours,
        ~is_owned(),
    )
    return frozenset(SpaceKey(key) for key in tx.connection.scalars(found))


def states_of(tx: UnitOfWork, keys: Sequence[SpaceKey], moments: Moments) -> dict[SpaceKey, str]:
    """One word for how each of the spaces stands under the policies."""
    if not keys:
        return {}
    asked = select(space.c.id, state(moments)).where(within(tx.connection, space.c.id, keys))
    return {SpaceKey(row[0]): row[1] for row in tx.connection.execute(asked)}
