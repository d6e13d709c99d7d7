"""The sandbox in a thread of one's own process, and a client of its control interface.

For tests, demos and benchmarks; a deployment has no use for either.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import requests

from sandbox.server import Sandbox
from sandbox.world import World

T = TypeVar("T")


class Handle:
    """A running sandbox. `ready` is what the ready file would say."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="sandbox-")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._started = threading.Event()
        self.sandbox = Sandbox(Path(self._folder.name))
        self.ready: dict[str, Any] = {}

    @property
    def world(self) -> World:
        """Only to be touched through `do`."""
        return self.sandbox.world

    def start(self, port: int = 0) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.sandbox.start(port), self._loop).result(30)
        self.ready = self.do(self.sandbox.ready)
        return self

    def do(self, act: Callable[[], T]) -> T:
        """Runs `act` on the server's own thread, which owns the world."""

        async def run() -> T:
            return act()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(120)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._wind_down(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        self._folder.cleanup()

    async def _end(self) -> None:
        """Closing a TLS connection takes some turns of the loop, which must not stop before."""
        await self.sandbox.stop()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0.1)
        self.world.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, no: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stop()

    async def _wind_down(self) -> None:
        await self.sandbox.stop()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await asyncio.sleep(0.3)  # connections that nobody says goodbye to are given up by then

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()


def start(port: int = 0) -> Handle:
    return Handle().start(port)


class Control:
    """The control interface, as calls. `ready` is the ready file's JSON."""

    def __init__(self, ready: dict[str, Any]) -> None:
        self.ready = ready
        self._session = requests.Session()
        self._session.verify = ready["ca"]
        self._session.trust_env = False
        self._session.headers["Authorization"] = f"Bearer {ready['control_token']}"

    def close(self) -> None:
        self._session.close()

    def call(self, method: str, path: str, /, **body: Any) -> Any:
        """Raises RuntimeError with what the sandbox says."""
        url = self.ready["control"] + path
        if method == "GET":
            answer = self._session.get(url, params=body, timeout=60)
        else:
            answer = self._session.request(method, url, json=body, timeout=120)
        if not answer.ok:
            raise RuntimeError(answer.text)
        return answer.json()

    # -- reading ----------------------------------------------------------------------------

    def log(self, since: int = 0, **only: str) -> list[dict[str, Any]]:
        """The server's own log; `what` is request, effect, frame or delivery."""
        return list(self.call("GET", "log", since=since, **only))

    def effects(self, kind: str, since: int = 0) -> list[dict[str, Any]]:
        """What happened, such as ``room.deleted``."""
        return self.log(since, what="effect", kind=kind)

    def room(self, id: str) -> dict[str, Any]:
        """The truth about a room, whoever may see it."""
        return dict(self.call("GET", "room", id=id))

    def token(self, email: str) -> str:
        return str(self.call("GET", "token", email=email)["token"])

    def mercury(self) -> dict[str, Any]:
        return dict(self.call("GET", "mercury"))

    def now(self) -> datetime:
        return datetime.fromisoformat(self.call("GET", "clock")["now"])

    # -- changing ---------------------------------------------------------------------------

    def advance(self, by: timedelta) -> datetime:
        made = self.call("POST", "clock", advance_seconds=by.total_seconds())
        return datetime.fromisoformat(made["now"])

    def set_clock(self, moment: datetime) -> None:
        self.call("POST", "clock", set=moment.isoformat())

    def person(self, email: str, **fields: Any) -> dict[str, Any]:
        return dict(self.call("POST", "people", email=email, **fields))

    def space(
        self, title: str, *, creator: str, members: Sequence[str] = (),
        moderators: Sequence[str] = (), created: datetime | None = None,
        messages: Sequence[dict[str, str]] = (), **more: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """A room with a past: `messages` are {by, text, at}."""
        past = {"created": created.isoformat()} if created else {}
        return dict(
            self.call(
                "POST", "spaces", title=title, creator=creator, members=list(members),
                moderators=list(moderators), messages=list(messages), **past, **more,
            )
        )  # fmt: skip

    def scopes(self, email: str, *names: str) -> None:
        """Somebody's tokens have only these from now on; none named: all there are."""
        self.call("POST", "scopes", email=email, scopes=list(names) or None)

    def levels(self, *enabled: str) -> None:
        """The classifications that are switched on; the others can't be chosen."""
        self.call("POST", "levels", enabled=list(enabled))

    def group(self, name: str, emails: Sequence[str]) -> None:
        self.call("POST", "groups", name=name, emails=list(emails))

    def fault(self, kind: str, **fields: Any) -> int:
        return int(self.call("POST", "faults", kind=kind, **fields)["id"])

    def faults(self) -> list[dict[str, Any]]:
        return list(self.call("GET", "faults"))

    def fired(self, id: int) -> int:
        return next(int(f["fired"]) for f in self.faults() if f["id"] == id)

    def clear_faults(self) -> None:
        self.call("DELETE", "faults")

    def limit(self, per_minute: int) -> None:
        self.call("POST", "limit", per_minute=per_minute)

    def switch(self, **switches: bool) -> None:
        self.call("POST", "switches", **switches)

    def disconnect(self, code: int = 1011, refuse: Sequence[int] = ()) -> int:
        return int(self.call("POST", "disconnect", code=code, refuse=list(refuse))["closed"])

    def reset(self) -> dict[str, Any]:
        return dict(self.call("POST", "reset"))
