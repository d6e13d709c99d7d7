"""Sending webhooks out: what matches, signed, and turned off after too many failures (1.7).

Only to targets on this machine; anything else counts as unreachable.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections import defaultdict, deque
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp

from sandbox import shapes
from sandbox.activities import hears
from sandbox.ids import rest_id, uuid_of
from sandbox.log import Log
from sandbox.world import Change, Row, World

MOST_FAILURES, WITHIN_MS = 100, 5 * 60 * 1000
HOME = frozenset({"127.0.0.1", "localhost", "::1"})
KINDS = {
    "message.created": ("messages", "created"), "message.updated": ("messages", "updated"),
    "message.deleted": ("messages", "deleted"),
    "membership.created": ("memberships", "created"),
    "membership.updated": ("memberships", "updated"),
    "membership.deleted": ("memberships", "deleted"), "room.created": ("rooms", "created"),
    "room.updated": ("rooms", "updated"), "room.migrated": ("rooms", "migrated"),
    "action.created": ("attachmentActions", "created"),
}  # fmt: skip
HIDDEN = frozenset({"text", "markdown", "html", "inputs", "attachments"})
"""Metadata only: the receiver fetches the rest with its own token."""


class Deliverer:
    def __init__(self, world: World, log: Log) -> None:
        self._world = world
        self._log = log
        self._queue: asyncio.Queue[tuple[int, dict[str, Any]]] = asyncio.Queue()
        self._failures: dict[int, deque[int]] = defaultdict(lambda: deque(maxlen=MOST_FAILURES))
        self._task: asyncio.Task[None] | None = None
        world.subscribe(self._hear)

    def clear(self) -> None:
        self._failures.clear()
        while not self._queue.empty():
            self._queue.get_nowait()

    def start(self) -> None:
        self._task = asyncio.ensure_future(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _hear(self, change: Change) -> None:
        known = KINDS.get(change.kind)
        if known is None:
            return
        for hook in self._world.all("SELECT * FROM webhook WHERE status = 'active'"):
            if self._matches(hook, change, *known):
                self._queue.put_nowait((hook["key"], self._body(hook, change, *known)))

    def _matches(self, hook: Row, change: Change, resource: str, event: str) -> bool:
        if hook["resource"] == "all":
            if resource == "attachmentActions":  # not part of the firehose (WH)
                return False
        elif hook["resource"] != resource or hook["event"] not in (event, "all"):
            return False
        if not self._may_hear(hook, change):
            return False
        wanted = parse_qsl(hook["filter"] or "")
        return all(self._holds(name, value, change, hook) for name, value in wanted)

    def _may_hear(self, hook: Row, change: Change) -> bool:
        owner = self._world.person(hook["person"])
        if change.kind == "action.created":
            return bool(change.details["author"] == owner["key"])
        if hook["owned_by"] == "org":  # of rooms only, see sandbox.api.webhooks
            return bool(change.object.get("ownerId") == shapes.org_id(self._world, owner["org"]))
        if owner["key"] not in change.audience:
            return False
        room = self._world.room(change.room or 0)
        in_group = room is not None and not room["direct"]
        if in_group and change.kind.startswith("message."):
            return hears(self._world, owner, change)
        return True

    def _holds(self, name: str, value: str, change: Change, hook: Row) -> bool:
        shape = change.object
        match name:
            case "roomId" | "messageId":
                kind = "ROOM" if name == "roomId" else "MESSAGE"
                return uuid_of(kind, value) == uuid_of(kind, str(shape.get(name, "")))
            case "personId":
                return uuid_of("PEOPLE", value) == uuid_of("PEOPLE", str(shape.get(name, "")))
            case "mentionedPeople":
                owner = self._world.person(hook["person"])["uuid"]
                who = owner if value == "me" else uuid_of("PEOPLE", value)
                return who in (change.details.get("mentioned") or ())
            case "hasFiles":
                return (value == "true") is bool(shape.get("files"))
            case "hasAttachments":
                return (value == "true") is bool(shape.get("attachments"))
            case _:
                return str(shape.get(name, "")).lower() == value.lower()

    def _body(self, hook: Row, change: Change, resource: str, event: str) -> dict[str, Any]:
        shown = shapes.webhook(self._world, hook)
        data = {k: v for k, v in change.object.items() if k not in HIDDEN}
        named = ("id", "name", "targetUrl", "orgId", "createdBy", "appId", "ownedBy", "status")
        filter = {"filter": shown["filter"]} if "filter" in shown else {}
        return {
            **{name: shown[name] for name in named}, **filter,
            "resource": resource, "event": event, "created": shown["created"],
            "actorId": shapes.person_id(self._world, change.actor), "data": data,
        }  # fmt: skip

    async def _run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=5)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                key, body = await self._queue.get()
                hook = self._world.one("SELECT * FROM webhook WHERE key = ?", key)
                if hook is not None and hook["status"] == "active":
                    await self._deliver(session, hook, body)

    async def _deliver(
        self, session: aiohttp.ClientSession, hook: Row, body: dict[str, Any]
    ) -> None:
        raw = json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        if hook["secret"]:
            digest = hmac.new(hook["secret"].encode(), raw, hashlib.sha1)
            headers["X-Spark-Signature"] = digest.hexdigest()
        status = 0
        if urlsplit(hook["target"]).hostname in HOME:
            try:
                async with session.post(hook["target"], data=raw, headers=headers) as answer:
                    status = answer.status
            except (aiohttp.ClientError, TimeoutError):
                status = 0
        self._log.add(
            "delivery", webhook=rest_id("WEBHOOK", hook["uuid"]), status=status,
            resource=body["resource"], event=body["event"],
        )  # fmt: skip
        if not 200 <= status < 300:
            self._failed(hook)

    def _failed(self, hook: Row) -> None:
        """100 in five minutes turn it off. Turning it on forgives none of them, so that within
        these five minutes the next one turns it off again (WH)."""
        now = self._world.clock.now_ms()
        failures = self._failures[hook["key"]]
        failures.append(now)
        if len(failures) == MOST_FAILURES and now - failures[0] <= WITHIN_MS:
            self._world.update("webhook", hook["key"], status="inactive")
