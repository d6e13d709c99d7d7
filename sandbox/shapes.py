"""Rows as the API shows them: field names and types of Webex's OpenAPI (OAS-M, OAS-A).

A field that Webex leaves out when it is empty is left out here, too.
"""

from __future__ import annotations

import json
from typing import Any

from sandbox.clock import iso
from sandbox.ids import rest_id
from sandbox.world import Row, World

Shape = dict[str, Any]
ACTIVE_MS = 10 * 60 * 1000


def _lean(**fields: Any) -> Shape:
    return {name: value for name, value in fields.items() if value is not None}


def person(world: World, row: Row, *, admin: bool = False, same_org: bool = True) -> Shape:
    shape = _lean(
        id=rest_id("PEOPLE", row["uuid"]),
        emails=[row["email"]],
        phoneNumbers=json.loads(row["phones"]),
        displayName=row["name"],
        nickName=row["first"] or row["name"],
        firstName=row["first"],
        lastName=row["last"],
        avatar=f"https://avatar.invalid/{row['uuid']}",
        orgId=org_id(world, row["org"]),
        created=iso(row["created"]),
        lastActivity=iso(row["last_activity"]) if same_org else None,
        status=_presence(world, row) if same_org else None,
        timezone=row["timezone"],
        type=row["kind"],
    )
    if admin:
        shape |= {
            "roles": [r for r in row["roles"].split(",") if r],
            "licenses": [],
            "loginEnabled": _said(world, bool(row["login"])),
            "invitePending": _said(world, False),
        }
    return shape


def _said(world: World, flag: bool) -> bool | str:
    """Documented as the words "true" and "false" (OAS-M); clients also expect real ones."""
    return ("false", "true")[flag] if world.switches["person_flags_are_words"] else flag


def _presence(world: World, row: Row) -> str:
    if row["kind"] == "bot" or row["last_activity"] is None:
        return "unknown"
    idle = world.clock.now_ms() - row["last_activity"]
    return "active" if idle < ACTIVE_MS else "inactive"


def org_id(world: World, key: int | None) -> str | None:
    uuid = world.value("SELECT uuid FROM org WHERE key = ?", key)
    return rest_id("ORGANIZATION", uuid) if uuid else None


def person_id(world: World, key: int | None) -> str | None:
    uuid = world.value("SELECT uuid FROM person WHERE key = ?", key)
    return rest_id("PEOPLE", uuid) if uuid else None


def room(world: World, row: Row, *, viewer: int | None = None) -> Shape:
    team = world.value("SELECT uuid FROM team WHERE key = ?", row["team"])
    kind = world.value("SELECT uuid FROM classification WHERE key = ?", row["classification"])
    return _lean(
        id=rest_id("ROOM", row["uuid"]),
        title=_title(world, row, viewer),
        type="direct" if row["direct"] else "group",
        isLocked=bool(row["locked"]),
        teamId=rest_id("TEAM", team) if team else None,
        lastActivity=iso(row["last"]),
        creatorId=person_id(world, row["creator"]),
        created=iso(row["created"]),
        ownerId=org_id(world, row["owner"]),
        classificationId=rest_id("CLASSIFICATION", kind) if kind else None,
        isAnnouncementOnly=bool(row["announcement"]),
        isReadOnly=bool(row["readonly"]),
        isPublic=bool(row["public"]),
        madePublic=iso(row["made_public"]),
        description=row["description"] or None,
    )


def _title(world: World, row: Row, viewer: int | None) -> str:
    """A direct conversation is called by the other one; an officer sees "Empty Title" (1.1)."""
    if not row["direct"]:
        return str(row["title"])
    people = [m["person"] for m in world.members(row["key"])]
    if viewer not in people:
        return "Empty Title"
    others = [p for p in people if p != viewer]
    return str(world.person(others[0])["name"]) if others else "Empty Title"


def membership(world: World, row: Row) -> Shape:
    who = world.person(row["person"])
    where = world.room(row["room"])
    assert where is not None  # noqa: S101 - a membership of no room can't be shown
    direct = bool(where["direct"])
    return _lean(
        id=rest_id("MEMBERSHIP", f"{who['uuid']}:{where['uuid']}"),
        roomId=rest_id("ROOM", where["uuid"]),
        personId=rest_id("PEOPLE", who["uuid"]),
        personEmail=who["email"],
        personDisplayName=who["name"],
        personOrgId=org_id(world, who["org"]),
        isModerator=bool(row["moderator"]),
        isRoomHidden=bool(row["hidden"]) if direct else None,
        roomType="direct" if direct else "group",
        isMonitor=False,
        created=iso(row["created"]),
    )


def team(world: World, row: Row) -> Shape:
    return _lean(
        id=rest_id("TEAM", row["uuid"]),
        name=row["name"],
        description=row["description"] or None,
        creatorId=person_id(world, row["creator"]),
        created=iso(row["created"]),
    )


