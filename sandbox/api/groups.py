"""/groups, for administrators (OAS-A, webex-facts 1.9). Lists come in an envelope of their own."""

from __future__ import annotations

import re
from typing import Any

from sandbox import powers, shapes
from sandbox.call import Call, route
from sandbox.errors import No
from sandbox.ids import new_uuid, uuid_of
from sandbox.world import Row

MOST_MEMBERS = 500
_FILTER = re.compile(r'displayName (eq|sw) "([^"]*)"', re.IGNORECASE)


@route("GET", "/groups")
async def list_groups(call: Call) -> Any:
    _may_read(call)
    world, (start, count), query = call.world, _window(call, most=100), call.query
    where, values = "1", list[object]()
    if text := query.get("filter"):
        found = _FILTER.fullmatch(text.strip())
        if found is None:
            raise No(400, "Invalid filter.")
        starts = found.group(1).lower() == "sw"
        where = "substr(lower(name), 1, ?) = lower(?)" if starts else "lower(name) = lower(?)"
        values = [len(found.group(2)), found.group(2)] if starts else [found.group(2)]
    order = "name" if query.get("sortBy") == "displayName" else "key"
    down = "DESC" if query.get("sortOrder", "").lower().startswith("desc") else ""
    rows = world.all(
        f"SELECT * FROM grp WHERE {where} ORDER BY {order} {down} LIMIT ? OFFSET ?",
        *values, count, start - 1,
    )  # fmt: skip
    return {
        "totalResults": world.value(f"SELECT count(*) FROM grp WHERE {where}", *values),
        "startIndex": start,
        "itemsPerPage": len(rows),
        "groups": [_shape(call, row) for row in rows],
    }


@route("GET", "/groups/{id}")
async def get_group(call: Call) -> Any:
    _may_read(call)
    return _shape(call, _group(call))


@route("GET", "/groups/{id}/members")
async def list_group_members(call: Call) -> Any:
    _may_read(call)
    row, (start, count) = _group(call), _window(call, most=MOST_MEMBERS)
    members = _members(call, row, count, start - 1)
    return {
        **shapes.group(call.world, row),
        "startIndex": start,
        "itemsPerPage": len(members),
        "members": members,
    }


@route("POST", "/groups", status=201)
async def create_group(call: Call) -> Any:
    _may_write(call)
    world, name = call.world, call.text("displayName").strip()
    if not name:
        raise No(400, "displayName cannot be empty.")
    if world.value("SELECT 1 FROM grp WHERE name = ?", name):
        raise No(409, "A group of that name exists already.")
    people = _people_of(call)
    key = world.insert("grp", uuid=new_uuid(), name=name, created=world.clock.now_ms())
    for person, _ in people:
        _put_in(call, key, person)
    return shapes.group(world, _by_key(call, key))


@route("PATCH", "/groups/{id}")
async def patch_group(call: Call) -> Any:
    """Members are put in, or taken out with `"operation": "delete"` (OAS-A)."""
    _may_write(call)
    world, row, people = call.world, _group(call), _people_of(call)
    if name := call.text("displayName").strip():
        world.update("grp", row["key"], name=name)
    for person, is_out in people:
        if is_out:
            world.db.execute(
                "DELETE FROM grp_member WHERE grp = ? AND person = ?", (row["key"], person)
            )
        else:
            _put_in(call, row["key"], person)
    return shapes.group(world, _by_key(call, row["key"]))


@route("DELETE", "/groups/{id}")
async def delete_group(call: Call) -> Any:
    _may_write(call)
    row = _group(call)
    call.world.db.execute("DELETE FROM grp_member WHERE grp = ?", (row["key"],))
    call.world.db.execute("DELETE FROM grp WHERE key = ?", (row["key"],))
    return None


def _may_read(call: Call) -> None:
    if not powers.is_admin(call.who):
        raise No(403, "Missing required scopes.")
    if call.who["org"] != call.world.home:
        raise No(404, "Group not found.")


def _may_write(call: Call) -> None:
    if not powers.is_admin(call.who) or call.who["org"] != call.world.home:
        raise No(403, "Missing required scopes.")


def _shape(call: Call, row: Row) -> shapes.Shape:
    shape = shapes.group(call.world, row)
    if call.query.get("includeMembers", "").lower() == "true":
        shape["members"] = _members(call, row, MOST_MEMBERS, 0)
    return shape


def _members(call: Call, row: Row, count: int, skip: int) -> list[shapes.Shape]:
    found = call.world.all(
        "SELECT p.* FROM grp_member g JOIN person p ON p.key = g.person WHERE g.grp = ?"
        " ORDER BY p.key LIMIT ? OFFSET ?",
        row["key"], count, skip,
    )  # fmt: skip
    return [shapes.group_member(call.world, person) for person in found]


def _people_of(call: Call) -> list[tuple[int, bool]]:
    """Who is named in the body, and whether to take them out."""
    named = call.body.get("members") or []
    if not isinstance(named, list):
        raise No(400, "Invalid value for members.")
    found = []
    for one in named:
        id = one.get("id") if isinstance(one, dict) else None
        row = call.world.by_uuid("person", uuid_of("PEOPLE", str(id or "")))
        if row is None or row["org"] != call.who["org"]:
            raise No(400, "Invalid member.")
        found.append((int(row["key"]), one.get("operation") == "delete"))
    return found


def _put_in(call: Call, group: int, person: int) -> None:
    call.world.db.execute("INSERT OR IGNORE INTO grp_member VALUES (?, ?)", (group, person))


def _group(call: Call) -> Row:
    tail = uuid_of("SCIM_GROUP", call.parts["id"]) or ""
    row = call.world.by_uuid("grp", tail.partition(":")[0])
    if row is None:
        raise No(404, "Group not found.")
    return row


def _by_key(call: Call, key: int) -> Row:
    row = call.world.one("SELECT * FROM grp WHERE key = ?", key)
    if row is None:
        raise LookupError(f"no group {key}")
    return row


def _window(call: Call, *, most: int) -> tuple[int, int]:
    try:
        start, count = int(call.query.get("startIndex", 1)), int(call.query.get("count", most))
    except ValueError:
        raise No(400, "Invalid startIndex or count.") from None
    return max(start, 1), max(min(count, most), 0)
