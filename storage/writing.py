"""How what was seen gets into the tables, many rows at a time, with what derives from it.

Derived are a space's size and scope, the groups and outside domains of its members, and
whether each of these is completely known; they are kept in the same transaction (numbers.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    and_,
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
    update,
)

from domain.ids import PersonKey, RoomId, SpaceKey, WrongId
from domain.seen import MemberSeen, SpaceSeen
from storage.people import People, _keys
from storage.schema import (
    NONE,
    ad_group,
    classification,
    former_membership,
    group_member,
    membership,
    org,
    person,
    space,
    space_domain,
    space_group,
    space_name,
    team,
)
from storage.sql import pieces, upsert


def write_spaces(
    connection: Connection, people: People, seen: Sequence[SpaceSeen], generation: int
) -> dict[RoomId, SpaceKey]:
    latest = {one.id: one for one in seen}
    if not latest:
        return {}
    ids = [str(id) for id in latest]
    known = _keys(
        connection, select(space_name.c.webex_id, space_name.c.space_id), space_name.c.webex_id, ids
    )
    facts = _facts(connection, people, list(latest.values()), generation)
    new = [id for id in ids if id not in known]
    if new:
        made = connection.execute(
            space.insert().returning(space.c.id, sort_by_parameter_order=True),
            [facts[id] for id in new],
        ).scalars()
        born = dict(zip(new, made, strict=True))
        connection.execute(
            space_name.insert(),
            [
                {"space_id": key, "webex_id": id, "title": latest[RoomId(id)].title}
                for id, key in born.items()
            ],
        )
        known |= born
    old = [id for id in ids if id not in new]
    if old:
        _update_spaces(connection, [(known[id], facts[id]) for id in old])
        titled = [
            {"b_key": known[id], "b_title": latest[RoomId(id)].title}
            for id in old
            if latest[RoomId(id)].title is not None
        ]
        _update_titles(connection, titled)
    return {RoomId(id): SpaceKey(key) for id, key in known.items()}


def _facts(
    connection: Connection, people: People, seen: Sequence[SpaceSeen], generation: int
) -> dict[str, dict[str, Any]]:
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
        str(one.id): {
            "type": None if one.type is None else int(one.type),
            "last_activity": one.last_activity, "created": one.created,
            "creator_id": known.get(str(one.creator)),
            "owner_org_id": (its := orgs.get(str(one.owner_org))),
            "is_ours": None if its is None or home is None else its == home,
            "team_id": teams[str(one.team)] if one.team else NONE,
            "classification_id": _class(classes, one),
            "is_locked": one.is_locked, "is_general": _is_general(one),
            "generation": generation,
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
    from sqlalchemy import bindparam

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
    from sqlalchemy import bindparam

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


def write_members(
    connection: Connection, people: People, key: SpaceKey, members: Sequence[MemberSeen],
    complete: bool | None, now: datetime,
) -> None:  # fmt: skip
    """`complete` None: these are in it, and nothing is said of the others."""
    keys = people.ensure([one.person for one in members])
    rows = {
        keys[one.person.id]: {
            "space_id": key, "person_id": keys[one.person.id],
            "is_moderator": one.is_moderator, "since": one.since,
        }
        for one in members
    }  # fmt: skip
    upsert(
        connection, membership, list(rows.values()), on=["space_id", "person_id"],
        change=["is_moderator"],
    )  # fmt: skip
    if complete is not None and rows:
        inside = connection.scalars(
            select(membership.c.person_id).where(membership.c.space_id == key)
        )
        if complete:
            remove_members(connection, key, [k for k in inside if k not in rows], now)
    if complete is not None:
        connection.execute(
            update(space).where(space.c.id == key).values(members_known=bool(complete and rows))
        )
    derive(connection, [key])


def remove_members(
    connection: Connection, key: SpaceKey, who: Sequence[PersonKey], now: datetime
) -> None:
    """Out of the space, and remembered: a hold on a person reaches spaces that they left."""
    for piece in pieces(who):
        gone = and_(membership.c.space_id == key, membership.c.person_id.in_(piece))
        rows = [{"space_id": key, "person_id": k, "left_at": now} for k in piece]
        upsert(
            connection, former_membership, rows, on=["space_id", "person_id"], change=["left_at"]
        )
        connection.execute(delete(membership).where(gone))


def derive(connection: Connection, keys: Iterable[SpaceKey] | None = None) -> None:
    """Puts the derived columns and tables right for these spaces, or for all (None)."""
    if keys is None:
        _derive(connection, true())
        return
    for piece in pieces(keys):
        _derive(connection, space.c.id.in_(piece))


def _derive(connection: Connection, which: Any) -> None:
    these = select(space.c.id).where(which)
    here = membership.join(person, person.c.id == membership.c.person_id)
    of_it = and_(membership.c.space_id == space.c.id, ~person.c.is_bot)

    def someone(*that: Any) -> Any:
        return exists(select(literal(1)).select_from(here).where(of_it, *that).correlate(space))

    an_outsider, an_unknown = (
        someone(person.c.is_ours.is_(False)),
        someone(person.c.is_ours.is_(None)),
    )
    size = select(func.count()).select_from(here).where(of_it).correlate(space).scalar_subquery()
    connection.execute(
        update(space)
        .where(which)
        .values(
            size=case((space.c.members_known, size), else_=null()),
            scope=case(
                (an_outsider, 1), (an_unknown, null()), (space.c.members_known, 0), else_=null()
            ),
            domains_known=case((an_unknown, false()), else_=space.c.members_known),
            groups_known=case(
                (exists(select(ad_group.c.id)), space.c.members_known), else_=false()
            ),
        )
    )
    connection.execute(delete(space_domain).where(space_domain.c.space_id.in_(these)))
    connection.execute(
        space_domain.insert().from_select(
            ["space_id", "domain_id"],
            select(membership.c.space_id, person.c.domain_id)
            .select_from(here)
            .where(
                membership.c.space_id.in_(these), person.c.is_ours.is_(False), ~person.c.is_bot,
                person.c.domain_id.is_not(None),
            )
            .distinct(),
        )
    )  # fmt: skip
    connection.execute(delete(space_group).where(space_group.c.space_id.in_(these)))
    connection.execute(
        space_group.insert().from_select(
            ["space_id", "group_id"],
            select(membership.c.space_id, group_member.c.group_id)
            .join(group_member, group_member.c.person_id == membership.c.person_id)
            .where(membership.c.space_id.in_(these))
            .distinct(),
        )
    )
