"""The inventory beside the server's own truth, space by space, for tests of the sync."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import event, select

from bot.clock import SandboxClock
from directory.spec import NoDirectory
from domain.ids import RoomId
from domain.spaces import Space
from sandbox import shapes
from sandbox.handle import Control, Handle
from sandbox.world import World as Truth
from spaces.spec import House, Limits
from storage.engine import open_engine
from storage.schema import (
    classification,
    domain,
    membership,
    org,
    person,
    space,
    space_domain,
    space_name,
    team,
)
from storage.store import Store
from tests.sandboxes import in_the_morning
from webex.sdk import SdkWebex
from webex.tokens import FixedToken

BOT, OFFICER = "spacekeeper@webex.bot", "compliance-service@example.com"
WITNESS = "compliance-witness@example.com"
Facts = dict[str, dict[str, Any]]


class Company:
    """A house on a sandbox; what the server knows, and what the inventory does."""

    def __init__(self, house: House, sandbox: Handle, control: Control) -> None:
        self.house = house
        self.sandbox = sandbox
        self.control = control

    def truth(self) -> Facts:
        """Every space of ours by its id, as the server has it."""
        return self.sandbox.do(lambda: _truth(self.sandbox.world))

    def inventory(self) -> Facts:
        """Every live space of ours by its id, as the inventory has it."""
        with self.house.store.read() as tx:
            return _inventory(tx.connection)

    def space(self, room: str) -> Space:
        with self.house.store.read() as tx:
            found = tx.spaces.by_id(RoomId(room))
        assert found is not None
        return found

    def requests(self, since: int = 0, path: str = "") -> list[dict[str, Any]]:
        found = self.control.log(since, what="request")
        return [one for one in found if path in one["path"]]

    def rest(self, email: str, method: str, path: str, **body: Any) -> Any:
        """What somebody does over the API, with their own token."""
        ready = self.sandbox.ready
        answer = requests.request(
            method, ready["rest"] + path, json=body or None, verify=ready["ca"], timeout=30,
            headers={"Authorization": f"Bearer {self.control.token(email)}"},
        )  # fmt: skip
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def says(self, email: str, room: str, text: str = "hello", **more: str) -> dict[str, Any]:
        return dict(self.rest(email, "POST", "messages", roomId=room, text=text, **more))

    def pass_(self, span: timedelta) -> datetime:
        now = self.control.advance(span)
        while self.house.clock.now() < now:  # the product looks at the clock now and then
            time.sleep(0.005)
        return now

    def seq(self) -> int:
        log = self.control.log()
        return int(log[-1]["seq"]) if log else 0


def _truth(world: Truth) -> Facts:
    found: Facts = {}
    for row in world.all("SELECT * FROM room WHERE archived = 0"):
        shape = shapes.room(world, row)
        if row["owner"] != world.home:
            continue
        people = [(world.person(m["person"]), m) for m in world.members(row["key"])]
        humans = [p for p, _ in people if p["kind"] == "person"]
        guests = {p["email"].rpartition("@")[2] for p in humans if p["org"] != world.home}
        of = world.one("SELECT * FROM team WHERE key = ?", row["team"])
        kind = world.one("SELECT * FROM classification WHERE key = ?", row["classification"])
        found[shape["id"]] = {
            "title": None if row["direct"] else row["title"],
            "type": 2 if row["direct"] else 1,
            "members": {p["email"] for p, _ in people},
            "moderators": {p["email"] for p, m in people if m["moderator"]},
            "domains": guests, "scope": int(bool(guests)), "size": len(humans),
            "team": of["name"] if of else None,
            "classification": kind["title"] if kind else None,
            "org": shape["ownerId"], "created": row["created"], "last_activity": row["last"],
            "creator": world.person(row["creator"])["email"], "locked": bool(row["locked"]),
        }  # fmt: skip
    return found


def _inventory(connection: Any) -> Facts:
    seats: dict[int, list[tuple[str, bool]]] = {}
    for key, email, moderates in connection.execute(
        select(membership.c.space_id, person.c.email, membership.c.is_moderator).join(person)
    ):
        seats.setdefault(key, []).append((email, moderates))
    outside: dict[int, set[str]] = {}
    for key, name in connection.execute(
        select(space_domain.c.space_id, domain.c.name).join(domain)
    ):
        outside.setdefault(key, set()).add(name)
    creator = person.alias()
    rows = connection.execute(
        select(
            space, space_name.c.webex_id, space_name.c.title, team.c.name.label("of"),
            classification.c.title.label("kind"), org.c.webex_id.label("org"),
            creator.c.email.label("by"),
        )
        .join(space_name)
        .outerjoin(team, team.c.id == space.c.team_id)
        .outerjoin(classification, classification.c.id == space.c.classification_id)
        .outerjoin(org, org.c.id == space.c.owner_org_id)
        .outerjoin(creator, creator.c.id == space.c.creator_id)
        .where(space.c.state == 0, space.c.is_ours)
    )  # fmt: skip
    return {
        row.webex_id: {
            "title": None if row.type == 2 else row.title, "type": row.type,
            "members": {email for email, _ in seats.get(row.id, ())},
            "moderators": {email for email, moderates in seats.get(row.id, ()) if moderates},
            "domains": outside.get(row.id, set()), "scope": row.scope, "size": row.size,
            "team": row.of or None if row.team_id else None,
            "classification": row.kind if row.classification_id else None,
            "org": row.org, "created": round(row.created.timestamp() * 1000),
            "last_activity": round(row.last_activity.timestamp() * 1000), "creator": row.by,
            "locked": row.is_locked,
        }
        for row in rows
    }  # fmt: skip


@pytest.fixture
def build_company(
    sqlite_template: Path, tmp_path: Path, sandbox: Handle, control: Control
) -> Iterator[Callable[..., Company]]:
    """Makes a company's house: with an officer and a witness, unless they are left out."""
    shutil.copy(sqlite_template, tmp_path / "space.db")
    in_the_morning(sandbox)
    clock = SandboxClock(Path(sandbox.ready["clock"]))
    engine = open_engine(f"sqlite:///{tmp_path / 'space.db'}")
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    store = Store(engine, clock)
    made: list[SdkWebex] = []

    def make(*, officer: str = "co", witness: str = "co2") -> Company:
        tokens = sandbox.ready["tokens"]
        webex = SdkWebex(
            FixedToken(tokens["bot"]), FixedToken(tokens[officer]) if officer else None,
            witness=FixedToken(tokens[witness]) if witness else None,
            base_url=sandbox.ready["rest"], ca=sandbox.ready["ca"], per_minute=600_000,
            sleep=lambda seconds: None,
        )  # fmt: skip
        made.append(webex)
        house = House(
            store=store, webex=webex, clock=clock, limits=Limits(), directory=NoDirectory()
        )
        return Company(house, sandbox, control)

    yield make
    for one in made:
        one.close()
    store.close()


@pytest.fixture
def company(build_company: Callable[..., Company]) -> Company:
    return build_company()
