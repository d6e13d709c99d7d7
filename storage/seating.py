"""Who sits where, many spaces at a time, with what derives from it.

Derived are a space's size and scope, the groups and outside domains of its members, and
whether each of these is completely known; they are kept in the same transaction (numbers.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Executable,
    bindparam,
    case,
    delete,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    type_coerce,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from domain.ids import PersonId, PersonKey, SpaceKey
from domain.seen import MemberSeen
from storage import bulk
from storage.schema import (
    ad_group,
    block_record,
    disowned,
    former_membership,
    group_member,
    membership,
    person,
    space,
    space_domain,
    space_group,
    to_ms,
)
from storage.sql import listed, one_of, within

COLUMNS = ("space_id", "person_id", "is_moderator", "since")


@dataclass(frozen=True, slots=True)
class Seats:
    """The members of a space as they were read. `complete` None: these are in it, and nothing
    is said of the others."""

    space: SpaceKey
    members: Sequence[MemberSeen]
    complete: bool | None


def write(
    connection: Connection, seats: Sequence[Seats], keys: Mapping[PersonId, PersonKey],
    now: datetime,
) -> None:  # fmt: skip
    """An empty list is never complete: nobody in it and nobody shown look alike."""
    rows = {
        (one.space, keys[member.person.id]): (
            one.space, keys[member.person.id], member.is_moderator,
            None if member.since is None else to_ms(member.since),
        )
        for one in seats for member in one.members
    }  # fmt: skip
    _own_again(connection, rows)
    bulk.put(
        connection, membership, COLUMNS, list(rows.values()), on=("space_id", "person_id"),
        change=("is_moderator", "since"),
    )  # fmt: skip
    whole = [one.space for one in seats if one.complete and one.members]
    gone: list[tuple[SpaceKey, PersonKey]] = []
    if whole:
        here = select(membership.c.space_id, membership.c.person_id)
        found = connection.execute(here.where(within(connection, membership.c.space_id, whole)))
        gone = [(row[0], row[1]) for row in found.all() if (row[0], row[1]) not in rows]
    remove(connection, gone, now)
    part = [one.space for one in seats if one.complete is not None and one.space not in {*whole}]
    for which, known in ((whole, True), (part, False)):
        if which:
            connection.execute(
                update(space)
                .where(within(connection, space.c.id, which), space.c.members_known != known)
                .values(members_known=known)
            )
    derive(connection, [one.space for one in seats])


def _own_again(
    connection: Connection, rows: Mapping[tuple[SpaceKey, PersonKey], tuple[Any, ...]]
) -> None:
    """Who said that a space is none of theirs, and was made its moderator or came in anew since,
    owns it again: somebody gave it to them. What we demoted and put back for a block is no
    such word."""
    spaces = {space_key for space_key, _ in rows}
    found = connection.execute(
        select(
            disowned.c.space_id, disowned.c.person_id, type_coerce(disowned.c.at, BigInteger),
            membership.c.is_moderator, block_record.c.space_id,
        )
        .outerjoin(
            membership,
            (membership.c.space_id == disowned.c.space_id)
            & (membership.c.person_id == disowned.c.person_id),
        )
        .outerjoin(block_record, block_record.c.space_id == disowned.c.space_id)
        .where(within(connection, disowned.c.space_id, spaces))
    ).all()  # fmt: skip
    anew: list[tuple[SpaceKey, PersonKey]] = []
    for space_key, person_key, at, moderated, block in found:
        pair = SpaceKey(space_key), PersonKey(person_key)
        row = rows.get(pair)
        if row is None:
            continue
        is_made = bool(row[2]) and moderated is False and block is None
        if is_made or (row[3] is not None and row[3] > at):
            anew.append(pair)
    _drop_disowned(connection, anew)


def _drop_disowned(connection: Connection, who: Sequence[tuple[SpaceKey, PersonKey]]) -> None:
    if who:
        connection.execute(
            delete(disowned).where(
                disowned.c.space_id == bindparam("b_space"),
                disowned.c.person_id == bindparam("b_person"),
            ),
            [{"b_space": space_key, "b_person": person_key} for space_key, person_key in who],
        )


def remove(
    connection: Connection, who: Sequence[tuple[SpaceKey, PersonKey]], now: datetime
) -> None:
    """Out of the space, and remembered: a hold on a person reaches spaces that they left. That
    it is none of theirs is forgotten: who comes back comes as anybody."""
    if not who:
        return
    _drop_disowned(connection, who)
    bulk.put(
        connection, former_membership, ("space_id", "person_id", "left_at"),
        [(space_key, person_key, to_ms(now)) for space_key, person_key in dict.fromkeys(who)],
        on=("space_id", "person_id"), change=("left_at",),
    )  # fmt: skip
    connection.execute(
        delete(membership).where(
            membership.c.space_id == bindparam("b_space"),
            membership.c.person_id == bindparam("b_person"),
        ),
        [{"b_space": space_key, "b_person": person_key} for space_key, person_key in who],
    )


def derive(connection: Connection, keys: Iterable[SpaceKey] | None = None) -> None:
    """Puts the derived columns and tables right for these spaces, or for all (None)."""
    wanted = None if keys is None else [int(key) for key in keys]
    if wanted == []:
        return
    given = {} if wanted is None else {"keys": listed(connection, wanted)}
    for statement in _derivations(connection.dialect.name, is_whole=wanted is None):
        connection.execute(statement, given)


@cache
def _derivations(dialect: str, *, is_whole: bool) -> tuple[Executable, ...]:
    """The statements, built once: for a page of a crawl that costs more than running them."""
    these, seats, of_domains, of_groups = (
        true() if is_whole else one_of(dialect, column, "keys")
        for column in (
            space.c.id, membership.c.space_id, space_domain.c.space_id, space_group.c.space_id,
        )
    )  # fmt: skip
    here = membership.join(person, person.c.id == membership.c.person_id)
    counted = (
        select(
            membership.c.space_id,
            func.count().label("size"),
            func.max(case((person.c.is_ours.is_(False), 1), else_=0)).label("outsiders"),
            func.max(case((person.c.is_ours.is_(None), 1), else_=0)).label("strangers"),
        )
        .select_from(here)
        .where(seats, ~person.c.is_bot)
        .group_by(membership.c.space_id)
        .subquery("counted")
    )
    known = exists(select(ad_group.c.id))
    facts = {
        "size": case((space.c.members_known, func.coalesce(counted.c.size, 0)), else_=null()),
        "scope": case(
            (counted.c.outsiders == 1, 1), (counted.c.strangers == 1, null()),
            (space.c.members_known, 0), else_=null(),
        ),
        "domains_known": case((counted.c.strangers == 1, false()), else_=space.c.members_known),
        "groups_known": case((known, space.c.members_known), else_=false()),
    }  # fmt: skip
    found = select(space.c.id, *(value.label(name) for name, value in facts.items()))
    found = found.select_from(space.outerjoin(counted, counted.c.space_id == space.c.id))
    new = found.where(these).subquery("new")
    differs = or_(*(space.c[name].is_distinct_from(new.c[name]) for name in facts))
    put_facts = (
        update(space)
        .where(these, space.c.id == new.c.id, differs)
        .values({name: new.c[name] for name in facts})
    )
    domains = (
        select(membership.c.space_id, person.c.domain_id)
        .select_from(here)
        .where(seats, person.c.is_ours.is_(False), ~person.c.is_bot)
        .where(person.c.domain_id.is_not(None))
        .distinct()
    )
    groups = (
        select(membership.c.space_id, group_member.c.group_id)
        .join(group_member, group_member.c.person_id == membership.c.person_id)
        .where(seats)
        .distinct()
    )
    return (
        put_facts, *_become(dialect, space_domain, domains, of_domains),
        *_become(dialect, space_group, groups, of_groups),
    )  # fmt: skip


def _become(dialect: str, table: Any, wanted: Any, mine: Any) -> tuple[Executable, ...]:
    """The rows of `table` that are `mine` become those of `wanted`; the same ones stay."""
    side = table.c[1]
    new = wanted.subquery("wanted")
    there = exists(
        select(literal(1)).where(new.c[0] == table.c.space_id, new.c[1] == side).correlate(table)
    )
    kind: Any = postgresql if dialect == "postgresql" else sqlite
    put = kind.insert(table).from_select(["space_id", side.name], wanted)
    put = put.on_conflict_do_nothing(index_elements=["space_id", side.name])
    return delete(table).where(mine, ~there), put
