"""/events, for officers only (OAS-M, webex-facts 1.8): a record of what happened, with its gaps.

There is no event for a room's birth or end, and of changes to a room only its classification.
"""

from __future__ import annotations

import json
from typing import Any

from sandbox import paging, powers, shapes
from sandbox.call import Call, route
from sandbox.clock import ms_of
from sandbox.errors import No
from sandbox.ids import new_uuid, uuid_of
from sandbox.world import Change, World

PRO_PACK_MS = 90 * 24 * 3600 * 1000
RESOURCES = frozenset(
    "attachmentActions businessTexts call_records convergedRecordings file_transcodings files "
    "meetingMessages meetings meetingTranscripts memberships messages rooms tabs".split()
)
TYPES = frozenset({"created", "updated", "deleted", "ended"})
KINDS = {
    "message.created": ("messages", "created"), "message.updated": ("messages", "updated"),
    "message.deleted": ("messages", "deleted"),
    "membership.created": ("memberships", "created"),
    "membership.updated": ("memberships", "updated"),
    "membership.deleted": ("memberships", "deleted"),
    "action.created": ("attachmentActions", "created"),
}  # fmt: skip


def record(world: World) -> None:
    """Keeps events from now on."""

    def listen(change: Change) -> None:
        known = KINDS.get(change.kind)
        if change.kind == "room.updated" and "classification" in change.details["changed"]:
            known = ("rooms", "updated")
        if known is None:
            return
        room = world.room(change.room or 0)
        shape = dict(change.object)
        if change.details.get("by_team"):  # a known gap (CG, 1.8)
            shape.pop("roomType", None)
        subject = world.value("SELECT org FROM person WHERE key = ?", change.person)
        world.insert(
            "event", uuid=new_uuid(), resource=known[0], type=known[1], actor=change.actor,
            created=change.at, data=json.dumps(shape), subject=subject,
            owner=room["owner"] if room is not None else None,
        )  # fmt: skip

    world.subscribe(listen)


@route("GET", "/events")
async def list_events(call: Call) -> Any:
    _officer(call)
    mine = call.who["org"]  # owning organisation: all; participating: of their own users (3.4)
    newest_first = call.world.switches["events_newest_first"]
    where = ["(owner = ? OR subject = ?)"]
    values: list[object] = [mine, mine]
    if past := paging.cursor(call):
        where.append("key < ?" if newest_first else "key > ?")
        values.append(past)
    if call.world.switches["events_for_90_days_only"]:
        where.append("created >= ?")
        values.append(call.world.clock.now_ms() - PRO_PACK_MS)
    for name, known in (("resource", RESOURCES), ("type", TYPES)):
        if value := call.query.get(name):
            if value not in known:
                raise No(400, f"Invalid {name} value.")
            where.append(f"{name} = ?")
            values.append(value)
    if actor := call.query.get("actorId"):
        row = call.world.by_uuid("person", uuid_of("PEOPLE", actor))
        where.append("actor = ?")
        values.append(row["key"] if row else -1)
    window: dict[str, int] = {}
    for name, sign in (("from", ">="), ("to", "<")):
        if text := call.query.get(name):
            where.append(f"created {sign} ?")
            window[name] = _moment(call, name, text)
            values.append(window[name])
    if "from" in window and "to" in window and window["from"] > window["to"]:
        raise No(400, "'from' must not be after 'to'.")
    length = paging.size(call)
    rows = call.world.all(
        f"SELECT * FROM event WHERE {' AND '.join(where)}"
        f" ORDER BY key {'DESC' if newest_first else ''} LIMIT ?",
        *values, length + 1,
    )  # fmt: skip
    return paging.page(
        call, rows, length, "key", lambda row: shapes.event(call.world, row, org=mine)
    )


@route("GET", "/events/{id}")
async def get_event(call: Call) -> Any:
    _officer(call)
    row = call.world.by_uuid("event", uuid_of("EVENT", call.parts["id"]))
    if row is None or call.who["org"] not in (row["owner"], row["subject"]):
        raise No(404, "Event not found.")
    return shapes.event(call.world, row, org=call.who["org"])


def _officer(call: Call) -> None:
    if not powers.is_officer(call.who):
        raise No(403, "Missing required scopes.")


def _moment(call: Call, name: str, text: str) -> int:
    try:
        ms = ms_of(text)
    except ValueError:
        raise No(400, f"Invalid {name} value.") from None
    if name == "to" and ms > call.world.clock.now_ms() + 1000:
        raise No(400, "'to' must not be in the future.")
    return ms
