"""One request to the API, as handlers see it: who asks, with what, and what they may find.

`room_for`, `message_for` and the like answer 404 both for what is not there and for what the
caller may not see, because Webex does (1.0).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox import acts, powers
from sandbox.errors import NO_ROOM, No
from sandbox.ids import uuid_of
from sandbox.world import Row, World


@dataclass(slots=True, kw_only=True)
class Upload:
    name: str
    type: str
    body: bytes


@dataclass(slots=True, kw_only=True)
class Call:
    world: World
    who: Row
    method: str
    path: str
    rest: str
    """Base of the API, with a slash at its end; for links."""
    query: dict[str, str]
    body: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    upload: Upload | None = None
    link: str | None = None
    """Address of the next page, for the Link header."""

    # -- reading what was sent --------------------------------------------------------------

    def flag(self, name: str) -> bool | None:
        """A true or false of the body; None when it was not sent."""
        value = self.body.get(name)
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        if value is not None and not isinstance(value, bool):
            raise No(400, f"Invalid value for {name}.")
        return value

    def text(self, name: str) -> str:
        value = self.body.get(name)
        if value is not None and not isinstance(value, str):
            raise No(400, f"Invalid value for {name}.")
        return value or ""

    # -- finding ----------------------------------------------------------------------------

    def room_for(self, text: str | None, *, officer: bool = True) -> Row:
        """A room that the caller is in, or may see as an officer."""
        row = self.world.by_uuid("room", uuid_of("ROOM", text or ""))
        if row is None or not powers.sees_room(self.world, self.who, row, officer=officer):
            raise No(404, NO_ROOM)
        return row

    def team_for(self, text: str | None) -> Row:
        row = self.world.by_uuid("team", uuid_of("TEAM", text or ""))
        if row is None or (
            acts.team_member(self.world, row["key"], self.who["key"]) is None
            and not powers.is_officer(self.who)
        ):
            raise No(404, "Could not find teams with provided ID.")
        return row

    def person_of(self, id: str | None, email: str | None, *, invites: bool = True) -> Row:
        world = self.world
        if not id and not email:
            raise No(400, "Must specify either personId or personEmail.")
        row = (
            world.by_uuid("person", uuid_of("PEOPLE", id))
            if id
            else world.person_by_email(email or "")
        )
        if row is None and email and "@" in email and invites:
            # Webex invites an address that it does not know; here it becomes a person at once.
            row = powers.newcomer(world, email)
        if row is None:
            raise No(404, "Could not find a person with provided ID.")
        return row

    def message_for(self, text: str | None) -> Row:
        row = self.world.by_uuid("message", uuid_of("MESSAGE", text or ""))
        if row is None or not powers.sees_message(self.world, self.who, row):
            raise No(404, "Could not find a message with provided ID.")
        return row


Handler = Callable[[Call], Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    method: str
    path: str
    handler: Handler
    status: int


routes: list[Route] = []


def route(method: str, path: str, *, status: int = 0) -> Callable[[Handler], Handler]:
    """Declares the function below as the handler of ``method /v1 + path``. The success code is
    200, or 204 for DELETE, unless said otherwise (1.0)."""

    def declare(handler: Handler) -> Handler:
        code = status or (204 if method == "DELETE" else 200)
        routes.append(Route(method=method, path=path, handler=handler, status=code))
        return handler

    return declare
