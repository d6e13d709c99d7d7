"""Walks without a wire, from a few beginnings that are made once and put back for each."""

from __future__ import annotations

import gc
import random
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import event

from directory.spec import NoDirectory
from spaces.spec import House
from storage.engine import open_engine
from storage.migrate import upgrade
from storage.store import Store
from tests.nights import LIMITS, World
from tests.walks import WIDE, Ground, Walk, furnish
from tests.wires import CalledControl, Wireless
from webex.tokens import FixedToken

DAYS = (1, 3, 5, 6)
"""Nights that have passed at the beginning: cases are due, warned, blocked, about to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beginning:
    database: Path
    webex: bytes
    log: list[dict[str, Any]]
    offset: timedelta
    switches: dict[str, bool]
    ground: Ground


class Beginnings:
    """One sandbox and one folder for all walks of a process; one walk at a time."""

    def __init__(self) -> None:
        memory = Path("/dev/shm")  # noqa: S108 - only where the files are, not what is in them
        self._folder = tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None)
        self._path = Path(self._folder.name)
        self._wireless = Wireless()
        template = open_engine(f"sqlite:///{self._path / 'template.db'}")
        upgrade(template)
        template.dispose()
        # One engine for all walks: it keeps what it compiled. Its file is another each time.
        self._engine = open_engine(f"sqlite:///{self._path / 'walk.db'}")
        event.listen(self._engine, "connect", _without_waiting)
        self._made: dict[tuple[int, bool], _Beginning] = {}

    def close(self) -> None:
        self._wireless.stop()
        self._folder.cleanup()

    def make_all(self) -> None:
        for days in DAYS:
            self._made[days, False] = self._make(days)

    @contextmanager
    def walk(self, seed: int) -> Iterator[Walk]:
        """A walk, not yet begun, from the beginning that its seed says."""
        kind = DAYS[seed % len(DAYS)], seed >= WIDE
        if kind not in self._made:
            self._made[kind] = self._make(*kind)
        it, sandbox = self._made[kind], self._wireless.sandbox
        self._wireless.reset()
        sandbox.world.db.deserialize(it.webex)
        sandbox.world.switches.update(it.switches)
        sandbox.clock.offset = it.offset
        sandbox.log._entries.extend(it.log)
        sandbox.log._seq = it.log[-1]["seq"]
        self._wireless.ready = sandbox.ready()
        chance = random.Random(f"ids {seed}")  # noqa: S311 - so that a walk is the same again
        ids = patch("uuid.uuid4", lambda: uuid.UUID(int=chance.getrandbits(128), version=4))
        with ids, seldom_collected(), self._world(it.database) as world:
            ground = replace(it.ground, rooms=[*it.ground.rooms], served=[*it.ground.served])
            yield Walk(world, self._wireless, seed, ground, self._wireless.connect)

    def _make(self, days: int, is_wide: bool = False) -> _Beginning:
        self._wireless.reset()
        sandbox = self._wireless.sandbox
        with self._world(self._path / "template.db") as world:
            for number in range(3):  # a company has other spaces, too
                world.space(f"In use {number}", idle=1)
            ground = furnish(world, self._wireless, days, is_wide=is_wide)
            database = self._path / f"after {days} {is_wide}.db"
            with (
                closing(sqlite3.connect(self._path / "walk.db")) as here,
                closing(sqlite3.connect(database)) as there,
            ):
                here.backup(there)
        return _Beginning(
            database=database, webex=sandbox.world.db.serialize(),
            log=[*sandbox.log._entries], offset=sandbox.clock.offset,
            switches=dict(sandbox.world.switches), ground=ground,
        )  # fmt: skip

    @contextmanager
    def _world(self, database: Path) -> Iterator[World]:
        self._engine.dispose()
        for old in self._path.glob("walk.db*"):
            old.unlink()
        shutil.copy(database, self._path / "walk.db")
        tokens, clock = self._wireless.ready["tokens"], self._wireless.sandbox.clock
        webex = self._wireless.connect(
            FixedToken(tokens["bot"]), FixedToken(tokens["co"]), FixedToken(tokens["co2"])
        )
        store = Store(self._engine, clock)
        house = House(
            store=store, webex=webex, clock=clock, limits=LIMITS, directory=NoDirectory(),
            compliance=frozenset({"cleo@example.com", "dora@example.com"}),
        )  # fmt: skip
        yield _Still(house, CalledControl(self._wireless))
        store.close()
        webex.close()


def _without_waiting(raw: sqlite3.Connection, record: object) -> None:
    """Nothing here has to outlive a power cut; processes that die are the walk's own."""
    raw.execute("PRAGMA synchronous=OFF")


@contextmanager
def seldom_collected() -> Iterator[None]:
    """What a statement is built of lives short and in circles; looking for it all the time costs
    more than its memory."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class _Still(World):
    """The product and the sandbox have one clock here, so nobody waits for a file."""

    def pass_(self, span: timedelta) -> None:
        self.control.advance(span + timedelta(minutes=1))

    def with_limits(self, **limits: Any) -> World:
        made = _Still(
            replace(self.house, limits=replace(self.house.limits, **limits)), self.control
        )
        made._runs = self._runs + 1000
        return made
