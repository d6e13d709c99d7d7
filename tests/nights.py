"""The tests' language for the engine: a house on a real sandbox, policies, and nights."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from bot.clock import SandboxClock
from directory.spec import NoDirectory
from domain.cases import Case
from domain.ids import PersonKey, RoomId, SpaceKey
from domain.lifecycle import CaseState
from domain.policies import Ending, PolicyDraft, PolicyVersion
from jobs.spec import Firing
from jobs.voice import night_of
from retention.nightly import run_night
from sandbox.handle import Control, Handle
from spaces.spec import House, Limits
from spaces.sync.crawl import crawl
from spaces.sync.events import poll
from storage.engine import open_engine
from storage.store import Store
from tests.sandboxes import in_the_morning
from webex.sdk import SdkWebex

BOT = "spacekeeper@webex.bot"
DAY = timedelta(days=1)
LIMITS = Limits(
    cap_per_run=20, cap_per_day=20, cap_share=1.0, cap_messages=10_000, pace=timedelta(0),
    cooling=timedelta(0),
    inventory=10_000 * DAY,
)  # fmt: skip


class World:
    """A company with the engine on it. Time is the sandbox's."""

    def __init__(self, house: House, control: Control) -> None:
        self.house = house
        self.control = control
        self._runs = 0

    # -- making ---------------------------------------------------------------------------------

    def space(self, title: str = "Old plans", *, idle: int = 400, **more: Any) -> dict[str, Any]:
        """A group space in which a person last wrote `idle` days ago."""
        now = self.control.now()
        fields: dict[str, Any] = {
            "creator": "ana@example.com", "members": ["ben@example.com"],
            "moderators": ["ana@example.com"], "created": now - (idle + 100) * DAY,
            "messages": [{"by": "ana@example.com", "text": "hello", "at": self.ago(idle)}],
        }  # fmt: skip
        return self.control.space(title, **(fields | more))

    def ago(self, days: float) -> str:
        return (self.control.now() - days * DAY).isoformat()

    def policy(self, query: str = "inactive:>90d", **parts: Any) -> PolicyVersion:
        """A policy of Cleo's that Dora approved and that is in force."""
        said: dict[str, Any] = {
            "query": query, "ending": Ending.DELETE, "period": 180 * DAY, "cap": 10,
        }  # fmt: skip
        name = parts.pop("name", f"policy {query}"[:60])
        draft = PolicyDraft(**(said | parts))
        author, second = self.person("cleo@example.com"), self.person("dora@example.com")
        with self.house.store.begin() as tx:
            made = tx.policies.new(name, draft, author=author)
            seen = tx.simulations.add(made.key, [], by=None, generation=0, unknown=0)
            tx.simulations.approve(
                seen, by=second, effective_at=tx.now,
                expires_at=tx.now + 30 * DAY,
            )  # fmt: skip
            tx.policies.put_in_force(made)
            made = tx.policies.version(made.key)
            tx.commit()
        return made

    # -- passing time ---------------------------------------------------------------------------

    def crawl(self) -> None:
        assert crawl(self.house).is_complete

    def night(self, *, dry: bool = False, polled: bool = True) -> Mapping[str, Any]:
        """One night. What happened is read from the events before it, unless not `polled`."""
        if polled:
            poll(self.house)
        return run_night(night_of(self.firing(dry=dry)))

    def firing(self, *, dry: bool = False) -> Firing:
        """A firing of the nightly job, of its own."""
        self._runs += 1
        now = self.house.clock.now()
        run = f"nightly@{now.isoformat()}#{self._runs}"
        return Firing(house=self.house, run=run, due_at=now, is_dry=dry)

    def nights(self, days: int, **how: Any) -> Mapping[str, Any]:
        """That many days pass, each with its night; gives what the last one said."""
        said: Mapping[str, Any] = {}
        for _ in range(days):
            self.pass_(DAY)
            said = self.night(**how)
        return said

    def until(self, state: CaseState, room: Mapping[str, Any], *, most: int = 80) -> Case:
        """Nights, until the case of a space is in a state."""
        for _ in range(most):
            if (case := self.case(room)) is not None and case.state is state:
                return case
            self.pass_(DAY)
            self.night()
        raise AssertionError(f"never {state}; it is {self.case(room)}")

    def pass_(self, span: timedelta) -> None:
        now = self.control.advance(span + timedelta(minutes=1))
        while self.house.clock.now() < now:  # the product looks at the clock now and then
            time.sleep(0.005)

    # -- looking --------------------------------------------------------------------------------

    def key(self, room: Mapping[str, Any]) -> SpaceKey:
        with self.house.store.read() as tx:
            found = tx.spaces.key_of(RoomId(room["id"]))
        assert found is not None
        return found

    def case(self, room: Mapping[str, Any]) -> Case | None:
        with self.house.store.read() as tx:
            return tx.cases.last_of(self.key(room))

    def person(self, email: str) -> PersonKey:
        with self.house.store.read() as tx:
            found = tx.people.by_email(email)
        assert found is not None, email
        return found.key

    def deleted(self) -> list[str]:
        """Titles of the spaces that the server says are deleted."""
        return [e["object"]["title"] for e in self.control.effects("room.deleted")]

    def told(self, email: str, since: int = 0) -> list[str]:
        """The texts of what the bot wrote to somebody 1:1, oldest first."""
        out = []
        for e in self.control.effects("message.created", since):
            if e["actor"] == BOT and e["object"].get("roomType") == "direct":
                room = self.control.room(e["object"]["roomId"])
                if any(m["personEmail"] == email for m in room["members"]):
                    out.append(str(e["object"]["text"]))
        return out

    def now(self) -> datetime:
        return self.house.clock.now()

    def with_limits(self, **limits: Any) -> World:
        made = World(replace(self.house, limits=replace(self.house.limits, **limits)), self.control)
        made._runs = self._runs + 1000
        return made


