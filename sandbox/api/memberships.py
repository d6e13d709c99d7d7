"""/memberships (OAS-M, webex-facts 1.2, 3.4)."""

from __future__ import annotations

from typing import Any

from sandbox import acts, paging, powers, shapes
from sandbox.call import Call, route
from sandbox.errors import No
from sandbox.ids import uuid_of
from sandbox.world import Row


@route("GET", "/memberships")
async def list_memberships(call: Call) -> Any:
    """With a room: its members. A person alone: everything of theirs, for an officer only.
    Nothing: the caller's own."""
    world, length, after = call.world, paging.size(call), paging.cursor(call)
    person, room_text = _asked_person(call), call.query.get("roomId")
    if room_text:
        room, moderators_only = _room_to_list(call, room_text)
        rows = world.all(
            "SELECT * FROM membership WHERE room = ? AND person > ? AND (? IS NULL OR person = ?)"
            " AND moderator >= ? ORDER BY person LIMIT ?",
            room["key"], after, person, person, int(moderators_only), length + 1,
        )  # fmt: skip

        def member(row: Row) -> shapes.Shape | None:
            seen = moderators_only or powers.reads(world, call.who, room, row["person"])
            return shapes.membership(world, row) if seen else None

        return paging.page(call, rows, length, "person", member)
    if person is not None and person != call.who["key"] and not powers.is_officer(call.who):
        raise No(400, "Required String parameter 'roomId' is not present")
    rows = world.all(
        "SELECT m.* FROM membership m JOIN room r ON r.key = m.room WHERE m.person = ?"
        " AND m.room > ? ORDER BY m.room LIMIT ?",
        person or call.who["key"], after, length + 1,
    )  # fmt: skip

    of = world.person(person or call.who["key"])

    def shape(row: Row) -> shapes.Shape | None:
        """Only rooms that an organisation of that person's owns, and the officer may see; the
        others are filtered out after paging (1.2, BAS). So an outsider's have none of ours."""
        room = world.room(row["room"])
        foreign = room is None or not (
            powers.owns(world, call.who, room) and powers.owns(world, of, room)
        )
        return (
            None
            if person not in (None, call.who["key"]) and foreign
            else shapes.membership(world, row)
        )

    return paging.page(call, rows, length, "room", shape)


@route("POST", "/memberships")
async def create_membership(call: Call) -> Any:
    world = call.world
    if not call.text("roomId"):
        raise No(400, "roomId cannot be null")
    room = call.room_for(call.text("roomId"))
    if room["direct"]:
        raise No(400, "Nobody can be added to a direct space.")
    if not powers.may_manage_members(world, call.who, room):
        raise No(403, "Add participant failed.")
    if not world.audience(room["key"]):
        raise No(400, "Compliance officers cannot add people to empty spaces.")
    person = call.person_of(call.text("personId"), call.text("personEmail"))
    if world.membership(room["key"], person["key"]) is not None:
        raise No(409, "Person is already in the room.")
    made = acts.add_member(
        world, call.who, room, person, moderator=call.flag("isModerator") or False
    )
    return shapes.membership(world, made)


@route("GET", "/memberships/{id}")
async def get_membership(call: Call) -> Any:
    return shapes.membership(call.world, _membership(call)[1])


@route("PUT", "/memberships/{id}")
async def put_membership(call: Call) -> Any:
    world, (room, row) = call.world, _membership(call)
    moderator, hidden = call.flag("isModerator"), call.flag("isRoomHidden")
    if moderator is not None and moderator != bool(row["moderator"]):
        if room["direct"]:
            raise No(400, "A direct space has no moderators.")
        if not powers.may_manage_members(world, call.who, room):
            raise No(403, "Only moderators can appoint moderators.")
        if not moderator and _is_last_of_general(call, room, row):
            raise No(400, "The last moderator of a General space cannot be removed.")
        row = acts.set_moderator(world, call.who, room, row["person"], moderator)
    if hidden is not None and room["direct"]:
        if row["person"] != call.who["key"]:
            raise No(403, "Only one's own view of a space can be hidden.")
        acts.hide(world, call.who, room, hidden)
    fresh = world.membership(row["room"], row["person"])
    return shapes.membership(world, fresh or row)


@route("DELETE", "/memberships/{id}")
async def delete_membership(call: Call) -> Any:
    world, (room, row) = call.world, _membership(call)
    if room["direct"]:
        raise No(400, "Nobody can leave a direct space.")
    if row["person"] != call.who["key"] and not powers.may_manage_members(world, call.who, room):
        raise No(403, "Only moderators can remove people from a moderated space.")
    if _is_last_of_general(call, room, row):
        raise No(400, "The last moderator of a General space cannot be removed.")
    acts.remove_member(world, call.who, room, row["person"])
    return None


def _room_to_list(call: Call, text: str) -> tuple[Row, bool]:
    """The room, and whether only its moderators are shown: so to a member of its team who is
    not in it (1.2, OAS-M)."""
    world, row = call.world, call.world.by_uuid("room", uuid_of("ROOM", text))
    if (
        row is not None and row["team"] is not None and row["locked"]
        and not powers.sees_room(world, call.who, row)
        and acts.team_member(world, row["team"], call.who["key"]) is not None
    ):  # fmt: skip
        return row, True
    return call.room_for(text), False


def _asked_person(call: Call) -> int | None:
    id, email = call.query.get("personId"), call.query.get("personEmail")
    if not id and not email:
        return None
    world = call.world
    row = (
        world.by_uuid("person", uuid_of("PEOPLE", id)) if id else world.person_by_email(email or "")
    )
    if id == "me":
        row = call.who
    if row is None:
        raise No(404, "Could not find a person with provided ID.")
    return int(row["key"])


def _membership(call: Call) -> tuple[Row, Row]:
    world, both = call.world, uuid_of("MEMBERSHIP", call.parts["id"])
    person_uuid, _, room_uuid = (both or "").partition(":")
    person, room = world.by_uuid("person", person_uuid), world.by_uuid("room", room_uuid)
    if person is not None and room is not None and powers.sees_room(world, call.who, room):
        row = world.membership(room["key"], person["key"])
        if row is not None:
            return room, row
    raise No(404, "Could not find a membership with provided ID.")


def _is_last_of_general(call: Call, room: Row, row: Row) -> bool:
    world = call.world
    if room["team"] is None or not row["moderator"]:
        return False
    if room["uuid"] != world.value("SELECT uuid FROM team WHERE key = ?", room["team"]):
        return False
    count = world.value(
        "SELECT count(*) FROM membership WHERE room = ? AND moderator = 1", room["key"]
    )
    return bool(count == 1)
