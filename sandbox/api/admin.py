"""/classifications and /organizations (OAS-A, webex-facts 1.9)."""

from __future__ import annotations

from typing import Any

from sandbox import powers, shapes
from sandbox.call import Call, route
from sandbox.errors import No
from sandbox.ids import uuid_of


@route("GET", "/classifications")
async def list_classifications(call: Call) -> Any:
    """Which token may is unverified; the reading: anyone of the organisation but a bot."""
    if powers.is_bot(call.who):
        raise No(403, "Missing required scopes.")
    rows = call.world.all("SELECT * FROM classification ORDER BY rank")
    return {"items": [shapes.classification(call.world, row) for row in rows]}


@route("GET", "/organizations")
async def list_organizations(call: Call) -> Any:
    _may_read_organizations(call)
    rows = call.world.all("SELECT * FROM org WHERE key = ?", call.who["org"])
    return {"items": [shapes.organisation(call.world, row) for row in rows]}


@route("GET", "/organizations/{id}")
async def get_organization(call: Call) -> Any:
    _may_read_organizations(call)
    row = call.world.by_uuid("org", uuid_of("ORGANIZATION", call.parts["id"]))
    if row is None or row["key"] != call.who["org"]:
        raise No(404, "Organization not found.")
    return shapes.organisation(call.world, row)


def _may_read_organizations(call: Call) -> None:
    """With spark-admin:organizations_read, which no bot's token has (3.1)."""
    if not powers.is_admin(call.who):
        raise No(403, "Missing required scopes.")
