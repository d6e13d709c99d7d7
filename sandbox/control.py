"""The control interface: apart from the API, for tests and demos only, with its own token.

Reads the server's log, sets the clock, adds people and pasts, injects faults.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox import acts, base, scopes, shapes
from sandbox.clock import ms_of
from sandbox.ids import rest_id, uuid_of
from sandbox.tenants import TenantSpec, build

if TYPE_CHECKING:
    from sandbox.server import Sandbox

Act = Callable[[dict[str, Any]], Awaitable[Any]]


class Control:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.token = secrets.token_urlsafe(32)

    def mount(self, app: web.Application) -> None:
        for method, path, act in (
            ("GET", "ready", self._ready), ("GET", "log", self._log),
            ("POST", "clock", self._clock), ("GET", "clock", self._clock),
            ("POST", "people", self._person), ("POST", "spaces", self._space),
            ("POST", "groups", self._group), ("POST", "tenant", self._tenant),
            ("POST", "faults", self._fault), ("GET", "faults", self._faults),
            ("DELETE", "faults", self._clear_faults), ("POST", "limit", self._limit),
            ("POST", "switches", self._switches), ("POST", "reset", self._reset),
            ("POST", "disconnect", self._disconnect), ("POST", "expire", self._expire),
            ("GET", "mercury", self._mercury), ("GET", "token", self._token),
            ("GET", "room", self._room), ("POST", "migrate", self._migrate),
            ("POST", "signal", self._signal), ("POST", "scopes", self._scopes),
            ("POST", "levels", self._levels),
        ):  # fmt: skip
            app.router.add_route(method, f"/sandbox/{path}", self._guarded(act))

    def _guarded(self, act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            given = request.headers.get("Authorization", "").removeprefix("Bearer ")
            if not hmac.compare_digest(given.encode(), self.token.encode()):
                return web.json_response({"message": "That needs the control token."}, status=401)
            sent = await request.json() if request.can_read_body else {}
            try:
                made = await act({**dict(request.query), **sent})
            except (ValueError, TypeError, KeyError, LookupError) as no:
                return web.json_response({"message": f"{type(no).__name__}: {no}"}, status=400)
            return web.json_response(made)

        return handle

    async def _ready(self, asked: dict[str, Any]) -> Any:
        return self._sandbox.ready()

    async def _log(self, asked: dict[str, Any]) -> Any:
        return self._sandbox.log.read(
            since=int(asked.get("since", 0)), what=asked.get("what"), kind=asked.get("kind")
        )

    async def _clock(self, asked: dict[str, Any]) -> Any:
        clock = self._sandbox.clock
        if "advance_seconds" in asked:
            clock.advance(timedelta(seconds=float(asked["advance_seconds"])))
        elif "set" in asked:
            clock.set(datetime.fromisoformat(asked["set"]))
        return {"now": clock.now().isoformat(), "offset_seconds": clock.offset.total_seconds()}

    async def _person(self, asked: dict[str, Any]) -> Any:
        """A new person, or changes to one: `login`, `roles`, `org`."""
        world = self._sandbox.world
        row = world.person_by_email(asked["email"])
        if row is None:
            row = base.add_person(world, **asked)
        else:
            allowed = {"login", "roles", "name", "timezone", "email"}
            changes = {k: v for k, v in asked.items() if k in allowed and k != "email"}
            if "org" in asked:
                changes["org"] = base.add_org(world, str(asked["org"]))
            if "new_email" in asked:
                changes["email"] = str(asked["new_email"])
            world.update("person", row["key"], **changes)
            row = world.person(row["key"])
        return {**shapes.person(world, row, admin=True), "token": world.token_for(row)}

    async def _space(self, asked: dict[str, Any]) -> Any:
        world = self._sandbox.world
        created = ms_of(asked.pop("created")) if "created" in asked else None
        messages = [
            {"by": m["by"], "text": m.get("text", "…"), "at_ms": ms_of(m["at"])}
            for m in asked.pop("messages", [])
        ]
        asked.setdefault("members", [])
        asked.setdefault("moderators", [])
        row = base.add_space(world, created_ms=created, messages=messages, **asked)
        return shapes.room(world, row)

    async def _group(self, asked: dict[str, Any]) -> Any:
        base.add_group(self._sandbox.world, asked["name"], list(asked["emails"]))
        return {}

    async def _tenant(self, asked: dict[str, Any]) -> Any:
        return build(self._sandbox.world, TenantSpec.named(**asked)).report()

    async def _fault(self, asked: dict[str, Any]) -> Any:
        return {"id": self._sandbox.faults.add(**asked).id}

    async def _faults(self, asked: dict[str, Any]) -> Any:
        return self._sandbox.faults.list()

    async def _clear_faults(self, asked: dict[str, Any]) -> Any:
        self._sandbox.faults.clear()
        return {}

    async def _limit(self, asked: dict[str, Any]) -> Any:
        self._sandbox.limiter.set(int(asked["per_minute"]))
        return {}

    async def _switches(self, asked: dict[str, Any]) -> Any:
        switches = self._sandbox.world.switches
        unknown = set(asked) - set(switches)
        if unknown:
            raise ValueError(f"no switch {', '.join(unknown)}; known: {', '.join(switches)}")
        switches.update({name: bool(value) for name, value in asked.items()})
        return switches

    async def _levels(self, asked: dict[str, Any]) -> Any:
        """Which classifications the organisation has switched on, by their titles."""
        world, titles = self._sandbox.world, [str(one) for one in asked["enabled"]]
        for row in world.all("SELECT key, title FROM classification"):
            world.update("classification", row["key"], enabled=int(row["title"] in titles))
        return {}

    async def _reset(self, asked: dict[str, Any]) -> Any:
        await self._sandbox.mercury.disconnect(1001)
        self._sandbox.reset()
        return self._sandbox.ready()

    async def _disconnect(self, asked: dict[str, Any]) -> Any:
        self._sandbox.mercury.refusals += [int(s) for s in asked.get("refuse", [])]
        return {"closed": await self._sandbox.mercury.disconnect(int(asked.get("code", 1011)))}

    async def _expire(self, asked: dict[str, Any]) -> Any:
        """Access tokens given out by refreshing stop working, as after 14 days."""
        db = self._sandbox.world.db
        done = db.execute("UPDATE token SET expires = 0 WHERE kind = 'access' AND expires > 0")
        return {"expired": done.rowcount}

    async def _mercury(self, asked: dict[str, Any]) -> Any:
        mercury = self._sandbox.mercury
        return {"connected": mercury.connected(), "acks": mercury.acks[-1000:]}

    async def _token(self, asked: dict[str, Any]) -> Any:
        row = self._sandbox.world.person_by_email(asked["email"])
        if row is None:
            raise LookupError(f"no person {asked['email']}")
        return {"token": self._sandbox.world.token_for(row)}

    async def _room(self, asked: dict[str, Any]) -> Any:
        """The truth about a room, whoever may see it: with its members and all its messages."""
        world = self._sandbox.world
        row = world.by_uuid("room", uuid_of("ROOM", asked["id"]))
        if row is None:
            return {"exists": False}
        messages = world.all("SELECT * FROM message WHERE room = ? ORDER BY created", row["key"])
        return {
            "exists": True, "archived": bool(row["archived"]), "room": shapes.room(world, row),
            "members": [shapes.membership(world, m) for m in world.members(row["key"])],
            "messages": [
                {**shapes.message(world, m), "deleted": m["deleted"] is not None} for m in messages
            ],
        }  # fmt: skip

    async def _migrate(self, asked: dict[str, Any]) -> Any:
        """A room moves to another geography and gets another id (WH: rooms migrated)."""
        world = self._sandbox.world
        row = world.by_uuid("room", uuid_of("ROOM", asked["id"]))
        if row is None:
            raise LookupError("no such room")
        return {"id": rest_id("ROOM", acts.move_room(world, row)["uuid"])}

    async def _scopes(self, asked: dict[str, Any]) -> Any:
        """The scopes of somebody's tokens; without `scopes` all that there are."""
        world = self._sandbox.world
        row = world.person_by_email(asked["email"])
        if row is None:
            raise LookupError(f"no person {asked['email']}")
        scopes.narrow(world, row, asked.get("scopes"))
        return {}

    async def _signal(self, asked: dict[str, Any]) -> Any:
        """What only a person's own client does and the API does not: a read receipt
        (`acknowledge`), a change of tags (`favorite`), … `by` in the room `id`."""
        world = self._sandbox.world
        row = world.by_uuid("room", uuid_of("ROOM", asked["id"]))
        who = world.person_by_email(asked["by"])
        if row is None or who is None:
            raise LookupError("no such room or person")
        verb, audience = str(asked["verb"]), world.audience(row["key"])
        heard = audience if verb == "acknowledge" else audience & {who["key"]}
        world.tell("signal", actor=who["key"], room=row["key"], object={"roomId": asked["id"]},
                   verb=verb, audience=heard)  # fmt: skip
        return {}
