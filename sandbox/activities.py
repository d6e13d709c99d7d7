"""What happened, as Mercury's activities, and who hears of it (webex-facts 5).

Bots hear of messages in group rooms only where they are mentioned or it is their own;
everybody in a room hears of its members and settings, the one who is just out of it, too; a
card's author hears of its presses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox import powers
from sandbox.clock import iso
from sandbox.ids import new_uuid
from sandbox.world import Change, Row, World

CIPHER = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..c2FuZGJveA.Y2lwaGVydGV4dA.dGFn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    body: dict[str, Any]
    room: str
    audience: frozenset[int]
    edits: str = ""


def activities_of(world: World, change: Change) -> Iterator[Activity]:
    match change.kind:
        case "message.created":
            content = {"objectType": "comment", "displayName": CIPHER, "content": CIPHER}
            body = _body(world, change, "post", content, id=change.details["uuid"])
            if change.details["parent"]:
                body["parent"] = {"id": change.details["parent"], "type": "reply"}
            if change.details["has_files"]:
                yield from _shared(world, change, body)
                return
            yield _activity(world, change, body, _readers(world, change))
        case "message.updated":
            content = {"objectType": "comment", "displayName": CIPHER, "content": CIPHER}
            body = _body(world, change, "post", content, id=new_uuid())
            body["parent"] = {"id": change.details["uuid"], "type": "edit"}
            yield _activity(
                world, change, body, _readers(world, change), edits=change.details["uuid"]
            )
        case "message.deleted":
            body = _body(
                world, change, "delete", {"objectType": "activity", "id": change.details["uuid"]}
            )
            yield _activity(world, change, body, _readers(world, change))
        case "action.created":
            content = {"objectType": "submit", "inputs": CIPHER}
            body = _body(world, change, "cardAction", content, id=change.details["uuid"])
            body["parent"] = {"id": change.details["message_uuid"], "type": "cardAction"}
            yield _activity(world, change, body, frozenset({change.details["author"]}))
        case "membership.created" | "membership.deleted":
            if change.details.get("is_quiet"):  # a direct conversation begins with one `create`
                return
            born = change.details.get("is_birth")
            verb = "create" if born else _verb(change)
            about = _actor(world, change.person) | {"objectType": "person"}
            if born:
                about = {"objectType": "conversation", "id": _uuid(world, change)}
            yield _activity(world, change, _body(world, change, verb, about), change.audience)
        case "membership.updated":
            verb = "assignModerator" if change.details["moderator"] else "unassignModerator"
            about = _actor(world, change.person) | {"objectType": "person"}
            yield _activity(world, change, _body(world, change, verb, about), change.audience)
        case "membership.hidden":
            about = {"objectType": "conversation", "id": _uuid(world, change)}
            verb = "hide" if change.details["hidden"] else "unhide"
            yield _activity(world, change, _body(world, change, verb, about), change.audience)
        case "signal":  # what only a person's own client does: acknowledge, favorite, …
            about = {"objectType": "conversation", "id": _uuid(world, change)}
            verb = change.details["verb"]
            yield _activity(world, change, _body(world, change, verb, about), change.audience)
        case "room.updated" | "room.migrated":
            about = {"objectType": "conversation", "id": _uuid(world, change)}
            changed = set(change.details.get("changed", ("id",)))
            if "locked" in changed:
                verb = "lock" if change.object["isLocked"] else "unlock"
                yield _activity(world, change, _body(world, change, verb, about), change.audience)
            if changed == {"locked"}:
                return
            verb = "update"
            yield _activity(world, change, _body(world, change, verb, about), change.audience)


def _verb(change: Change) -> str:
    return "add" if change.kind == "membership.created" else "leave"


def _shared(world: World, change: Change, body: dict[str, Any]) -> Iterator[Activity]:
    """A file comes as `share`, and as `update` once it is found to be free of malware."""
    content = {
        "objectType": "content", "contentCategory": "documents", "displayName": CIPHER,
        "files": {"items": [{"malwareQuarantineState": "safe", "displayName": CIPHER}]},
    }  # fmt: skip
    readers = _readers(world, change)
    yield _activity(world, change, body | {"verb": "share", "object": content}, readers)
    again = body | {"verb": "update", "object": content, "id": new_uuid()}
    yield _activity(world, change, again, readers, edits=change.details["uuid"])


def _activity(
    world: World, change: Change, body: dict[str, Any], audience: frozenset[int], edits: str = ""
) -> Activity:
    return Activity(body=body, room=_uuid(world, change), audience=audience, edits=edits)


def _readers(world: World, change: Change) -> frozenset[int]:
    """Who may read a message: of the bots in a group only those who are mentioned (3.1)."""
    room = world.room(change.room or 0)
    if room is None or room["direct"]:
        return change.audience
    return frozenset(key for key in change.audience if hears(world, world.person(key), change))


def hears(world: World, who: Row, change: Change) -> bool:
    """Whether somebody in the group room is told of this message."""
    if not powers.is_bot(who):
        return True
    of = change.details
    return powers.is_for_bot(
        world, who, author=of["author"], people=list(of["mentioned"]), all=of["all"]
    )


def _body(
    world: World, change: Change, verb: str, about: dict[str, Any], *, id: str = ""
) -> dict[str, Any]:
    uuid = _uuid(world, change)
    return {
        "id": id or new_uuid(),
        "objectType": "activity",
        "url": f"https://{_HOST}/conversation/api/v1/activities/{id}",
        "verb": verb,
        "published": iso(change.at),
        "actor": _actor(world, change.actor),
        "object": about,
        "target": {
            "id": uuid,
            "objectType": "conversation",
            "url": f"https://{_HOST}/conversation/api/v1/conversations/{uuid}",
            "tags": _tags(world, change),
            "globalId": change.object.get("roomId") or change.object.get("id"),
        },
        "encryptionKeyUrl": "kms://sandbox/keys/1",
        "clientTempId": new_uuid(),
        "vectorCounters": {"sourceDC": "sandbox"},
    }


_HOST = "127.0.0.1"


def serve_on(host: str) -> None:
    """Where the conversation service answers; known once the port is."""
    global _HOST
    _HOST = host


def _uuid(world: World, change: Change) -> str:
    row = world.room(change.room or 0)
    return str(row["uuid"]) if row is not None else str(change.details.get("uuid", ""))


def _tags(world: World, change: Change) -> list[str]:
    row: Row | None = world.room(change.room or 0)
    if row is None:
        return []
    tags = ["ONE_ON_ONE"] if row["direct"] else ["NOT_GUARANTEED"]
    return tags + ["LOCKED"] * bool(row["locked"]) + ["TEAM"] * bool(row["team"])


def _actor(world: World, key: int | None) -> dict[str, Any]:
    if key is None:
        return {"objectType": "person", "type": "PERSON"}
    who = world.person(key)
    org = world.value("SELECT uuid FROM org WHERE key = ?", who["org"])
    return {
        "id": who["email"], "objectType": "person", "entryUUID": who["uuid"],
        "emailAddress": who["email"], "displayName": who["name"], "orgId": org,
        "type": "BOT" if who["kind"] == "bot" else "PERSON",
    }  # fmt: skip
