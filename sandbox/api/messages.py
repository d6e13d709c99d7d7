"""/messages, /messages/direct and /contents (OAS-M, webex-facts 1.5, 4)."""

from __future__ import annotations

import json
from typing import Any

from sandbox import acts, paging, powers, saying, shapes
from sandbox.call import Call, Upload, route
from sandbox.cards import check_card
from sandbox.clock import ms_of
from sandbox.errors import NO_ACTIVITY, No
from sandbox.ids import uuid_of
from sandbox.markup import Marked, mark
from sandbox.world import Row

LONGEST_BYTES = 7439
MOST_EDITS = 10


@route("GET", "/messages")
async def list_messages(call: Call) -> Any:
    if not call.query.get("roomId"):
        raise No(400, "Required String parameter 'roomId' is not present")
    room = call.room_for(call.query["roomId"])
    mentioned = call.query.get("mentionedPeople")
    if mentioned not in (None, "me") and uuid_of("PEOPLE", mentioned or "") != call.who["uuid"]:
        raise No(400, "mentionedPeople can only be yourself.")
    if powers.is_bot(call.who) and not room["direct"] and mentioned is None:
        raise No(403, NO_ACTIVITY)
    return _list(call, room, only=call.who["uuid"] if mentioned else None)


@route("GET", "/messages/direct")
async def list_direct(call: Call) -> Any:
    world = call.world
    other = call.person_of(call.query.get("personId"), call.query.get("personEmail"), invites=False)
    room = world.one(
        "SELECT r.* FROM room r JOIN membership a ON a.room = r.key JOIN membership b"
        " ON b.room = r.key WHERE r.direct = 1 AND a.person = ? AND b.person = ?",
        call.who["key"], other["key"],
    )  # fmt: skip
    if room is None:
        raise No(404, "Could not find a room with provided ID.")
    return _list(call, room, only=None)


def _list(call: Call, room: Row, *, only: str | None) -> Any:
    """Newest first; the next page goes on by beforeMessage (WebexPythonSDK#70)."""
    world = call.world
    length = paging.size(call, default=50, ceiling=100 if only else 1000)
    where = ["room = ?"]
    values: list[object] = [room["key"]]
    if not (powers.is_officer(call.who) and world.switches["officer_lists_deleted"]):
        where.append("deleted IS NULL")
    if before := call.query.get("beforeMessage"):
        row = world.by_uuid("message", uuid_of("MESSAGE", before))
        if row is None or row["room"] != room["key"]:
            raise No(404, "Could not find a message with provided ID.")
        where.append("(created, key) < (?, ?)")
        values += [row["created"], row["key"]]
    if when := call.query.get("before"):
        try:
            values.append(ms_of(when))
        except ValueError:
            raise No(400, "Invalid before value.") from None
        where.append("created < ?")
    if parent := call.query.get("parentId"):
        where.append("parent = ?")
        values.append(uuid_of("MESSAGE", parent))
    if only:
        to_all = not powers.is_bot(call.who) or world.switches["bots_hear_all"]
        where.append("(mentioned LIKE ? OR groups IS NOT NULL)" if to_all else "mentioned LIKE ?")
        values.append(f'%"{only}"%')
    rows = world.all(
        f"SELECT * FROM message WHERE {' AND '.join(where)} ORDER BY created DESC, key DESC"
        " LIMIT ?",
        *values, length + 1,
    )  # fmt: skip
    if len(rows) > length:
        last = shapes.message(world, rows[length - 1])["id"]
        paging.link(call, beforeMessage=last)
    shown = [row for row in rows[:length] if powers.reads(world, call.who, room, row["person"])]
    listed = [shapes.message(world, row, rest=call.rest, is_listed=True) for row in shown]
    return {"items": listed}


@route("POST", "/messages")
async def create_message(call: Call) -> Any:
    world = call.world
    to = [n for n in ("roomId", "toPersonEmail", "toPersonId") if call.body.get(n)]
    if len(to) != 1:
        raise No(
            400,
            "Exactly one of the destination fields must not be empty "
            "(roomId, toPersonEmail, toPersonId)",
        )
    marked, card, files = _content(call)
    if to[0] == "roomId":
        room = call.room_for(call.text("roomId"), officer=False)
    else:
        other = call.person_of(call.text("toPersonId"), call.text("toPersonEmail"))
        if other["key"] == call.who["key"] or (powers.is_bot(other) and powers.is_bot(call.who)):
            raise No(400, "You cannot send a message to yourself.")
        room = acts.direct_room(world, call.who, other)
    powers.check_may_post(world, call.who, room)
    made = saying.post_message(
        world, call.who, room, marked, parent=_parent(call, room), files=files, card=card
    )
    shape = shapes.message(world, made, rest=call.rest)
    if to[0] != "roomId":
        shape |= {"toPersonId": shapes.person_id(world, other["key"])}
        shape |= {"toPersonEmail": other["email"]}
    return shape


