"""The tests' language for erasing a person: asked for, agreed to, carried out, on the sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests

from domain.erasures import Erasure, ErasureState, ErasureView, Part
from domain.people import Actor
from jobs.voice import night_of
from retention.erasing.agreeing import agree
from retention.erasing.looking import begin_looking, finish_looking, look_at, look_elsewhere
from retention.erasing.registering import register
from retention.erasing.running import run_erasures
from spaces.looking import find_person
from tests.nights import World

ANA, BEN = "ana@example.com", "ben@example.com"


class Office:
    """Cleo takes requests in, Dora agrees."""

    def __init__(self, world: World, **limits: Any) -> None:
        self.world = world.with_limits(**({"erase_per_day": 10_000} | limits))
        self.house = self.world.house

    def actor(self, name: str) -> Actor:
        email = f"{name}@example.com"
        return Actor(name=email, person=find_person(self.house, email).key)

    def asks(self, email: str = BEN, **more: Any) -> Erasure:
        """The request, taken in and looked at whole."""
        one = register(self.house, self.actor("cleo"), find_person(self.house, email), **more)
        for key in begin_looking(self.house, one):
            look_at(self.house, one, key)
        look_elsewhere(self.house, one)
        return finish_looking(self.house, self.actor("cleo"), one)

    def shown(self, one: Erasure, by: str = "dora") -> ErasureView:
        view = agree(self.house, self.actor(by), one)
        assert isinstance(view, ErasureView)
        return view

    def agrees(self, one: Erasure, by: str = "dora") -> Erasure:
        agreed = agree(self.house, self.actor(by), one, code=self.shown(one, by).code)
        assert isinstance(agreed, Erasure)
        return agreed

    def agreed(self, email: str = BEN, **more: Any) -> Erasure:
        return self.agrees(self.asks(email, **more))

    def runs(self) -> Mapping[str, Any]:
        """The job, once."""
        return run_erasures(night_of(self.world.firing()))

    def now(self, one: Erasure) -> Erasure:
        with self.house.store.read() as tx:
            return tx.erasures.get(one.key)

    def part(self, one: Erasure, room: Mapping[str, Any]) -> Part:
        with self.house.store.read() as tx:
            found = tx.erasures.part(one.key, self.world.key(room))
        assert found is not None
        return found

    def is_done(self, one: Erasure) -> bool:
        return self.now(one).state is ErasureState.DONE

    def deleted(self) -> list[str]:
        """The texts of the messages that were deleted, by the server's log, in its order."""
        return [
            str(e["object"].get("text", "")) for e in self.world.control.effects("message.deleted")
        ]

    def rest(self, by: str, method: str, path: str, **body: Any) -> Any:
        """A call to Webex by somebody's own token."""
        ready = self.world.control.ready
        answer = requests.request(
            method, ready["rest"] + path, json=body or None, timeout=30, verify=ready["ca"],
            headers={"Authorization": f"Bearer {self.world.control.token(by)}"},
        )  # fmt: skip
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def writes(self, by: str, text: str, **to: str) -> dict[str, Any]:
        """Somebody writes now: `roomId`, `toPersonEmail`, `parentId`."""
        return dict(self.rest(by, "POST", "messages", text=text, **to))

    def leaves(self, by: str, room: str) -> None:
        """Somebody leaves a space by themselves."""
        of = next(m for m in self.world.control.room(room)["members"] if m["personEmail"] == by)
        self.rest(by, "DELETE", f"memberships/{of['id']}")

    def stays(self, room: str) -> list[str]:
        """The texts that are left in a room, by the truth of the server."""
        truth = self.world.control.room(room)
        assert "messages" in truth, "the room is gone"
        return [str(m["text"]) for m in truth["messages"] if not m["deleted"]]

    def members(self, room: str) -> set[str]:
        return {m["personEmail"] for m in self.world.control.room(room)["members"]}

    def left(self) -> list[tuple[str, str]]:
        """(who, room) that were taken out, by the server's log."""
        return [
            (e["object"]["personEmail"], e["object"]["roomId"])
            for e in self.world.control.effects("membership.deleted")
        ]


def words(*texts: str, by: str = BEN, at: str) -> list[dict[str, str]]:
    return [{"by": by, "text": text, "at": at} for text in texts]
