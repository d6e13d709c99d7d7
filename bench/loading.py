"""How fast the inventory takes in what was read, beside raw statements in the same run.

``python -m bench.loading [--spaces 4000] [--postgres URL] [--crawl 2000] [--limit 6000]``. Only
ratios are goals (numbers.md): at least half of raw, a page of 1,000 memberships in at most 20 ms,
and a crawl that uses at least 98 % of what the sandbox's limiter allows.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from bot.clock import SandboxClock
from directory.spec import NoDirectory
from domain.clock import SystemClock
from domain.ids import OrgId, PersonId, RoomId
from domain.seen import Look, MemberSeen, PersonSeen, SpaceSeen
from domain.spaces import SpaceType
from sandbox.handle import Control
from spaces.spec import House, Limits
from spaces.sync.crawl import crawl
from storage.engine import open_engine
from storage.migrate import upgrade
from storage.store import Store
from webex.budget import BURST_RESERVE, BURST_SECONDS
from webex.sdk import SdkWebex
from webex.tokens import FixedToken

NOW = datetime(2026, 11, 24, tzinfo=UTC)
MEMBERS = 10
PAGE = 1_000


def company(spaces: int) -> list[Look]:
    rng = random.Random(1)
    org = OrgId(_id("ORGANIZATION"))
    people = [
        PersonSeen(id=PersonId(_id("PEOPLE")), email=f"p{n}@example.com", name=f"P {n}", org=org)
        for n in range(max(50, spaces // 10))
    ]
    return [
        Look(
            space=SpaceSeen(
                id=RoomId(_id("ROOM")), title=f"Project {n} plans", type=SpaceType.GROUP,
                last_activity=NOW - timedelta(days=n % 900), created=NOW - timedelta(days=1000),
                creator=people[n % len(people)].id, owner_org=org,
            ),
            members=tuple(
                MemberSeen(person=one, is_moderator=False, since=NOW - timedelta(days=1000))
                for one in rng.sample(people, MEMBERS)
            ),
            complete=True,
        )
        for n in range(spaces)
    ]  # fmt: skip


def _id(kind: str) -> str:
    uri = f"ciscospark://us/{kind}/{uuid.uuid4()}"
    return base64.b64encode(uri.encode()).decode().rstrip("=")


def ours(store: Store, looks: Sequence[Look]) -> tuple[float, list[float]]:
    """Rows a second, and seconds for each page of a thousand memberships."""
    pages = []
    size = PAGE // MEMBERS
    begins = time.perf_counter()
    for start in range(0, len(looks), size):
        at = time.perf_counter()
        with store.begin() as tx:
            tx.spaces.take_in(looks[start : start + size], generation=1)
            tx.commit()
        pages.append(time.perf_counter() - at)
    return len(looks) * (MEMBERS + 2) / (time.perf_counter() - begins), pages


def _rows(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """What our way left in the tables that it writes, to be put in again by raw statements."""
    with store.read() as tx:
        return {
            table: [
                tuple(row)
                for row in tx.connection.exec_driver_sql(
                    f"SELECT {columns} FROM {table} ORDER BY 1"
                )
            ]
            for table, columns in RAW.items()
        }


RAW = {
    "space": "id, type, last_activity, created, owner_org_id, is_ours, team_id,"
    " classification_id, members_known, groups_known, domains_known, is_general,"
    " is_untouchable, state, generation, read_at",
    "space_name": "space_id, webex_id, title",
    "membership": "space_id, person_id, is_moderator, since",
}


def raw_sqlite(path: Path, rows: dict[str, list[tuple[Any, ...]]]) -> float:
    """Rows a second of plain executemany, a transaction a page as ours."""
    with sqlite3.connect(path, isolation_level=None) as db:
        db.create_function("fold", 1, lambda t: None if t is None else t.casefold())
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        return _raw(rows, db.execute, lambda table, columns, page: db.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(page[0]))})", page,
        ))  # fmt: skip


def raw_postgres(url: str, rows: dict[str, list[tuple[Any, ...]]]) -> float:
    """Rows a second of plain COPY, a transaction a page as ours."""
    with psycopg.connect(url, autocommit=True) as db:

        def copy(table: str, columns: str, page: list[tuple[Any, ...]]) -> None:
            with db.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as into:
                for row in page:
                    into.write_row(row)

        return _raw(rows, db.execute, copy)


def _raw(rows: dict[str, list[tuple[Any, ...]]], execute: Any, put: Any) -> float:
    for table in ("membership", "space_name", "space"):
        execute(f"DELETE FROM {table}")
    size = PAGE // MEMBERS
    begins = time.perf_counter()
    for n in range(len(rows["space"]) // size):
        execute("BEGIN")
        for table, columns in RAW.items():
            many = size * (MEMBERS if table == "membership" else 1)
            put(table, columns, rows[table][n * many : (n + 1) * many])
        execute("COMMIT")
    return sum(len(part) for part in rows.values()) / (time.perf_counter() - begins)


def load(name: str, url: str, looks: list[Look], raw: Any) -> None:
    engine = open_engine(url)
    upgrade(engine)
    store = Store(engine, SystemClock())
    with store.begin() as tx:
        tx.people.set_own_org(looks[0].space.owner_org)  # type: ignore[arg-type]
        tx.people.ensure([one.person for look in looks for one in look.members or ()])
        tx.commit()
    first, pages = ours(store, looks)
    again, same = ours(store, looks)
    rows = _rows(store)
    store.close()
    plain = raw(rows)
    print(
        f"{name:11} raw {plain:9,.0f} rows/s   ours, new {first:9,.0f} ({first / plain:.2f} x raw)"
        f"   ours, unchanged {again:9,.0f} ({again / plain:.2f} x raw)"
    )
    for what, times in (("new", pages), ("unchanged", same)):
        worst = statistics.quantiles(times, n=20)[-1] * 1000
        print(
            f"{'':11} a page of {PAGE:,} memberships, {what}: p50"
            f" {statistics.median(times) * 1000:.1f} ms, p95 {worst:.1f} ms"
        )


def crawls(spaces: int, per_minute: int) -> None:
    """A crawl as fast as it goes, and one within the sandbox's limiter."""
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.json"
        server = subprocess.Popen(
            [sys.executable, "-m", "sandbox", "--port", "0", "--ready", str(ready)],
            stdout=subprocess.DEVNULL,
        )
        try:
            while not ready.exists():
                time.sleep(0.05)
            known = json.loads(ready.read_text())
            control = Control(known)
            control.call("POST", "tenant", tenant="small", people=spaces // 10, spaces=spaces)
            for limit in (0, per_minute):
                control.limit(limit)
                _one_crawl(Path(folder) / f"{limit}.db", known, control, limit)
            control.close()
        finally:
            server.terminate()
            server.wait(10)


def _one_crawl(path: Path, ready: dict[str, Any], control: Control, limit: int) -> None:
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    clock, tokens = SandboxClock(Path(ready["clock"])), ready["tokens"]
    webex = SdkWebex(
        FixedToken(tokens["bot"]), FixedToken(tokens["co"]), witness=FixedToken(tokens["co2"]),
        base_url=ready["rest"], ca=ready["ca"], per_minute=limit or 10_000_000,
    )  # fmt: skip
    house = House(store=Store(engine, clock), webex=webex, clock=clock, limits=Limits(),
                  directory=NoDirectory())  # fmt: skip
    log = control.log()
    since = log[-1]["seq"] if log else 0
    begins = time.perf_counter()
    made = crawl(house)
    seconds = time.perf_counter() - begins  # with its beginning and its end
    asked = [one for one in control.log(since, what="request") if one["status"] != 429]
    refused = len(control.log(since, what="request")) - len(asked)
    house.store.close()
    webex.close()
    said = f"{made.spaces:,} spaces, {len(asked):,} requests in {seconds:.1f} s"
    print(f"crawl {said}, {len(asked) / seconds:.0f}/s, complete {made.is_complete}")
    if limit:
        first, last = (datetime.fromisoformat(asked[n]["at"]) for n in (0, -1))
        seconds = (last - first).total_seconds()
        burst = limit / 60 * BURST_SECONDS * (1 - BURST_RESERVE)
        share = (len(asked) - burst) / (seconds * limit / 60)
        print(f"{'':6}{100 * share:.1f} % of {limit}/min, after the burst; refused {refused}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--spaces", type=int, default=4_000)
    asked.add_argument("--postgres", default="", help="an empty database's URL")
    asked.add_argument("--crawl", type=int, default=2_000)
    asked.add_argument("--limit", type=int, default=6_000, help="requests a minute")
    options = asked.parse_args()
    looks = company(options.spaces)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "space.db"
        load("SQLite", f"sqlite:///{path}", looks, lambda rows: raw_sqlite(path, rows))
    if options.postgres:
        load("PostgreSQL", options.postgres, looks,
             lambda rows: raw_postgres(options.postgres, rows))  # fmt: skip
    if options.crawl:
        crawls(options.crawl, options.limit)


if __name__ == "__main__":
    main()