@route("GET", "/messages/{id}")
async def get_message(call: Call) -> Any:
    return shapes.message(call.world, call.message_for(call.parts["id"]), rest=call.rest)


@route("PUT", "/messages/{id}")
async def put_message(call: Call) -> Any:
    """Cards can be edited in practice, although the reference denies it (4)."""
    world, row = call.world, call.message_for(call.parts["id"])
    if row["person"] != call.who["key"]:
        raise No(403, "Only the author can edit a message.")
    if not call.text("roomId"):
        raise No(400, "roomId cannot be null")
    room = call.room_for(call.text("roomId"), officer=False)
    if room["key"] != row["room"]:
        raise No(400, "The message is in another room.")
    if row["edits"] >= MOST_EDITS:
        raise No(400, "The edit limit of the message has been reached.")
    if row["files"]:
        raise No(400, "A message with files cannot be edited.")
    marked, card, _ = _content(call)
    if row["card"] and card is None:  # with its card it is edited in practice, without it is not
        raise No(400, "Editing a message with attachments is currently unsupported.")
    images = '"Image"' in (row["card"] or "") or '"Image"' in json.dumps(card or {})
    if images and world.switches["image_card_edit_fails"]:
        raise No(400, "A card with images cannot be edited.")
    return shapes.message(
        world, saying.edit_message(world, call.who, row, marked, card=card), rest=call.rest
    )


@route("DELETE", "/messages/{id}")
async def delete_message(call: Call) -> Any:
    world, row = call.world, call.message_for(call.parts["id"])
    if row["deleted"] is not None:
        raise No(410, "The message has been deleted.")
    room = world.room(row["room"])
    if room is None or not powers.may_delete_message(world, call.who, room, row):
        raise No(403, "You cannot delete this message.")
    saying.delete_message(world, call.who, row)
    return None


@route("GET", "/contents/{id}")
async def get_content(call: Call) -> Any:
    world = call.world
    row = world.one(
        "SELECT * FROM content WHERE uuid = ?", uuid_of("CONTENT", call.parts["id"]) or ""
    )
    if row is None or not powers.sees_message(
        world, call.who, saying.message(world, row["message"])
    ):
        raise No(404, "Could not find the content.")
    return Upload(name=row["name"], type=row["type"], body=row["body"])


def _content(
    call: Call,
) -> tuple[Marked, dict[str, Any] | None, list[tuple[str, str, bytes]]]:
    text, markdown = call.text("text"), call.body.get("markdown")
    for value in (text, markdown or ""):
        if len(str(value).encode()) > LONGEST_BYTES:
            raise No(400, "Message length limited to 7439 bytes.")
    cards = call.body.get("attachments") or []
    if not isinstance(cards, list) or len(cards) > 1:
        raise No(400, "Only one attachment is allowed.")
    card = cards[0] if cards else None
    if card is not None:
        check_card(card)
    files: list[tuple[str, str, bytes]] = []
    if call.upload is not None:
        files = [(call.upload.name, call.upload.type, call.upload.body)]
    elif named := call.body.get("files"):
        if not isinstance(named, list) or len(named) != 1:
            raise No(400, "Only one file is allowed.")
        name = str(named[0]).rsplit("/", 1)[-1]
        files = [(name or "file", "application/octet-stream", str(named[0]).encode())]
    if not (text or markdown or files or card):
        raise No(400, "Both text and file cannot be empty.")
    return mark(call.world, text, str(markdown) if markdown else None), card, files


def _parent(call: Call, room: Row) -> str | None:
    text = call.text("parentId")
    if not text:
        return None
    row = call.world.by_uuid("message", uuid_of("MESSAGE", text))
    if row is None or row["room"] != room["key"]:
        raise No(400, "Invalid parentId.")
    if row["parent"] and call.world.switches["replies_are_flat"]:
        raise No(400, "Invalid parentId: a reply cannot be replied to.")
    return str(row["parent"] or row["uuid"])
