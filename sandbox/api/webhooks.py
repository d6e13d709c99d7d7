"""/webhooks (WH, webex-facts 1.7): the records; sending them out is `sandbox.webhooks`."""

from __future__ import annotations

from typing import Any

from sandbox import paging, shapes
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


@route("GET", "/webhooks")
async def list_webhooks(call: Call) -> Any:
    length = paging.size(call)
    rows = call.world.all(
        "SELECT * FROM webhook WHERE person = ? AND key > ? ORDER BY key LIMIT ?",
        call.who["key"], paging.cursor(call), length + 1,
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
    for part in call.text("filter").split("&"):
        name, _, value = part.partition("=")
        if name == "roomId":
            try:
                call.room_for(value)
            except No:
                raise No(400, "invalid value for filter: roomId") from None
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
