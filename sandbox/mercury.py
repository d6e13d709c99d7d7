"""Mercury, the websocket: what each account is told, in frames as the clients expect them.

Binary JSON frames unless the client asked for text, numbered so that a gap shows a loss;
texts and inputs are never in them (they are encrypted in Webex). At most once: what happened
while nobody was connected is not told later, unless the `replay` switch is on (5).
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.activities import Activity, activities_of
from sandbox.faults import Faults
from sandbox.ids import new_uuid
from sandbox.log import Log
from sandbox.world import Change, World

AUTH_SECONDS = 30
REPLAY_MS = 15 * 60 * 1000
REPLACED, BAD_TOKEN, TOO_LATE = 4000, 4401, 1008


@dataclass(slots=True, eq=False)
class Connection:
    socket: web.WebSocketResponse
    device: str
    person: int
    is_text: bool
    outbox: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    sequence: int = 0


class Mercury:
    def __init__(self, world: World, faults: Faults, log: Log) -> None:
        self._world = world
        self._faults = faults
        self._log = log
        self._connections: dict[str, Connection] = {}
        self._recent: deque[tuple[int, Activity]] = deque(maxlen=2000)
        self.knows: dict[str, dict[str, Any]] = {}
        self.edits: dict[str, str] = {}
        """An edit's own activity uuid to the uuid of the message it edits."""
        self.refusals: list[int] = []
        """Statuses with which the next handshakes are refused."""
        self.acks: list[str] = []
        self.patience: float = AUTH_SECONDS
        """Seconds until somebody who is connected must have said who they are."""
        world.subscribe(self._hear)

    def clear(self) -> None:
        """Nothing is remembered; who is connected stays so."""
        self._recent.clear()
        self.edits.clear()
        self.refusals.clear()
        self.acks.clear()
        self.patience = AUTH_SECONDS

    def mount(self, app: web.Application) -> None:
        app.router.add_get("/mercury/{id}", self._serve)

    async def stop(self) -> None:
        await self.disconnect(1001)

    async def disconnect(self, code: int) -> int:
        """Closes every connection; says how many there were."""
        open_now = list(self._connections.values())
        self._connections.clear()
        for connection in open_now:
            await connection.socket.close(code=code)
        return len(open_now)

    def connected(self) -> list[str]:
        return [self._world.person(c.person)["email"] for c in self._connections.values()]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        device = request.match_info["id"]
        if self.refusals:
            return web.Response(status=self.refusals.pop(0))
        if device not in self.knows:
            return web.Response(status=404)
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        token = await self._authorise(socket)
        who = self._world.who(token) if token else None
        if who is None or who["key"] != self.knows[device]["person"]:
            await socket.close(code=TOO_LATE if token is None else BAD_TOKEN)
            return socket
        connection = Connection(
            socket, device, who["key"], request.query.get("outboundWireFormat") == "text"
        )
        if (old := self._connections.pop(device, None)) is not None:
            await old.socket.close(code=REPLACED, message=b"replaced")
        self._connections[device] = connection
        if request.query.get("bufferStates") == "true":
            for kind, data in (
                ("mercury.buffer_state", {"recentlySent": False}),
                ("mercury.registration_status", {}),
            ):
                connection.outbox.put_nowait(self._event(connection, kind, data))
        if self._world.switches["replay"]:
            self._replay(connection)
        sender = asyncio.ensure_future(self._send(connection))
        try:
            await self._receive(connection)
        finally:
            sender.cancel()
            if self._connections.get(device) is connection:
                del self._connections[device]
        return socket

    async def _authorise(self, socket: web.WebSocketResponse) -> str | None:
        """The token of the authorization frame; None when none came in time. A header in the
        handshake is no substitute (5)."""
        try:
            message = await asyncio.wait_for(socket.receive(), self.patience)
            frame = json.loads(message.data)
            if frame.get("type") == "authorization":
                return str(frame["data"]["token"]).removeprefix("Bearer ")
        except TimeoutError:
            return None
        except (ValueError, TypeError, KeyError, AttributeError):
            pass
        return ""

    async def _receive(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                continue
            try:
                frame = json.loads(message.data)
            except ValueError:
                continue
            if not isinstance(frame, dict):
                continue
            if frame.get("type") == "ping":
                connection.outbox.put_nowait(json.dumps({"id": frame.get("id"), "type": "pong"}))
            elif frame.get("type") == "ack":
                self.acks.append(str(frame.get("messageId")))

    async def _send(self, connection: Connection) -> None:
        while True:
            text = await connection.outbox.get()
            if connection.is_text:
                await connection.socket.send_str(text)
            else:
                await connection.socket.send_bytes(text.encode())

    def _hear(self, change: Change) -> None:
        for activity in activities_of(self._world, change):
            if activity.edits:
                self.edits[activity.body["id"]] = activity.edits
            self._recent.append((change.at, activity))
            for connection in self._connections.values():
                if connection.person in activity.audience:
                    self._tell(connection, activity)

    def _tell(self, connection: Connection, activity: Activity) -> None:
        data = {
            "activity": activity.body, "conversationId": activity.room,
            "actor": activity.body["actor"],
        }  # fmt: skip
        frame = self._event(connection, "conversation.activity", data)
        fault = self._faults.take_frame(activity.body["verb"])
        kind = fault.kind if fault else ""
        self._log.add(
            "frame", verb=activity.body["verb"], activity=activity.body["id"], fault=kind or None,
            to=self._world.person(connection.person)["email"],
        )  # fmt: skip
        if kind == "frame-lost":
            return
        if fault is not None and kind == "frame-delay":
            loop = asyncio.get_running_loop()
            loop.call_later(fault.seconds, connection.outbox.put_nowait, frame)
            return
        connection.outbox.put_nowait(frame)
        if kind == "frame-double":
            connection.outbox.put_nowait(frame)

    def _replay(self, connection: Connection) -> None:
        since = self._world.clock.now_ms() - REPLAY_MS
        for at, activity in self._recent:
            if at >= since and connection.person in activity.audience:
                self._tell(connection, activity)

    def _event(self, connection: Connection, kind: str, data: dict[str, Any]) -> str:
        connection.sequence += 1
        return json.dumps(
            {
                "id": new_uuid(), "data": {"eventType": kind, **data},
                "timestamp": self._world.clock.now_ms(), "trackingId": f"SANDBOX_{new_uuid()}",
                "sequenceNumber": connection.sequence, "alertType": "none", "headers": {},
                "filterMessage": False,
            }
        )  # fmt: skip
