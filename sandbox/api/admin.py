"""/classifications, /groups, /organizations (OAS-A, webex-facts 1.9) and /access_token (3.5)."""

from __future__ import annotations

from typing import Any

from sandbox import powers, shapes
from sandbox.call import Call, route
from sandbox.errors import No
from sandbox.ids import uuid_of
from sandbox.world import Row

MOST_MEMBERS = 500


@route("GET", "/classifications")
async def list_classifications(call: Call) -> Any:
    """Which token may is unverified; the reading: anyone of the organisation but a bot."""
    if powers.is_bot(call.who):
        raise No(403, "Missing required scopes.")
    rows = call.world.all("SELECT * FROM classification ORDER BY rank")
    return {"items": [shapes.classification(call.world, row) for row in rows]}


@route("GET", "/organizations")
async def list_organizations(call: Call) -> Any:
    rows = call.world.all("SELECT * FROM org WHERE key = ?", call.who["org"])
    return {"items": [shapes.organisation(call.world, row) for row in rows]}


@route("GET", "/organizations/{id}")
async def get_organization(call: Call) -> Any:
    row = call.world.by_uuid("org", uuid_of("ORGANIZATION", call.parts["id"]))
    if row is None or row["key"] != call.who["org"]:
        raise No(404, "Organization not found.")
    return shapes.organisation(call.world, row)


@route("GET", "/groups")
async def list_groups(call: Call) -> Any:
    _may_read_groups(call)
    start, count = _window(call, most=100)
    world, total = call.world, call.world.value("SELECT count(*) FROM grp")
    rows = world.all("SELECT * FROM grp ORDER BY key LIMIT ? OFFSET ?", count, start - 1)
    return {
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(rows),
        "groups": [shapes.group(world, row) for row in rows],
    }


@route("GET", "/groups/{id}")
async def get_group(call: Call) -> Any:
    _may_read_groups(call)
    return shapes.group(call.world, _group(call))


@route("GET", "/groups/{id}/members")
async def list_group_members(call: Call) -> Any:
    _may_read_groups(call)
    row, (start, count) = _group(call), _window(call, most=MOST_MEMBERS)
    world = call.world
    members = world.all(
        "SELECT p.* FROM grp_member g JOIN person p ON p.key = g.person WHERE g.grp = ?"
        " ORDER BY p.key LIMIT ? OFFSET ?",
        row["key"], count, start - 1,
    )  # fmt: skip
    return {
        **shapes.group(world, row),
        "startIndex": start,
        "itemsPerPage": len(members),
        "members": [
            {
                "id": shapes.person_id(world, p["key"]), "type": "user",
                "displayName": p["name"],
            }
            for p in members
        ],
    }  # fmt: skip


def _may_read_groups(call: Call) -> None:
    if not (powers.is_admin(call.who) or powers.is_officer(call.who)):
        raise No(403, "Missing required scopes.")


def _group(call: Call) -> Row:
    tail = uuid_of("SCIM_GROUP", call.parts["id"]) or ""
    row = call.world.by_uuid("grp", tail.partition(":")[0])
    if row is None:
        raise No(404, "Group not found.")
    return row


def _window(call: Call, *, most: int) -> tuple[int, int]:
    try:
        start, count = int(call.query.get("startIndex", 1)), int(call.query.get("count", most))
    except ValueError:
        raise No(400, "Invalid startIndex or count.") from None
    return max(start, 1), max(min(count, most), 0)
