"""How what was seen of spaces gets into the tables, many rows at a time.

Who sits in them, and what derives from that, is `seating`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from domain.ids import RoomId, SpaceKey, WrongId
from domain.seen import SpaceSeen
from storage import bulk
from storage.people import People, _keys, known_or_new
from storage.schema import (
    NONE,
    classification,
    org,
    person,
    space,
    space_alias,
    space_name,
    team,
    to_ms,
)
from storage.sql import upsert, within

_NEW_SPACES = 7_316_003
"""Ours alone among the advisory locks of the database."""


def write_spaces(
    connection: Connection, people: People, seen: Sequence[SpaceSeen], generation: int,
    now: datetime,
) -> tuple[dict[RoomId, SpaceKey], set[RoomId]]:  # fmt: skip
    """The keys of all, and those of which a later reading was known already: of them nothing
    is changed but that this crawl saw them."""
    latest = {one.id: one for one in sorted(seen, key=lambda one: one.at or now)}
    if not latest:
        return {}, set()
    known, read_at = _known(connection, latest)
    if len(known) < len(latest) and connection.dialect.name == "postgresql":
        # Two who meet a new space at once would give it two keys: the second looks again.
        connection.execute(select(func.pg_advisory_xact_lock(_NEW_SPACES)))
        known, read_at = _known(connection, latest)
    old = {
        id for id, one in latest.items()
        if (before := read_at.get(id)) is not None and (one.at or now) < before
    }  # fmt: skip
    facts = _facts(connection, people, list(latest.values()), generation, now)
    new = [id for id in latest if id not in known]
    born = dict(zip(new, _new_keys(connection, len(new)), strict=True)) if new else {}
    known |= born
    wanted = [id for id in latest if id not in old]
    rows = [(known[id], *facts[id], *ALWAYS.values()) for id in wanted]
    columns = ("id", *FACTS, *ALWAYS)
    bulk.put(connection, space, columns, rows, on=("id",), change={**FACTS, "state": FOUND_AGAIN})
    bulk.put(
        connection, space_name, ("space_id", "webex_id", "title"),
        [(key, str(id), latest[id].title) for id, key in born.items()], on=("space_id",), change=(),
    )  # fmt: skip
    titled = {known[id]: latest[id].title for id in wanted if id not in born}
    _update_titles(connection, titled)
    if generation and old:
        late = within(connection, space.c.id, [known[id] for id in old])
        connection.execute(
            update(space).where(late, space.c.generation < generation).values(generation=generation)
        )
    return known, old


FACTS = {
    "type": bulk.KEEPING, "created": bulk.KEEPING, "creator_id": bulk.KEEPING,
    "owner_org_id": bulk.KEEPING, "is_ours": bulk.KEEPING, "team_id": bulk.TAKING,
    "classification_id": bulk.TAKING, "is_locked": bulk.KEEPING, "is_general": bulk.TAKING,
    "generation": bulk.LATER, "last_activity": bulk.LATER, "read_at": bulk.TAKING,
}  # fmt: skip
"""What a reading says of a space, and what then becomes of what was known: what Webex left out
keeps its old value, and activity never goes back."""
FOUND_AGAIN = "CASE WHEN {old} = 3 THEN 0 ELSE {old} END"
"""Lost, and seen again."""
ALWAYS = {
    "members_known": False, "groups_known": False, "domains_known": False,
    "is_untouchable": False, "state": 0,
}  # fmt: skip
"""What is so of every space when it is first seen."""


def _new_keys(connection: Connection, count: int) -> list[SpaceKey]:
    """Keys that nobody has. On SQLite a writer is alone, and no space's row is ever removed."""
    if connection.dialect.name == "postgresql":
        given = connection.exec_driver_sql(
            "SELECT nextval(pg_get_serial_sequence('space', 'id')) FROM generate_series(1, %s)",
            (count,),
        )
        return [SpaceKey(key) for key in given.scalars()]
    last = connection.execute(select(func.max(space.c.id))).scalar() or 0
    return [SpaceKey(last + n) for n in range(1, count + 1)]


def _known(
    connection: Connection, ids: Iterable[RoomId]
) -> tuple[dict[RoomId, SpaceKey], dict[RoomId, datetime | None]]:
    """Keys and moments of reading of the spaces that are known by these ids, or were once."""
    keys: dict[RoomId, SpaceKey] = {}
    read_at: dict[RoomId, datetime | None] = {}
    wanted = list(ids)
    for table in (space_alias, space_name):  # today's id wins
        found = select(table.c.webex_id, space.c.id, space.c.read_at)
        found = found.join(space, space.c.id == table.c.space_id)
        mine = within(connection, table.c.webex_id, wanted)
        for id, key, at in connection.execute(found.where(mine)).all():
            keys[RoomId(id)] = SpaceKey(key)
            read_at[RoomId(id)] = at
    return keys, read_at


def _facts(
    connection: Connection, people: People, seen: Sequence[SpaceSeen], generation: int,
    now: datetime,
) -> dict[RoomId, tuple[Any, ...]]:  # fmt: skip
    """The values of `FACTS`, in their order."""
    orgs = people._orgs({str(one.owner_org) for one in seen if one.owner_org})
    home = connection.execute(select(org.c.id).where(org.c.is_ours)).scalar()
    creators = {str(one.creator) for one in seen if one.creator}
    known = _keys(connection, select(person.c.webex_id, person.c.id), person.c.webex_id, creators)
    teams = _teams(connection, {str(one.team) for one in seen if one.team})
    classes = _keys(
        connection, select(classification.c.webex_id, classification.c.id),
        classification.c.webex_id, {str(one.classification) for one in seen if one.classification},
    )  # fmt: skip
    return {
        one.id: (
            None if one.type is None else int(one.type),
            None if one.created is None else to_ms(one.created),
            known.get(str(one.creator)),
            (its := orgs.get(str(one.owner_org))),
            None if its is None or home is None else its == home,
            teams[str(one.team)] if one.team else NONE,
            _class(classes, one),
            one.is_locked, _is_general(one), generation,
            None if one.last_activity is None else to_ms(one.last_activity),
            to_ms(one.at or now),
        )
        for one in seen
    }  # fmt: skip


def _class(classes: dict[str, int], one: SpaceSeen) -> int | None:
    """None that we never heard of is unknown; none at all is known to be none."""
    return classes.get(str(one.classification)) if one.classification else NONE


def _is_general(one: SpaceSeen) -> bool:
    try:
        return one.team is not None and one.team.general_space.uuid == one.id.uuid
    except WrongId:
        return False


def _update_titles(connection: Connection, titles: Mapping[SpaceKey, str | None]) -> None:
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    rows = [(title, key, title) for key, title in titles.items() if title is not None]
    if rows:
        connection.exec_driver_sql(
            f"UPDATE space_name SET title = {mark} WHERE space_id = {mark}"  # noqa: S608
            f" AND title IS DISTINCT FROM {mark}",
            rows,
        )


def _teams(connection: Connection, ids: set[str]) -> dict[str, int]:
    return known_or_new(
        connection, team, team.c.webex_id, ids, lambda id: {"webex_id": id, "name": ""}
    )


def write_classifications(connection: Connection, seen: Sequence[tuple[str, str, int]]) -> None:
    rows = [{"webex_id": id, "title": title, "rank": rank} for id, title, rank in seen]
    upsert(connection, classification, rows, on=["webex_id"], change=["title", "rank"])
