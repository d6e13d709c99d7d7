"""How what was seen of spaces gets into the tables, many rows at a time.

Who sits in them, and what derives from that, is `seating`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, or_, select, update

from domain.ids import RoomId, SpaceKey, WrongId
from domain.seen import SpaceSeen
from storage.people import People, _keys
from storage.schema import NONE, classification, org, person, space, space_alias, space_name, team
from storage.sql import pieces, upsert


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
    old = {
        id for id, one in latest.items()
        if (before := read_at.get(id)) is not None and (one.at or now) < before
    }  # fmt: skip
    facts = _facts(connection, people, list(latest.values()), generation, now)
    new = [id for id in latest if id not in known]
    if new:
        made = connection.execute(
            space.insert().returning(space.c.id, sort_by_parameter_order=True),
            [facts[id] for id in new],
        ).scalars()
        born = dict(zip(new, (SpaceKey(key) for key in made), strict=True))
        connection.execute(
            space_name.insert(),
            [
                {"space_id": key, "webex_id": str(id), "title": latest[id].title}
                for id, key in born.items()
            ],
        )
        known |= born
    again = [id for id in latest if id not in new and id not in old]
    if again:
        _update_spaces(connection, [(known[id], facts[id]) for id in again])
        titled = [
            {"b_key": known[id], "b_title": latest[id].title}
            for id in again
            if latest[id].title is not None
        ]
        _update_titles(connection, titled)
    if generation:
        for piece in pieces([known[id] for id in old]):
            connection.execute(
                update(space)
                .where(space.c.id.in_(piece), space.c.generation < generation)
                .values(generation=generation)
            )
    return known, old


def _known(
    connection: Connection, ids: Iterable[RoomId]
) -> tuple[dict[RoomId, SpaceKey], dict[RoomId, datetime | None]]:
    """Keys and moments of reading of the spaces that are known by these ids, or were once."""
    keys: dict[RoomId, SpaceKey] = {}
    read_at: dict[RoomId, datetime | None] = {}
    for piece in pieces(ids):
        for table in (space_alias, space_name):  # today's id wins
            found = select(table.c.webex_id, space.c.id, space.c.read_at)
            found = found.join(space, space.c.id == table.c.space_id)
            for row in connection.execute(found.where(table.c.webex_id.in_(piece))):
                keys[RoomId(row[0])] = SpaceKey(row[1])
                read_at[RoomId(row[0])] = row[2]
    return keys, read_at


def _facts(
    connection: Connection, people: People, seen: Sequence[SpaceSeen], generation: int,
    now: datetime,
) -> dict[RoomId, dict[str, Any]]:  # fmt: skip
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
        one.id: {
            "type": None if one.type is None else int(one.type),
            "last_activity": one.last_activity, "created": one.created,
            "creator_id": known.get(str(one.creator)),
            "owner_org_id": (its := orgs.get(str(one.owner_org))),
            "is_ours": None if its is None or home is None else its == home,
            "team_id": teams[str(one.team)] if one.team else NONE,
            "classification_id": _class(classes, one),
            "is_locked": one.is_locked, "is_general": _is_general(one),
            "generation": generation, "read_at": one.at or now,
        }
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


def _update_spaces(connection: Connection, rows: Sequence[tuple[int, dict[str, Any]]]) -> None:
    """What Webex left out keeps its old value; activity never goes back."""

    def given(name: str) -> Any:
        return bindparam(f"b_{name}", type_=space.c[name].type)

    put = (
        update(space)
        .where(space.c.id == bindparam("b_key"))
        .values(
            type=func.coalesce(given("type"), space.c.type),
            created=func.coalesce(given("created"), space.c.created),
            creator_id=func.coalesce(given("creator_id"), space.c.creator_id),
            owner_org_id=func.coalesce(given("owner_org_id"), space.c.owner_org_id),
            is_ours=func.coalesce(given("is_ours"), space.c.is_ours),
            team_id=given("team_id"),
            classification_id=given("classification_id"),
            is_locked=func.coalesce(given("is_locked"), space.c.is_locked),
            is_general=given("is_general"),
            read_at=given("read_at"),
            generation=case(
                (given("generation") > 0, given("generation")), else_=space.c.generation
            ),
            last_activity=case(
                (
                    or_(
                        space.c.last_activity.is_(None),
                        given("last_activity") > space.c.last_activity,
                    ),
                    given("last_activity"),
                ),
                else_=space.c.last_activity,
            ),
            state=case((space.c.state == 3, 0), else_=space.c.state),  # lost, and seen again
        )
    )
    values = [{"b_key": key, **{f"b_{n}": v for n, v in facts.items()}} for key, facts in rows]
    connection.execute(put, values)


def _update_titles(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(
            update(space_name)
            .where(
                space_name.c.space_id == bindparam("b_key"),
                or_(space_name.c.title.is_(None), space_name.c.title != bindparam("b_title")),
            )
            .values(title=bindparam("b_title")),
            list(rows),
        )


def _teams(connection: Connection, ids: set[str]) -> dict[str, int]:
    rows = [{"webex_id": id, "name": ""} for id in sorted(ids)]
    upsert(connection, team, rows, on=["webex_id"], change=[])
    return _keys(connection, select(team.c.webex_id, team.c.id), team.c.webex_id, ids)


def write_classifications(connection: Connection, seen: Sequence[tuple[str, str, int]]) -> None:
    rows = [{"webex_id": id, "title": title, "rank": rank} for id, title, rank in seen]
    upsert(connection, classification, rows, on=["webex_id"], change=["title", "rank"])
