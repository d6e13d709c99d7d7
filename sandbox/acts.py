"""Everything that changes the world, with the side effects that Webex has.

Who may is decided elsewhere (`powers`, `api`); here stands what then happens: a moderator
locks a room and makes the one who appointed them a moderator, the last moderator's going
unlocks it, the last member's going ends it, any activity moves `lastActivity` (1.1, 1.2).
Each act is told to the listeners (Mercury, webhooks, events, the server's log).
"""

from __future__ import annotations

from typing import Any

from sandbox import shapes
from sandbox.ids import new_uuid
from sandbox.world import Row, World


def create_room(
    world: World, actor: Row, *, title: str, team: Row | None = None, locked: bool = False,
    public: bool = False, announcement: bool = False, description: str = "",
    classification: int | None = None, uuid: str | None = None,
) -> Row:  # fmt: skip
    now = world.clock.now_ms()
    is_bot = actor["kind"] == "bot"
    key = world.insert(
        "room", uuid=uuid or new_uuid(), title=title, creator=actor["key"], created=now, last=now,
        team=team["key"] if team else None, locked=int(locked), public=int(public),
        made_public=now if public else None, announcement=int(announcement),
        description=description, classification=classification,
        owner=None if is_bot else actor["org"],
    )  # fmt: skip
    world.insert("membership", room=key, person=actor["key"], moderator=int(locked), created=now)
    row = _room(world, key)
    world.tell("room.created", actor=actor["key"], room=key, object=shapes.room(world, row))
    member = world.membership(key, actor["key"])
    assert member is not None  # noqa: S101 - it was put in two lines ago
    world.tell(
        "membership.created", actor=actor["key"], room=key, person=actor["key"],
        object=shapes.membership(world, member), is_birth=True,
    )  # fmt: skip
    return row


def direct_room(world: World, one: Row, other: Row) -> Row:
    """The conversation of two people; begun when its first message is sent."""
    found = world.one(
        "SELECT r.* FROM room r JOIN membership a ON a.room = r.key JOIN membership b"
        " ON b.room = r.key WHERE r.direct = 1 AND a.person = ? AND b.person = ?",
        one["key"], other["key"],
    )  # fmt: skip
    if found is not None:
        return found
    now = world.clock.now_ms()
    owner = one["org"] if one["kind"] != "bot" else other["org"]
    key = world.insert(
        "room", uuid=new_uuid(), title="", direct=1, creator=one["key"], created=now, last=now,
        owner=owner,
    )  # fmt: skip
    for person in (one, other):
        world.insert("membership", room=key, person=person["key"], created=now)
    row = _room(world, key)
    world.tell("room.created", actor=one["key"], room=key, object=shapes.room(world, row))
    for person in (one, other):
        world.tell(
            "membership.created", actor=one["key"], room=key, person=person["key"],
            object=_member_shape(world, key, person["key"]), is_birth=person is one,
            is_quiet=person is other,
        )  # fmt: skip
    return row


def change_room(world: World, actor: Row, room: Row, **changes: Any) -> Row:
    before = dict(room)
    if changes.get("public") and not room["public"]:
        changes["made_public"] = world.clock.now_ms()
    if world.switches["changes_are_activity"]:
        changes["last"] = world.clock.now_ms()
    world.update("room", room["key"], **changes)
    row = _room(world, room["key"])
    differs = {name for name in changes if before[name] != row[name]} - {"last"}
    if differs:
        world.tell(
            "room.updated", actor=actor["key"], room=room["key"],
            object=shapes.room(world, row), changed=sorted(differs),
        )  # fmt: skip
    inside = world.membership(room["key"], actor["key"]) is not None
    if inside and "locked" in differs and row["locked"]:
        _make_moderator(world, actor, row, actor["key"])
    if "locked" in differs and not row["locked"]:
        for member in world.members(room["key"]):
            if member["moderator"]:
                _set(world, room["key"], member["person"], moderator=0)
                _tell_moderator(world, actor, row, member["person"], False)
    return row


def delete_room(world: World, actor: Row, room: Row) -> None:
    audience = world.audience(room["key"])
    shape = shapes.room(world, room)
    world.db.execute("DELETE FROM membership WHERE room = ?", (room["key"],))
    world.db.execute(
        "DELETE FROM content WHERE message IN (SELECT key FROM message WHERE room = ?)",
        (room["key"],),
    )
    for table in ("message", "action"):
        world.db.execute(f"DELETE FROM {table} WHERE room = ?", (room["key"],))
    world.db.execute("DELETE FROM room WHERE key = ?", (room["key"],))
    world.tell(
        "room.deleted", actor=actor["key"], room=None, object=shape, audience=audience,
        uuid=room["uuid"],
    )  # fmt: skip


def archive_room(world: World, actor: Row, room: Row) -> None:
    """A team's room is archived instead of deleted (1.1). How that looks in GET /rooms is
    unverified; the reading here: its members are out, the room and its messages stay, and
    only an officer still finds it."""
    audience = world.audience(room["key"])
    world.db.execute("DELETE FROM membership WHERE room = ?", (room["key"],))
    world.update("room", room["key"], archived=1)
    world.tell(
        "room.archived", actor=actor["key"], room=None, object=shapes.room(world, room),
        audience=audience, uuid=room["uuid"],
    )  # fmt: skip


def move_room(world: World, room: Row) -> Row:
    """To another geography, where it has another id (1.7)."""
    world.update("room", room["key"], uuid=new_uuid())
    row = _room(world, room["key"])
    world.tell("room.migrated", actor=row["creator"], room=room["key"],
               object=shapes.room(world, row), before=room["uuid"])  # fmt: skip
    return row


