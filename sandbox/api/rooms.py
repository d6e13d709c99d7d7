"""/rooms (OAS-M, webex-facts 1.1)."""

from __future__ import annotations

from typing import Any

from sandbox import acts, paging, powers, shapes
from sandbox.call import Call, route
from sandbox.clock import ms_of
from sandbox.errors import No
from sandbox.ids import uuid_of
from sandbox.world import Row

LONGEST_TITLE = 256  # unverified in Webex; a limit must be somewhere
NOT_FOR_TWO = frozenset({"isLocked", "teamId", "isPublic", "isAnnouncementOnly"})
SORTED_AT_ONCE = 3000
"""By last activity only so many are sorted, taken in the order of their ids: who is in more
rooms gets batches that are sorted in themselves only (1.1, OAS-M)."""
ORDERS = {"lastactivity": "-r.last", "created": "-r.created", "id": "r.key"}


@route("GET", "/rooms")
async def list_rooms(call: Call) -> Any:
    """Only the caller's own; an officer has no list of all, either."""
    world, length = call.world, paging.size(call)
    if call.query.get("orgPublicSpaces") == "true":
        return _list_public(call)
    kind, team = call.query.get("type"), call.query.get("teamId")
    if kind not in (None, "direct", "group"):
        raise No(400, "Invalid type value.")
    order = call.query.get("sortBy", "lastactivity")
    if order not in ORDERS:
        raise No(400, "Invalid sortBy value.")
    where = ["m.person = ?", "r.archived = 0"]
    values: list[object] = [call.who["key"]]
    if kind:
        where.append("r.direct = ?")
        values.append(int(kind == "direct"))
    if team:
        where.append("r.team = ?")
        values.append(call.team_for(team)["key"])
    past = paging.position(call, 3)
    rows = world.all(
        f"WITH mine AS (SELECT r.*, (row_number() OVER (ORDER BY r.uuid) - 1) / ? AS batch,"
        f" {ORDERS[order]} AS rank FROM membership m JOIN room r ON r.key = m.room"
        f" WHERE {' AND '.join(where)}) SELECT * FROM mine"
        " WHERE (batch, rank, key) > (?, ?, ?) ORDER BY batch, rank, key LIMIT ?",
        SORTED_AT_ONCE if order == "lastactivity" else 2**40, *values,
        *(past or (-1, -(2**62), 0)), length + 1,
    )  # fmt: skip
    if len(rows) > length:
        last = rows[length - 1]
        paging.link(call, cursor=paging.opaque(last["batch"], last["rank"], last["key"]))
    return {"items": [shapes.room(world, r, viewer=call.who["key"]) for r in rows[:length]]}


@route("POST", "/rooms")
async def create_room(call: Call) -> Any:
    title = _title(call)
    locked, public = call.flag("isLocked") or False, call.flag("isPublic") or False
    announcement = call.flag("isAnnouncementOnly") or False
    if announcement and not locked:
        raise No(400, "Announcement mode needs a locked space.")
    if public and not call.text("description").strip():
        raise No(400, "A public space needs a description.")
    if call.text("classificationId") and powers.is_bot(call.who):
        raise No(400, "Bots cannot create and classify a space in one call.")
    team = call.team_for(call.text("teamId")) if call.text("teamId") else None
    if team is not None and acts.team_member(call.world, team["key"], call.who["key"]) is None:
        raise No(403, "Only members of the team can create a space in it.")
    row = acts.create_room(
        call.world, call.who, title=title, team=team, locked=locked, public=public,
        announcement=announcement, description=call.text("description"),
        classification=_classification(call),
    )  # fmt: skip
    return shapes.room(call.world, row, viewer=call.who["key"])


@route("GET", "/rooms/{id}")
async def get_room(call: Call) -> Any:
    row = call.room_for(call.parts["id"])
    return shapes.room(call.world, row, viewer=call.who["key"])


@route("PUT", "/rooms/{id}")
async def put_room(call: Call) -> Any:
    """What an officer may change of a room that they are not in stands in `powers`."""
    world, room = call.world, call.room_for(call.parts["id"])
    inside = world.membership(room["key"], call.who["key"]) is not None
    asked = {name for name, value in call.body.items() if value is not None}
    if "title" not in asked and world.switches["title_is_needed"]:
        raise No(400, "Title cannot be empty.")
    if inside:
        if not asked - {"title"} and room["direct"]:
            raise No(400, "A direct space cannot be renamed.")
        as_officer = powers.is_officer(call.who) and powers.owns(world, call.who, room)
        if room["locked"] and not powers.is_moderator(world, call.who, room):
            beyond = asked - {"title"} - powers.OFFICER_MAY_CHANGE
            renamed = "title" in asked and call.body["title"] != room["title"]
            if not as_officer or beyond or renamed:
                raise No(403, "Only moderators can change a moderated space.")
        if "isReadOnly" in asked and not (powers.is_officer(call.who) and room["direct"]):
            raise No(403, "isReadOnly is for compliance officers, on direct spaces.")
    else:
        _check_officer(call, room, asked)
    if room["direct"] and asked & NOT_FOR_TWO:
        raise No(400, f"A direct space has no {', '.join(sorted(asked & NOT_FOR_TWO))}.")
    changes: dict[str, Any] = {}
    if "title" in asked and inside and not room["direct"]:
        changes["title"] = _title(call)
    if (locked := call.flag("isLocked")) is not None and inside:
        changes["locked"] = int(locked)
        if not locked:
            changes["announcement"] = 0
    if (announcement := call.flag("isAnnouncementOnly")) is not None:
        if announcement and not changes.get("locked", room["locked"]):
            raise No(400, "Announcement mode needs a locked space.")
        changes["announcement"] = int(announcement)
    if (readonly := call.flag("isReadOnly")) is not None:
        changes["readonly"] = int(readonly)
    if "description" in asked:
        changes["description"] = call.text("description").strip()
    if "classificationId" in asked:
        changes["classification"] = _new_classification(call, room)
    if (public := call.flag("isPublic")) is not None:
        if public and not room["public"]:
            _check_may_publish(call, room, changes)
        changes["public"] = int(public)
    if call.text("teamId"):
        changes["team"] = _team_to_join(call, room)["key"]
    after = acts.change_room(world, call.who, room, **changes) if changes else room
    return shapes.room(world, after, viewer=call.who["key"])


