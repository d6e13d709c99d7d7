"""All that is known of many spaces, a few thousand at a time, in bounded memory.

Each piece takes the same handful of statements however many spaces it has. Which spaces they
are, and that their reader may see them, is decided by `query.search.every_key`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from domain.ids import SpaceKey
from domain.people import Person
from domain.spaces import Space, SpaceType
from query.listing import owners_among, states_of
from query.search import spaces_of
from query.spec import Moments
from storage.schema import (
    ad_group,
    domain,
    manual_keep,
    membership,
    person,
    space,
    space_domain,
    space_group,
)
from storage.sql import pieces, within
from storage.store import UnitOfWork

PIECE = 5_000
_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A space with what stands in other tables about it.

    Args:
        people: of a direct conversation, which has no title of its own.
        domains, groups: None where they are not all known.
        keep_until: set by hand; `keeps_forever` the same without an end.
        members_known: everybody who is in it is known.
    """

    space: Space
    owners: tuple[Person, ...]
    people: tuple[str, ...]
    domains: tuple[str, ...] | None
    groups: tuple[str, ...] | None
    state: str
    keep_until: datetime | None
    keeps_forever: bool
    members_known: bool


def known_of(tx: UnitOfWork, keys: Sequence[SpaceKey], moments: Moments) -> Iterator[Known]:
    """Of each of the spaces, in their order."""
    for piece in pieces(keys, PIECE):
        yield from _piece(tx, piece, moments)


def _piece(tx: UnitOfWork, keys: Sequence[SpaceKey], moments: Moments) -> Iterator[Known]:
    spaces = spaces_of(tx, keys)
    owners = owners_among(tx, keys)
    states = states_of(tx, keys, moments)
    domains = _joined(tx, _names(space_domain, domain, "domain_id"), space_domain, keys)
    groups = _joined(tx, _names(space_group, ad_group, "group_id"), space_group, keys)
    people = _people(tx, [key for key in keys if spaces[key].type is SpaceType.DIRECT])
    keeps = {
        row.space_id: row.until
        for row in tx.connection.execute(
            select(manual_keep.c.space_id, manual_keep.c.until).where(
                within(tx.connection, manual_keep.c.space_id, keys)
            )
        )
    }
    facts = {
        row.id: row
        for row in tx.connection.execute(
            select(
                space.c.id, space.c.members_known, space.c.domains_known, space.c.groups_known
            ).where(within(tx.connection, space.c.id, keys))
        )
    }
    for key in keys:
        fact = facts[key]
        yield Known(
            space=spaces[key], owners=owners.get(key, ()), people=people.get(key, ()),
            domains=domains.get(key, ()) if fact.domains_known else None,
            groups=groups.get(key, ()) if fact.groups_known else None, state=states[key],
            keep_until=keeps.get(key), keeps_forever=key in keeps and keeps[key] is None,
            members_known=fact.members_known,
        )  # fmt: skip


def _names(side: Any, named: Any, column: str) -> Select[Any]:
    joined = func.aggregate_strings(named.c.name, _SEPARATOR)
    return select(side.c.space_id, joined.label("names")).join(named, named.c.id == side.c[column])


def _joined(
    tx: UnitOfWork, names: Select[Any], side: Any, keys: Sequence[SpaceKey]
) -> dict[SpaceKey, tuple[str, ...]]:
    found = names.where(within(tx.connection, side.c.space_id, keys)).group_by(side.c.space_id)
    return {
        SpaceKey(row.space_id): tuple(sorted(row.names.split(_SEPARATOR)))
        for row in tx.connection.execute(found)
    }


def _people(tx: UnitOfWork, keys: Sequence[SpaceKey]) -> dict[SpaceKey, tuple[str, ...]]:
    if not keys:
        return {}
    name = func.coalesce(func.nullif(person.c.name, ""), person.c.email)
    each = select(membership.c.space_id, func.aggregate_strings(name, _SEPARATOR).label("names"))
    return _joined(tx, each.join(person, person.c.id == membership.c.person_id), membership, keys)