def hide(world: World, who: Row, room: Row, hidden: bool) -> None:
    """A direct conversation out of one's own sight, until somebody writes."""
    world.db.execute(
        "UPDATE membership SET hidden = ? WHERE room = ? AND person = ?",
        (int(hidden), room["key"], who["key"]),
    )
    world.tell(
        "membership.hidden", actor=who["key"], room=room["key"], person=who["key"],
        object=_member_shape(world, room["key"], who["key"]), hidden=hidden,
        audience=frozenset({who["key"]}),
    )  # fmt: skip


def add_member(
    world: World, actor: Row, room: Row, person: Row, *, moderator: bool, by_team: bool = False
) -> Row:
    """Two events when added as moderator: created as a member, then made one (1.2). Who is put
    into a team's General space is in the team (1.3)."""
    now = world.clock.now_ms()
    of = general_of(world, room)
    if of is not None and team_member(world, of["key"], person["key"]) is None:
        world.insert("team_membership", team=of["key"], person=person["key"], created=now)
    world.insert("membership", room=room["key"], person=person["key"], created=now)
    world.update("room", room["key"], last=now)
    if room["owner"] is None and person["kind"] != "bot":
        world.update("room", room["key"], owner=person["org"])  # 3.1, CG
    world.tell(
        "membership.created", actor=actor["key"], room=room["key"], person=person["key"],
        object=_member_shape(world, room["key"], person["key"]), by_team=by_team,
    )  # fmt: skip
    if moderator:
        set_moderator(world, actor, room, person["key"], True)
    return _member(world, room["key"], person["key"])


def set_moderator(world: World, actor: Row, room: Row, person: int, moderator: bool) -> Row:
    if moderator:
        _make_moderator(world, actor, room, person)
        if world.membership(room["key"], actor["key"]) is not None:
            _make_moderator(world, actor, room, actor["key"])
        if not room["locked"]:
            change_room(world, actor, room, locked=1)
    elif _member(world, room["key"], person)["moderator"]:
        _set(world, room["key"], person, moderator=0)
        _tell_moderator(world, actor, room, person, False)
        _unlock_if_nobody(world, actor, room)
    if (of := general_of(world, room)) is not None:
        world.db.execute(
            "UPDATE team_membership SET moderator = ? WHERE team = ? AND person = ?",
            (int(moderator), of["key"], person),
        )
    return _member(world, room["key"], person)


def remove_member(world: World, actor: Row, room: Row, person: int) -> None:
    """Leaving a team's General space is leaving the team, with all its rooms (1.2)."""
    of = general_of(world, room)
    if of is not None and team_member(world, of["key"], person) is not None:
        remove_team_member(world, actor, of, person)
        return
    audience = world.audience(room["key"])
    shape = _member_shape(world, room["key"], person)
    world.db.execute("DELETE FROM membership WHERE room = ? AND person = ?", (room["key"], person))
    world.update("room", room["key"], last=world.clock.now_ms())
    world.tell(
        "membership.deleted", actor=actor["key"], room=room["key"], person=person,
        object=shape, audience=audience,
    )  # fmt: skip
    if not world.audience(room["key"]) and not room["archived"]:
        delete_room(world, actor, _room(world, room["key"]))
        return
    _unlock_if_nobody(world, actor, room)


def remove_team_member(world: World, actor: Row, of: Row, person: int) -> None:
    row = team_member(world, of["key"], person)
    world.db.execute(
        "DELETE FROM team_membership WHERE team = ? AND person = ?", (of["key"], person)
    )
    for room in world.all(
        "SELECT r.* FROM room r JOIN membership m ON m.room = r.key"
        " WHERE r.team = ? AND m.person = ?", of["key"], person,
    ):  # fmt: skip
        remove_member(world, actor, room, person)
    if row is not None:
        world.tell("team_membership.deleted", actor=actor["key"], person=person, object={})


def team_member(world: World, of: int, person: int) -> Row | None:
    return world.one("SELECT * FROM team_membership WHERE team = ? AND person = ?", of, person)


def general_of(world: World, room: Row) -> Row | None:
    """The team whose General space this room is; their uuids are the same (1.0)."""
    return world.by_uuid("team", room["uuid"]) if room["team"] is not None else None


def _set(world: World, room: int, person: int, *, moderator: int) -> None:
    world.db.execute(
        "UPDATE membership SET moderator = ? WHERE room = ? AND person = ?",
        (moderator, room, person),
    )


def _room(world: World, key: int) -> Row:
    row = world.room(key)
    if row is None:
        raise LookupError(f"no room {key}")
    return row


def _member(world: World, room: int, person: int) -> Row:
    row = world.membership(room, person)
    if row is None:
        raise LookupError(f"{person} is not in {room}")
    return row


def _member_shape(world: World, room: int, person: int) -> shapes.Shape:
    return shapes.membership(world, _member(world, room, person))


def _make_moderator(world: World, actor: Row, room: Row, person: int) -> None:
    if _member(world, room["key"], person)["moderator"]:
        return
    _set(world, room["key"], person, moderator=1)
    _tell_moderator(world, actor, room, person, True)


def _tell_moderator(world: World, actor: Row, room: Row, person: int, moderator: bool) -> None:
    world.update("room", room["key"], last=world.clock.now_ms())
    world.tell(
        "membership.updated", actor=actor["key"], room=room["key"], person=person,
        object=_member_shape(world, room["key"], person), moderator=moderator,
    )  # fmt: skip


def _unlock_if_nobody(world: World, actor: Row, room: Row) -> None:
    left = world.value(
        "SELECT count(*) FROM membership WHERE room = ? AND moderator = 1", room["key"]
    )
    row = world.room(room["key"])
    if row is not None and row["locked"] and not left:
        change_room(world, actor, row, locked=0, announcement=0)