@route("DELETE", "/rooms/{id}")
async def delete_room(call: Call) -> Any:
    """Three meanings of one 204 (1.1): gone for a moderator, left for anyone else, archived
    for a team's. Of an unmoderated room nobody is a moderator, so everyone only leaves."""
    world = call.world
    room = call.room_for(call.parts["id"])
    if world.membership(room["key"], call.who["key"]) is None:
        code = 403 if world.switches["co_delete_is_403"] else 404
        raise No(code, "Failed to delete room.")
    if room["direct"]:  # undocumented: refused, the reading that promises least
        raise No(400, "Failed to delete room.")
    if not powers.is_moderator(world, call.who, room):
        acts.remove_member(world, call.who, room, call.who["key"])
    elif room["team"] is not None:
        if acts.general_of(world, room) is not None:  # unverified; the reading: refused
            raise No(400, "The General space of a team cannot be deleted.")
        acts.archive_room(world, call.who, room)
    else:
        acts.delete_room(world, call.who, room)
    return None


def _list_public(call: Call) -> Any:
    """The organisation's public spaces, joined or not (OAS-M)."""
    world, length = call.world, paging.size(call)
    if any(name in call.query for name in ("teamId", "type", "sortBy")):
        raise No(400, "orgPublicSpaces cannot be combined with teamId, type or sortBy.")
    where, values = ["public = 1", "archived = 0", "owner = ?"], [call.who["org"]]
    for name, sign in (("from", ">"), ("to", "<")):
        if text := call.query.get(name):
            try:
                values.append(ms_of(text))
            except ValueError:
                raise No(400, f"Invalid {name} value.") from None
            where.append(f"made_public {sign} ?")
    if past := paging.position(call, 2):
        where.append("(-made_public, key) > (?, ?)")
        values += past
    rows = world.all(
        f"SELECT * FROM room WHERE {' AND '.join(where)} ORDER BY -made_public, key LIMIT ?",
        *values, length + 1,
    )  # fmt: skip
    if len(rows) > length:
        last = rows[length - 1]
        paging.link(call, cursor=paging.opaque(-last["made_public"], last["key"]))
    return {"items": [shapes.room(world, r, viewer=call.who["key"]) for r in rows[:length]]}


def _check_may_publish(call: Call, room: Row, changes: dict[str, Any]) -> None:
    """From private to public: an officer only, the lowest classification, a description (1.1)."""
    world = call.world
    if not (powers.is_officer(call.who) and powers.owns(world, call.who, room)):
        raise No(403, "Only a compliance officer can make a space public.")
    if not changes.get("description", room["description"]):
        raise No(400, "A public space needs a description.")
    kind = changes.get("classification", room["classification"])
    if world.value("SELECT rank FROM classification WHERE key = ?", kind):
        raise No(400, "A public space needs the lowest classification.")


def _team_to_join(call: Call, room: Row) -> Row:
    world, team = call.world, call.team_for(call.text("teamId"))
    if room["team"]:
        raise No(400, "The space is in a team already.")
    for member in world.members(room["key"]):
        outside = acts.team_member(world, team["key"], member["person"]) is None
        if member["moderator"] and outside:
            raise No(400, "All moderators of the space must be members of the team.")
    return team


def _new_classification(call: Call, room: Row) -> int | None:
    """Clients only let it rise (HELP-gdw090). A bot can classify once the first human of the
    owning organisation is in (OAS-M), which is when there is an owner."""
    world, kind = call.world, _classification(call)
    if powers.is_bot(call.who) and room["owner"] is None:
        raise No(400, "The space has no owning organization yet.")
    ranks = [
        world.value("SELECT rank FROM classification WHERE key = ?", key)
        for key in (room["classification"], kind)
    ]
    sinks = ranks[0] is not None and (ranks[1] is None or ranks[1] < ranks[0])
    if sinks and world.switches["classification_only_rises"]:
        raise No(400, "The classification can only be raised.")
    return kind


def _check_officer(call: Call, room: Row, asked: set[str]) -> None:
    allowed = powers.OFFICER_MAY_CHANGE | ({"isReadOnly"} if room["direct"] else frozenset())
    if not powers.owns(call.world, call.who, room):
        raise No(403, "The space belongs to another organization.")
    title = call.body.get("title")
    beyond = asked - allowed - ({"title"} if title == room["title"] or room["direct"] else set())
    if beyond:
        raise No(403, f"A compliance officer may not change {', '.join(sorted(beyond))} here.")


def _title(call: Call) -> str:
    title = call.text("title").strip()
    if not title:
        raise No(400, "Title cannot be empty.")
    if len(title) > LONGEST_TITLE:
        raise No(400, "Title is too long.")
    return title


def _classification(call: Call) -> int | None:
    text = call.text("classificationId")
    if not text:
        return None
    row = call.world.by_uuid("classification", uuid_of("CLASSIFICATION", text))
    if row is None or not row["enabled"]:  # what is not enabled can't be chosen (1.9, the field)
        raise No(400, "Invalid classificationId.")
    return int(row["key"])