def settings_of(world: World) -> dict[str, str]:
    """For a process of its own on the same database and the same sandbox."""
    ready, limits = world.control.ready, world.house.limits
    known = {
        "BOT_TOKEN": ready["tokens"]["bot"], "WEBEX_URL": ready["rest"],
        "U2C_URL": ready["u2c"] + "/catalog", "CA_FILE": ready["ca"],
        "CO_ACCESS_TOKEN": ready["tokens"]["co"], "CO2_ACCESS_TOKEN": ready["tokens"]["co2"],
        "DATABASE_URL": world.house.store.engine.url.render_as_string(hide_password=False),
        "COMPLIANCE": " ".join(world.house.compliance), "SANDBOX_CLOCK": ready["clock"],
        "WEBEX_PER_MINUTE": "60000", "PACE_SECONDS": "0", "COOLING_HOURS": "0",
        "CAP_PER_RUN": str(limits.cap_per_run), "CAP_PER_DAY": str(limits.cap_per_day),
        "CAP_MESSAGES": str(limits.cap_messages), "CAP_SHARE": "1", "INVENTORY_HOURS": "240000",
    }  # fmt: skip
    return {f"SPACEKEEPER_{name}": value for name, value in known.items()}


@pytest.fixture
def world(sqlite_template: Path, tmp_path: Path, sandbox: Handle, webex: SdkWebex,
          control: Control) -> Iterator[World]:  # fmt: skip
    shutil.copy(sqlite_template, tmp_path / "space.db")
    yield from _world(f"sqlite:///{tmp_path / 'space.db'}", sandbox, webex, control)


@pytest.fixture
def world_on_postgres(
    postgres_url: str, sandbox: Handle, webex: SdkWebex, control: Control
) -> Iterator[World]:
    name = f"n{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_space")
    yield from _world(f"{postgres_url.rsplit('/', 1)[0]}/{name}", sandbox, webex, control)
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _world(database: str, sandbox: Handle, webex: SdkWebex, control: Control) -> Iterator[World]:
    in_the_morning(sandbox)
    clock = SandboxClock(Path(sandbox.ready["clock"]))
    engine = open_engine(database)
    if engine.dialect.name == "sqlite":
        # What a night commits need not outlive a power cut here; the disk is the slowest part.
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    store = Store(engine, clock)
    house = House(
        store=store, webex=webex, clock=clock, limits=LIMITS, directory=NoDirectory(),
        compliance=frozenset({"cleo@example.com", "dora@example.com"}),
    )  # fmt: skip
    made = World(house, control)
    for number in range(3):  # a company has other spaces, too
        made.space(f"In use {number}", idle=1)
    made.crawl()
    yield made
    store.close()
