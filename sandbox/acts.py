"""Everything that changes the world, with the side effects that Webex has.

Who may is decided elsewhere (`powers`, `api`); here stands what then happens: a moderator
locks a room and makes the one who appointed them a moderator, the last moderator's going
unlocks it, the last member's going ends it, any activity moves `lastActivity` (1.1, 1.2).
Each act is told to the listeners (Mercury, webhooks, events, the server's log).
"""

from __future__ import annotations

import json
from typing import Any

from sandbox import shapes
from sandbox.ids import new_uuid
from sandbox.markup import Marked
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
    world.db.execute("DELETE FROM message WHERE room = ?", (room["key"],))
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


def post_message(
    world: World, actor: Row, room: Row, marked: Marked, *, parent: str | None = None,
    files: list[tuple[str, str, bytes]] | None = None, card: dict[str, Any] | None = None,
) -> Row:  # fmt: skip
    now, uuid = world.clock.now_ms(), new_uuid()
    last = world.value("SELECT max(created) FROM message WHERE room = ?", room["key"])
    now = max(now, (last or 0) + 1)  # newest first needs a strict order
    names = [f"{uuid}/{n}" for n in range(len(files or ()))]
    key = world.insert(
        "message", uuid=uuid, room=room["key"], person=actor["key"], created=now,
        text=marked.text, markdown=marked.markdown, html=marked.html, parent=parent,
        files=json.dumps(names) if names else None, card=json.dumps(card) if card else None,
        mentioned=json.dumps(marked.people) if marked.people else None,
        groups=json.dumps(["all"]) if marked.all else None,
    )  # fmt: skip
    for name, (file, kind, body) in zip(names, files or (), strict=True):
        world.insert("content", uuid=name, message=key, name=file, type=kind, body=body)
    if actor["kind"] != "bot" or world.switches["bot_posts_are_activity"]:
        world.update("room", room["key"], last=now)
    if room["direct"]:  # any new message un-hides (1.2)
        world.db.execute("UPDATE membership SET hidden = 0 WHERE room = ?", (room["key"],))
    world.update("person", actor["key"], last_activity=now)
    row = message(world, key)
    world.tell(
        "message.created", actor=actor["key"], room=room["key"], person=actor["key"],
        object=shapes.message(world, row), uuid=uuid, mentioned=marked.people, all=marked.all,
        author=actor["key"], has_files=bool(names), parent=parent,
    )  # fmt: skip
    return row


def edit_message(
    world: World, actor: Row, row: Row, marked: Marked, *, card: dict[str, Any] | None
) -> Row:
    world.update(
        "message", row["key"], text=marked.text, markdown=marked.markdown, html=marked.html,
        updated=world.clock.now_ms(), edits=row["edits"] + 1,
        card=json.dumps(card) if card else row["card"],
        mentioned=json.dumps(marked.people) if marked.people else None,
    )  # fmt: skip
    after = message(world, row["key"])
    world.tell(
        "message.updated", actor=actor["key"], room=row["room"], person=actor["key"],
        object=shapes.message(world, after), uuid=row["uuid"], mentioned=marked.people,
        author=row["person"], all=bool(row["groups"]),
    )  # fmt: skip
    return after


def delete_message(world: World, actor: Row, row: Row) -> None:
    """Softly: it stays for the officer to read until retention takes it (1.5)."""
    shape = shapes.message(world, row)
    world.update("message", row["key"], deleted=world.clock.now_ms())
    world.tell(
        "message.deleted", actor=actor["key"], room=row["room"], person=row["person"],
        object=shape, uuid=row["uuid"], mentioned=json.loads(row["mentioned"] or "[]"),
        author=row["person"], all=bool(row["groups"]),
    )  # fmt: skip


def press(world: World, actor: Row, row: Row, inputs: dict[str, Any]) -> Row:
    uuid = new_uuid()
    key = world.insert(
        "action", uuid=uuid, message=row["key"], room=row["room"], person=actor["key"],
        inputs=json.dumps(inputs), created=world.clock.now_ms(),
    )  # fmt: skip
    made = world.one("SELECT * FROM action WHERE key = ?", key)
    assert made is not None  # noqa: S101
    world.tell(
        "action.created", actor=actor["key"], room=row["room"], person=actor["key"],
        object=shapes.action(world, made), uuid=uuid, author=row["person"],
        message_uuid=row["uuid"],
    )  # fmt: skip
    return made


def create_team(world: World, actor: Row, *, name: str, description: str = "") -> Row:
    """With its General room, whose uuid is the team's (1.0) and whose moderators are the
    team's: the last one of either can't be removed (1.2, 1.3)."""
    uuid, now = new_uuid(), world.clock.now_ms()
    key = world.insert(
        "team", uuid=uuid, name=name, description=description, creator=actor["key"], created=now
    )
    row = team(world, key)
    world.insert("team_membership", team=key, person=actor["key"], moderator=1, created=now)
    create_room(world, actor, title=name, team=row, uuid=uuid, locked=True)
    world.tell("team.created", actor=actor["key"], object=shapes.team(world, row))
    return row


def add_team_member(world: World, actor: Row, of: Row, person: Row, *, moderator: bool) -> Row:
    world.insert(
        "team_membership", team=of["key"], person=person["key"], moderator=int(moderator),
        created=world.clock.now_ms(),
    )  # fmt: skip
    general = world.by_uuid("room", of["uuid"])
    if general is not None and world.membership(general["key"], person["key"]) is None:
        add_member(world, actor, general, person, moderator=moderator, by_team=True)
    row = team_member(world, of["key"], person["key"])
    assert row is not None  # noqa: S101
    world.tell(
        "team_membership.created", actor=actor["key"], person=person["key"],
        object=shapes.team_membership(world, row),
    )  # fmt: skip
    return row


def set_team_moderator(world: World, actor: Row, of: Row, person: int, moderator: bool) -> None:
    world.db.execute(
        "UPDATE team_membership SET moderator = ? WHERE team = ? AND person = ?",
        (int(moderator), of["key"], person),
    )
    general = world.by_uuid("room", of["uuid"])
    if general is not None and world.membership(general["key"], person) is not None:
        set_moderator(world, actor, general, person, moderator)


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


def delete_team(world: World, actor: Row, of: Row) -> None:
    for room in world.all("SELECT * FROM room WHERE team = ?", of["key"]):
        delete_room(world, actor, room)
    world.db.execute("DELETE FROM team_membership WHERE team = ?", (of["key"],))
    world.db.execute("DELETE FROM team WHERE key = ?", (of["key"],))
    world.tell("team.deleted", actor=actor["key"], object=shapes.team(world, of))


def message(world: World, key: int) -> Row:
    row = world.one("SELECT * FROM message WHERE key = ?", key)
    if row is None:
        raise LookupError(f"no message {key}")
    return row


def team(world: World, key: int) -> Row:
    row = world.one("SELECT * FROM team WHERE key = ?", key)
    if row is None:
        raise LookupError(f"no team {key}")
    return row


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
