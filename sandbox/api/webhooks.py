"""/webhooks (WH, webex-facts 1.7): the records; sending them out is `sandbox.webhooks`."""

from __future__ import annotations

from typing import Any

from sandbox import paging, powers, shapes
from sandbox.call import Call, route
from sandbox.errors import No
from sandbox.ids import new_uuid, uuid_of
from sandbox.world import Row

EVENTS = {
    "messages": {"created", "updated", "deleted", "all"},
    "memberships": {"created", "updated", "deleted", "all"},
    "rooms": {"created", "updated", "migrated", "all"},
    "attachmentActions": {"created", "all"},
    "all": {"all"},
}

FILTERS: dict[str, set[str]] = {
    "messages": {
        "roomId", "roomType", "personId", "personEmail", "mentionedPeople", "hasFiles",
        "hasAttachments",
    },
    "memberships": {"roomId", "personId", "personEmail", "isModerator"},
    "rooms": {"type", "isLocked"},
    "attachmentActions": {"messageId", "personId", "roomId"},
    "all": set(),
}  # fmt: skip
BOOLEAN = frozenset({"hasFiles", "hasAttachments", "isModerator", "isLocked"})


@route("GET", "/webhooks")
async def list_webhooks(call: Call) -> Any:
    length, owned_by = paging.size(call), call.query.get("ownedBy")
    if owned_by not in (None, "org"):
        raise No(400, "Invalid ownedBy value.")
    rows = call.world.all(
        "SELECT * FROM webhook WHERE person = ? AND key > ? AND (? IS NULL OR owned_by = ?)"
        " ORDER BY key LIMIT ?",
        call.who["key"], paging.cursor(call), owned_by, owned_by, length + 1,
    )  # fmt: skip
    return paging.page(call, rows, length, "key", lambda row: shapes.webhook(call.world, row))


@route("POST", "/webhooks")
async def create_webhook(call: Call) -> Any:
    for name in ("name", "targetUrl", "resource", "event"):
        if not call.text(name):
            raise No(400, f"{name} cannot be null")
    resource, event = call.text("resource"), call.text("event")
    if event not in EVENTS.get(resource, ()):
        raise No(400, "Invalid resource or event.")
    if not call.text("targetUrl").startswith(("http://", "https://")):
        raise No(400, "Invalid targetUrl.")
    _check_filter(call, resource)
    _check_owner(call, resource)
    now = call.world.clock.now_ms()
    key = call.world.insert(
        "webhook", uuid=new_uuid(), person=call.who["key"], name=call.text("name"),
        target=call.text("targetUrl"), resource=resource, event=event,
        filter=call.text("filter") or None, secret=call.text("secret") or None,
        owned_by=call.text("ownedBy") or None, created=now, enabled_at=now,
    )  # fmt: skip
    return shapes.webhook(call.world, _row(call, key))


@route("GET", "/webhooks/{id}")
async def get_webhook(call: Call) -> Any:
    return shapes.webhook(call.world, _own(call))


@route("PUT", "/webhooks/{id}")
async def put_webhook(call: Call) -> Any:
    """Changes name, target, secret, and turns it on again; all else is ignored (WH)."""
    row = _own(call)
    if not call.text("name") or not call.text("targetUrl"):
        raise No(400, "name and targetUrl cannot be null")
    changes: dict[str, Any] = {"name": call.text("name"), "target": call.text("targetUrl")}
    if "secret" in call.body:
        changes["secret"] = call.text("secret")
    if call.text("status") == "active" and row["status"] != "active":
        changes |= {"status": "active", "enabled_at": call.world.clock.now_ms()}
    call.world.update("webhook", row["key"], **changes)
    return shapes.webhook(call.world, _row(call, row["key"]))


@route("DELETE", "/webhooks/{id}")
async def delete_webhook(call: Call) -> Any:
    call.world.db.execute("DELETE FROM webhook WHERE key = ?", (_own(call)["key"],))
    return None


def _check_filter(call: Call, resource: str) -> None:
    for part in filter(None, call.text("filter").split("&")):
        name, _, value = part.partition("=")
        if name not in FILTERS[resource]:
            raise No(400, f"invalid filter: {name}")
        wrong = not value or (name in BOOLEAN and value not in ("true", "false"))
        if name == "roomId" and not wrong:
            try:
                call.room_for(value)
            except No:
                wrong = True
        if wrong:
            raise No(400, f"invalid value for filter: {name}")


def _check_owner(call: Call, resource: str) -> None:
    """One for the whole organisation: by an officer or an admin, of rooms, once for each filter;
    there is none of all messages or memberships (WH, OAS-M)."""
    owner = call.text("ownedBy") or "creator"
    if owner not in ("creator", "org"):
        raise No(400, "Invalid ownedBy value.")
    if owner == "creator":
        return
    if not (powers.is_officer(call.who) or powers.is_admin(call.who)):
        raise No(403, "Missing required scopes.")
    if resource != "rooms":
        raise No(400, f"There is no organization webhook for {resource}.")
    if call.world.value(
        "SELECT 1 FROM webhook w JOIN person p ON p.key = w.person WHERE p.org = ?"
        " AND w.owned_by = 'org' AND w.resource = ? AND w.filter IS ?",
        call.who["org"], resource, call.text("filter") or None,
    ):  # fmt: skip
        raise No(409, "The organization has such a webhook already.")


def _own(call: Call) -> Row:
    row = call.world.by_uuid("webhook", uuid_of("WEBHOOK", call.parts["id"]))
    if row is None or row["person"] != call.who["key"]:
        raise No(404, "Could not find webhook with provided ID.")
    return row


def _row(call: Call, key: int) -> Row:
    row = call.world.one("SELECT * FROM webhook WHERE key = ?", key)
    if row is None:
        raise LookupError(f"no webhook {key}")
    return row
