"""The way to the websocket: the U2C catalog, WDM devices, and the conversation service that
turns an activity's uuid into a REST id (webex-facts 5)."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from sandbox import powers
from sandbox.errors import NO_TOKEN, No, tracking_id
from sandbox.ids import new_uuid, rest_id
from sandbox.mercury import Mercury
from sandbox.world import Row, World

MOST_DEVICES = 100


class Devices:
    def __init__(self, world: World, mercury: Mercury) -> None:
        self._world = world
        self._mercury = mercury
        self._devices: dict[str, dict[str, Any]] = {}
        mercury.knows = self._devices

    def mount(self, app: web.Application) -> None:
        add = app.router.add_route
        add("GET", "/u2c/api/v1/catalog", self._catalog)
        add("GET", "/wdm/api/v1/devices", self._list)
        add("POST", "/wdm/api/v1/devices", self._create)
        add("*", "/wdm/api/v1/devices/{id}", self._device)
        add("GET", "/conversation/api/v1/messages/{uuid}", self._message)
        add("GET", "/conversation/api/v1/attachment/actions/{uuid}", self._action)

    def clear(self) -> None:
        self._devices.clear()

    async def _catalog(self, request: web.Request) -> web.Response:
        root = f"https://{request.host}"
        links = {"wdm": f"{root}/wdm/api/v1", "conversation": f"{root}/conversation/api/v1"}
        self._who(request)
        return web.json_response({"serviceLinks": links, "hostCatalog": {}})

    async def _list(self, request: web.Request) -> web.Response:
        who = self._who(request)
        mine = [d["shown"] for d in self._devices.values() if d["person"] == who["key"]]
        if not mine:
            return _answer(No(404, "No devices found."))
        return web.json_response({"devices": mine})

    async def _create(self, request: web.Request) -> web.Response:
        who = self._who(request)
        mine = [d for d in self._devices.values() if d["person"] == who["key"]]
        if len(mine) >= MOST_DEVICES:
            return _answer(No(403, "User has excessive device registrations"))
        try:
            id, asked = new_uuid(), dict(await request.json())
        except (ValueError, TypeError):
            return _answer(No(400, "The request body is not valid JSON."))
        host = request.host
        shown = {
            **{k: v for k, v in asked.items() if isinstance(v, str)},
            "url": f"https://{host}/wdm/api/v1/devices/{id}",
            "webSocketUrl": f"wss://{host}/mercury/{id}",
            "userId": who["uuid"],
            "services": {},
            "modificationTime": self._world.clock.now().isoformat(),
        }
        self._devices[id] = {"person": who["key"], "shown": shown}
        return web.json_response(shown)

    async def _device(self, request: web.Request) -> web.Response:
        who, id = self._who(request), request.match_info["id"]
        device = self._devices.get(id)
        if device is None or device["person"] != who["key"]:
            return _answer(No(404, "Device not found."))
        if request.method == "DELETE":
            del self._devices[id]
            return web.Response(status=204)
        if request.method == "PUT":
            device["shown"]["modificationTime"] = self._world.clock.now().isoformat()
        elif request.method != "GET":
            return _answer(No(405, "Method not allowed."))
        return web.json_response(device["shown"])

    async def _message(self, request: web.Request) -> web.Response:
        uuid = request.match_info["uuid"]
        who = self._who(request)
        row = self._world.by_uuid("message", uuid) or self._edited(uuid)
        if row is None or not powers.sees_message(self._world, who, row):
            return _answer(No(404, "Not found."))
        return web.json_response({"id": rest_id("MESSAGE", row["uuid"])})

    def _edited(self, uuid: str) -> Row | None:
        return self._world.by_uuid("message", self._mercury.edits.get(uuid))

    async def _action(self, request: web.Request) -> web.Response:
        uuid = request.match_info["uuid"]
        who, row = self._who(request), self._world.by_uuid("action", uuid)
        if row is None or not powers.sees_action(self._world, who, row):
            return _answer(No(404, "Not found."))
        return web.json_response({"id": rest_id("ATTACHMENT_ACTION", uuid)})

    def _who(self, request: web.Request) -> Row:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        who = self._world.who(token) if token else None
        if who is None:
            body = json.dumps(No(401, NO_TOKEN).body(tracking_id()))
            raise web.HTTPUnauthorized(text=body, content_type="application/json")
        return who


def _answer(no: No) -> web.Response:
    return web.json_response(no.body(tracking_id()), status=no.status)