def team_membership(world: World, row: Row) -> Shape:
    who = world.person(row["person"])
    uuid = world.value("SELECT uuid FROM team WHERE key = ?", row["team"])
    return _lean(
        id=rest_id("TEAM_MEMBERSHIP", f"{who['uuid']}:{uuid}"),
        teamId=rest_id("TEAM", uuid),
        personId=rest_id("PEOPLE", who["uuid"]),
        personEmail=who["email"],
        personDisplayName=who["name"],
        personOrgId=org_id(world, who["org"]),
        isModerator=bool(row["moderator"]),
        created=iso(row["created"]),
    )


def message(world: World, row: Row, *, rest: str = "", is_listed: bool = False) -> Shape:
    """Only a list says whether it is a voice clip (OAS-M)."""
    who = world.person(row["person"])
    where = world.room(row["room"])
    direct = bool(where is not None and where["direct"])
    files = json.loads(row["files"]) if row["files"] else None
    mentioned = json.loads(row["mentioned"]) if row["mentioned"] else None
    room_uuid = where["uuid"] if where is not None else ""
    return _lean(
        id=rest_id("MESSAGE", row["uuid"]),
        parentId=rest_id("MESSAGE", row["parent"]) if row["parent"] else None,
        roomId=rest_id("ROOM", room_uuid),
        roomType="direct" if direct else "group",
        text=row["text"] or None,
        markdown=row["markdown"],
        html=row["html"],
        files=[rest + "contents/" + rest_id("CONTENT", f) for f in files] if files else None,
        personId=rest_id("PEOPLE", who["uuid"]),
        personEmail=who["email"],
        mentionedPeople=[rest_id("PEOPLE", uuid) for uuid in mentioned] if mentioned else None,
        mentionedGroups=json.loads(row["groups"]) if row["groups"] else None,
        attachments=[json.loads(row["card"])] if row["card"] else None,
        created=iso(row["created"]),
        updated=iso(row["updated"]),
        isVoiceClip=False if is_listed else None,
    )


def action(world: World, row: Row) -> Shape:
    message_uuid = world.value("SELECT uuid FROM message WHERE key = ?", row["message"])
    room_uuid = world.value("SELECT uuid FROM room WHERE key = ?", row["room"])
    return _lean(
        id=rest_id("ATTACHMENT_ACTION", row["uuid"]),
        type="submit",
        messageId=rest_id("MESSAGE", message_uuid),
        inputs=json.loads(row["inputs"]),
        personId=person_id(world, row["person"]),
        roomId=rest_id("ROOM", room_uuid) if room_uuid else None,
        created=iso(row["created"]),
    )


def webhook(world: World, row: Row) -> Shape:
    who = world.person(row["person"])
    return _lean(
        id=rest_id("WEBHOOK", row["uuid"]),
        name=row["name"],
        targetUrl=row["target"],
        resource=row["resource"],
        event=row["event"],
        filter=row["filter"],
        secret=row["secret"],
        status=row["status"],
        created=iso(row["created"]),
        orgId=org_id(world, who["org"]),
        createdBy=rest_id("PEOPLE", who["uuid"]),
        appId=rest_id("APPLICATION", "00000000-0000-4000-8000-000000000001"),
        ownedBy=row["owned_by"] or "creator",
    )


def event(world: World, row: Row, *, org: int) -> Shape:
    return _lean(
        id=rest_id("EVENT", row["uuid"]),
        resource=row["resource"],
        type=row["type"],
        appId=rest_id("APPLICATION", "00000000-0000-4000-8000-000000000001"),
        actorId=person_id(world, row["actor"]),
        orgId=org_id(world, org),
        created=iso(row["created"]),
        data=json.loads(row["data"]),
    )


def classification(world: World, row: Row) -> Shape:
    return _lean(
        id=rest_id("CLASSIFICATION", row["uuid"]),
        rank=row["rank"],
        title=row["title"],
        enabled=bool(row["enabled"]),
        description=row["title"],
        lastModified=iso(world.value("SELECT created FROM org WHERE key = ?", world.home)),
        orgId=org_id(world, world.home),
    )


def group(world: World, row: Row) -> Shape:
    org = world.value("SELECT uuid FROM org WHERE key = ?", world.home)
    return {
        "id": rest_id("SCIM_GROUP", f"{row['uuid']}:{org}"),
        "displayName": row["name"],
        "orgId": org_id(world, world.home),
        "created": iso(row["created"]),
        "lastModified": iso(row["created"]),
        "memberSize": world.value("SELECT count(*) FROM grp_member WHERE grp = ?", row["key"]),
    }


def group_member(world: World, row: Row) -> Shape:
    return {"id": rest_id("PEOPLE", row["uuid"]), "type": "user", "displayName": row["name"]}


def organisation(world: World, row: Row) -> Shape:
    return {
        "id": rest_id("ORGANIZATION", row["uuid"]),
        "displayName": row["name"],
        "created": iso(row["created"]),
    }
