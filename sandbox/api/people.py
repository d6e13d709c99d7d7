"""/people (OAS-M, webex-facts 1.4)."""

from __future__ import annotations

import json
from typing import Any

from sandbox import acts, paging, powers, shapes
from sandbox.call import Call, route
from sandbox.errors import No
from sandbox.ids import new_uuid, uuid_of
from sandbox.world import Row

MOST_IDS = 85


@route("GET", "/people/me")
async def me(call: Call) -> Any:
    return shapes.person(call.world, call.who, admin=powers.is_admin(call.who))


@route("GET", "/people")
async def list_people(call: Call) -> Any:
    world, query = call.world, call.query
    if ids := query.get("id"):
        return _by_ids(call, ids.split(","))
    where = ["key > ?", "gone = 0"]
    values: list[object] = [paging.cursor(call)]
    if email := query.get("email"):  # same organisation or a managed one only
        where.append("email = ? AND (org = ? OR kind = 'bot')")
        values += [email, call.who["org"] if not powers.is_bot(call.who) else world.home]
    elif name := query.get("displayName"):
        where.append("name LIKE ? ESCAPE '\\' AND org = ?")
        escaped = name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        values += [escaped + "%", call.who["org"]]
    elif powers.is_admin(call.who):
        where.append("org = ? AND kind = 'person'")
        values.append(call.who["org"])
        for role in filter(None, query.get("roles", "").split(",")):
            where.append("(',' || roles || ',') LIKE ?")
            values.append(f"%,{role},%")
    else:
        raise No(400, "Email, displayName, or id list should be specified.")
    length = paging.size(call)
    rows = world.all(
        f"SELECT * FROM person WHERE {' AND '.join(where)} ORDER BY key LIMIT ?",
        *values, length + 1,
    )  # fmt: skip
    return paging.page(call, rows, length, "key", lambda row: _shape(call, row))


def _by_ids(call: Call, ids: list[str]) -> Any:
    if len(ids) > MOST_IDS:
        raise No(400, f"At most {MOST_IDS} ids.")
    found, missing = [], []
    for id in ids:
        row = call.world.by_uuid("person", uuid_of("PEOPLE", id))
        if row is None:
            missing.append(id)
        else:  # no presence in this answer (1.4)
            shape = _shape(call, row, by_ids=True)
            found.append({k: v for k, v in shape.items() if k not in ("status", "lastActivity")})
    answer: dict[str, Any] = {"items": found}
    if missing:
        answer["notFoundIds"] = missing
    return answer


@route("GET", "/people/{id}")
async def get_person(call: Call) -> Any:
    row = call.world.by_uuid("person", uuid_of("PEOPLE", call.parts["id"]))
    if row is None:
        raise No(404, "Person not found.")
    return _shape(call, row)


@route("POST", "/people")
async def create_person(call: Call) -> Any:
    _admin(call)
    emails = call.body.get("emails")
    if not isinstance(emails, list) or not emails or "@" not in str(emails[0]):
        raise No(400, "Email is required.")
    email = str(emails[0]).lower()
    if call.world.person_by_email(email) is not None:
        raise No(409, "Person already exists.")
    first, last = call.text("firstName"), call.text("lastName")
    name = call.text("displayName") or f"{first} {last}".strip()
    if not name:
        raise No(400, "One of displayName, firstName, lastName is required.")
    key = call.world.insert(
        "person", uuid=new_uuid(), email=email, name=name, first=first, last=last,
        org=call.who["org"], created=call.world.clock.now_ms(),
    )  # fmt: skip
    return shapes.person(call.world, call.world.person(key), admin=True)


@route("PUT", "/people/{id}")
async def put_person(call: Call) -> Any:
    _admin(call)
    row = _own(call)
    changes: dict[str, Any] = {}
    for field, column in (("displayName", "name"), ("firstName", "first"), ("lastName", "last")):
        if call.body.get(field) is not None:
            changes[column] = call.text(field)
    if (login := call.flag("loginEnabled")) is not None:
        changes["login"] = int(login)
    if (phones := call.body.get("phoneNumbers")) is not None:
        changes["phones"] = json.dumps(_phones(phones))
    if changes:
        call.world.update("person", row["key"], **changes)
    return shapes.person(call.world, call.world.person(row["key"]), admin=True)


@route("DELETE", "/people/{id}")
async def delete_person(call: Call) -> Any:
    """Somebody who leaves: out of every room, and no token works any more."""
    _admin(call)
    row, world = _own(call), call.world
    for member in world.all("SELECT * FROM membership WHERE person = ?", row["key"]):
        room = world.room(member["room"])
        if room is not None:
            acts.remove_member(world, call.who, room, row["key"])
    world.db.execute("DELETE FROM token WHERE person = ?", (row["key"],))
    world.db.execute("UPDATE webhook SET status = 'inactive' WHERE person = ?", (row["key"],))
    world.db.execute("DELETE FROM grp_member WHERE person = ?", (row["key"],))
    world.update("person", row["key"], login=0, gone=1)
    return None


def _phones(given: Any) -> list[dict[str, str]]:
    """Each a type and a value (OAS-M)."""
    if not isinstance(given, list) or not all(
        isinstance(one, dict) and one.get("type") and one.get("value") for one in given
    ):
        raise No(400, "Invalid value for phoneNumbers.")
    return [{"type": str(one["type"]), "value": str(one["value"])} for one in given]


def _admin(call: Call) -> None:
    if not powers.is_admin(call.who):
        raise No(403, "Only an administrator may do that.")


def _own(call: Call) -> Row:
    row = call.world.by_uuid("person", uuid_of("PEOPLE", call.parts["id"]))
    if row is None or row["org"] != call.who["org"]:
        raise No(404, "Person not found.")
    return row


def _shape(call: Call, row: Row, *, by_ids: bool = False) -> shapes.Shape:
    """Presence is for the own organisation, which a bot has, too (OAS-M). What only an admin
    sees comes with one person alone, not with a list by id."""
    same = bool(row["org"] == call.who["org"])
    admin = powers.is_admin(call.who) and same
    return shapes.person(call.world, row, admin=admin and not by_ids, same_org=same)
