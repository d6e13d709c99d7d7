"""The server's own log: every request and every effect. Tests believe this, not the bot."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from sandbox.clock import SandboxClock, iso
from sandbox.world import Change, World

KEPT = 200_000


class Log:
    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._seq = 0

    def watch(self, world: World) -> None:
        def listen(change: Change) -> None:
            email = world.value("SELECT email FROM person WHERE key = ?", change.actor)
            about = world.value("SELECT email FROM person WHERE key = ?", change.person)
            self.add(
                "effect", kind=change.kind, actor=email, person=about,
                target=change.object.get("id"), room=_room_of(change),
                object=_without_secrets(change.object), details=_plain(change.details),
            )  # fmt: skip

        world.subscribe(listen)

    def add(self, what: str, **fields: Any) -> None:
        self._seq += 1
        self._entries.append(
            {"seq": self._seq, "what": what, "at": iso(self._clock.now_ms()), **fields}
        )

    def read(
        self, *, since: int = 0, what: str | None = None, kind: str | None = None
    ) -> list[dict[str, Any]]:
        return [
            entry
            for entry in self._entries
            if entry["seq"] > since
            and (what is None or entry["what"] == what)
            and (kind is None or entry.get("kind") == kind)
        ]

    @property
    def seq(self) -> int:
        return self._seq

    def clear(self) -> None:
        self._entries.clear()


def _room_of(change: Change) -> str | None:
    shape = change.object
    return shape.get("id") if change.kind.startswith("room.") else shape.get("roomId")


def _without_secrets(shape: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in shape.items() if name != "secret"}


def _plain(details: Mapping[str, Any]) -> dict[str, Any]:
    return {
        k: v for k, v in details.items() if isinstance(v, str | int | float | bool | list | None)
    }
