"""/attachment/actions (OAS-M, webex-facts 1.6)."""

from __future__ import annotations

from typing import Any

from sandbox import powers, saying, shapes
from sandbox.call import Call, route
from sandbox.errors import No
from sandbox.ids import uuid_of


@route("POST", "/attachment/actions")
async def create_action(call: Call) -> Any:
    """How a user's token submits a card. OAS-M documents 202; but the SDK, which is used with
    the real service, takes nothing but 200 (PY), so that is what is answered."""
    world = call.world
    if call.text("type") != "submit":
        raise No(400, "Invalid type.")
    row = call.message_for(call.text("messageId"))
    if not row["card"]:
        raise No(400, "MessageId should point to an activity with cards")
    if row["person"] == call.who["key"]:
        raise No(400, "Author of a card cannot submit a cardAction on that card")
    if world.membership(row["room"], call.who["key"]) is None:
        raise No(404, "Could not find a message with provided ID.")
    inputs = call.body.get("inputs") or {}
    if not isinstance(inputs, dict):
        raise No(400, "Invalid inputs.")
    return shapes.action(world, saying.press(world, call.who, row, inputs))


@route("GET", "/attachment/actions/{id}")
async def get_action(call: Call) -> Any:
    world = call.world
    row = world.by_uuid("action", uuid_of("ATTACHMENT_ACTION", call.parts["id"]))
    if row is not None and powers.sees_action(world, call.who, row):
        return shapes.action(world, row)
    raise No(404, "Could not find attachment action with provided ID.")
