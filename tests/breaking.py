"""What people and Webex do while the engine works, for scenarios that try to break it.

Everything is done on the server's own thread (`people`), so that it also can be done exactly
between two requests of the product (`Ambush`); what follows is judged by the server's log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from domain.ids import RoomId
from domain.people import Actor
from domain.spaces import Space
from retention.holds import place_hold, release_hold
from retention.keeping import clear_keep, keep_space
from sandbox import acts, saying, teaming
from sandbox.handle import Handle
from sandbox.ids import uuid_of
from sandbox.markup import mark
from tests.nights import BOT, World

SHORT: dict[str, Any] = {"notices": (3, 1), "grace": timedelta(days=2)}
Room = Mapping[str, Any]


class Ambush:
    """An act at the `nth` request that fits, before the server has done anything of it."""

    def __init__(
        self, sandbox: Handle, act: Callable[[], object], *, method: str = "*", about: str = "",
        nth: int = 1, who: str = "",
    ) -> None:  # fmt: skip
        self.seen = 0
        self.fired_at: str = ""

        def look(request: web.Request, asks: str) -> None:
            fits = (
                method in ("*", request.method)
                and about in f"{request.path}?{request.query_string}"
                and who in ("", asks)
            )
            self.seen += fits
            if fits and self.seen == nth:
                self.fired_at = f"{request.method} {request.path}"
                act()

        sandbox.do(lambda: sandbox.sandbox.interludes.append(look))


class People:
    """What people do in Webex. Each may be called from a test or from an `Ambush`."""

    def __init__(self, world: World, sandbox: Handle) -> None:
        self._world, self._sandbox = world, sandbox

    def now(self, act: Callable[[], object]) -> None:
        self._sandbox.do(act)

    def write(self, room: Room, email: str = "ben@example.com", parent: str | None = None) -> None:
        webex = self._sandbox.world
        row = self._room(room)
        by = webex.person_by_email(email)
        assert by is not None
        saying.post_message(webex, by, row, mark(webex, "still here", None), parent=parent)

    def moderate(self, room: Room, email: str, yes: bool = True, by: str = "") -> None:
        webex = self._sandbox.world
        one, actor = webex.person_by_email(email), webex.person_by_email(by or "cleo@example.com")
        assert one is not None
        assert actor is not None
        acts.set_moderator(webex, actor, self._room(room), one["key"], yes)

    def join(self, room: Room, email: str, by: str = "ana@example.com") -> None:
        webex = self._sandbox.world
        one, actor = webex.person_by_email(email), webex.person_by_email(by)
        assert one is not None
        assert actor is not None
        acts.add_member(webex, actor, self._room(room), one, moderator=False)

    def leave(self, room: Room, email: str) -> None:
        webex = self._sandbox.world
        one = webex.person_by_email(email)
        assert one is not None
        acts.remove_member(webex, one, self._room(room), one["key"])

    def into_team(self, room: Room, name: str = "Sales") -> None:
        """A team is made, and the space joins it."""
        webex = self._sandbox.world
        ana = webex.person_by_email("ana@example.com")
        assert ana is not None
        team = teaming.create_team(webex, ana, name=name)
        acts.change_room(webex, ana, self._room(room), team=team["key"])

    def is_there(self, room: Room) -> bool:
        webex = self._sandbox.world
        return webex.by_uuid("room", uuid_of("ROOM", room["id"])) is not None

    def _room(self, room: Room) -> Any:
        row = self._sandbox.world.by_uuid("room", uuid_of("ROOM", room["id"]))
        assert row is not None
        return row


class Officers:
    """What compliance and owners do, by the product's own use cases."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.cleo, self.dora = (
            Actor(name=one, person=world.person(one))
            for one in ("cleo@example.com", "dora@example.com")
        )

    def space(self, room: Room) -> Space:
        with self._world.house.store.read() as tx:
            found = tx.spaces.by_id(RoomId(room["id"]))
        if found is None:  # nobody told the product yet that it has another id
            raise LookupError(room["title"])
        return found

    def hold(self, room: Room, name: str = "") -> None:
        name = name or f"hold {room['title']}"
        place_hold(self._world.house, self.cleo, name, reason="a trial", spaces=[self.space(room)])

    def release(self, room: Room, name: str = "") -> None:
        release_hold(self._world.house, self.cleo, name or f"hold {room['title']}")

    def keep(self, room: Room, until: datetime | None = None) -> None:
        keep_space(self._world.house, self.cleo, self.space(room), until=until, by_compliance=True)

    def clear(self, room: Room) -> None:
        clear_keep(self._world.house, self.cleo, self.space(room), by_compliance=True)


def warnings_of(world: World, title: str, email: str = "ana@example.com") -> list[dict[str, Any]]:
    """What the bot sent to somebody 1:1 that names the space, oldest first."""
    found = []
    for one in world.control.effects("message.created"):
        said = one["object"]
        if one["actor"] == BOT and said.get("roomType") == "direct" and title in str(said["text"]):
            members = world.control.room(said["roomId"])["members"]
            if any(m["personEmail"] == email for m in members):
                found.append(one)
    return found
