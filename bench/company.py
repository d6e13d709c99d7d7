"""A synthetic company for the benches of deciding and searching, in numbers.md's proportions.

Written straight into the tables, on SQLite, and beside it into DuckDB, from the same arrays.
Seats (memberships) are left out: neither bench reads them.
"""

from __future__ import annotations

import base64
import multiprocessing
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import psycopg

from storage.engine import open_engine
from storage.migrate import upgrade

NOW = datetime(2026, 11, 24, tzinfo=UTC)
DAY = 86_400_000
TAGS, GROUPS, DOMAINS, LEVELS = 200, 500, 300, 5
WORDS = (
    "project", "plans", "review", "budget", "team", "launch", "support", "sales", "audit",
    "design", "weekly", "report", "quarter", "customer", "finance", "legal", "travel", "hiring",
    "security", "roadmap",
)  # fmt: skip


def arrays(spaces: int, seed: int = 1) -> dict[str, Any]:
    """The company as columns, by table."""
    rng = np.random.default_rng(seed)
    now = int(NOW.timestamp() * 1000)
    ids = np.arange(1, spaces + 1)
    external = rng.random(spaces) < 0.35
    created = now - (rng.random(spaces) * 1500 * DAY).astype(np.int64)
    activity = np.maximum(created, now - (rng.random(spaces) ** 2 * 1095 * DAY).astype(np.int64))
    zipf = 1 / np.arange(1, TAGS + 1)
    rare = rng.integers(0, spaces, spaces)

    def side(mean: int, kinds: int, weights: Any = None, only: Any = None) -> tuple[Any, Any]:
        counts = rng.integers(0, mean + 1, spaces)
        if only is not None:
            counts = np.where(only, counts + 1, 0)
        who = np.repeat(ids, counts)
        p = None if weights is None else weights / weights.sum()
        pairs = np.unique(np.stack([who, rng.choice(kinds, len(who), p=p) + 1]), axis=1)
        return pairs[0], pairs[1]

    words = rng.integers(0, len(WORDS), (spaces, 3))
    return {
        "id": ids, "type": np.where(rng.random(spaces) < 0.35, 2, 1),
        "scope": external.astype(int), "classification_id": rng.integers(1, LEVELS + 1, spaces),
        "last_activity": activity, "created": created,
        "size": np.minimum(2 + rng.zipf(1.8, spaces), 5000),
        "title": [
            f"{WORDS[a]} {WORDS[b]} {WORDS[c]} {n:x}"
            for (a, b, c), n in zip(words, rare, strict=True)
        ],
        "tag": side(4, TAGS, zipf), "group": side(6, GROUPS),
        "domain": side(2, DOMAINS, None, external),
    }  # fmt: skip


def write_sqlite(path: Path, made: dict[str, Any]) -> str:
    """The company in a migrated SQLite file. Gives its address."""
    url = f"sqlite:///{path}"
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()
    with sqlite3.connect(path) as db:
        db.create_function("fold", 1, lambda t: None if t is None else t.casefold())
        for table, column, count in (("tag", "name", TAGS), ("domain", "name", DOMAINS)):
            named = [(n, f"{table}{n}") for n in range(1, count + 1)]
            extra = ", is_reserved" if table == "tag" else ""
            zero = ", 0" if table == "tag" else ""
            db.executemany(f"INSERT INTO {table} (id, {column}{extra}) VALUES (?, ?{zero})", named)
        db.executemany(
            "INSERT INTO ad_group (id, source_id, name, is_known, read_at) VALUES (?, ?, ?, 1, ?)",
            [(n, f"g{n}", f"group{n}", int(NOW.timestamp() * 1000)) for n in range(1, GROUPS + 1)],
        )
        db.executemany(
            'INSERT INTO classification (id, webex_id, title, "rank") VALUES (?, ?, ?, ?)',
            [(n, f"c{n}", f"level{n}", n) for n in range(1, LEVELS + 1)],
        )
        names = ("id", "type", "scope", "classification_id", "last_activity", "created", "size")
        db.executemany(
            f"INSERT INTO space ({', '.join(names)}, team_id, is_ours, members_known, groups_known,"
            " domains_known, is_general, is_untouchable, state, generation)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, 0, 1, 1, 1, 1, 0, 0, 0, 1)",
            zip(*(made[name].tolist() for name in names), strict=True),
        )
        db.executemany(
            "INSERT INTO space_name (space_id, webex_id, title) VALUES (?, ?, ?)",
            ((n, _room(n), title) for n, title in enumerate(made["title"], 1)),
        )
        for table, column, name, at in (
            ("space_tag", "tag_id", "tag", True), ("space_group", "group_id", "group", False),
            ("space_domain", "domain_id", "domain", False),
        ):  # fmt: skip
            more, value = (", at", ", 0") if at else ("", "")
            db.executemany(
                f"INSERT INTO {table} (space_id, {column}{more}) VALUES (?, ?{value})",
                zip(*(part.tolist() for part in made[name]), strict=True),
            )
    return url


def copy_to_postgres(path: Path, url: str) -> None:
    """The company of a SQLite file in a migrated PostgreSQL, by COPY; then what a server that
    runs knows of its tables anyway (ANALYZE)."""
    upgrade(engine := open_engine(url))
    engine.dispose()
    with sqlite3.connect(path) as db, psycopg.connect(url) as server:
        for table in (
            "tag", "domain", "ad_group", "classification", "space", "space_name", "space_tag",
            "space_group", "space_domain",
        ):  # fmt: skip
            server.execute(f"TRUNCATE {table} CASCADE")
            columns = {
                row[0]: row[1]
                for row in server.execute(
                    "SELECT column_name, data_type FROM information_schema.columns"
                    " WHERE table_name = %s AND is_generated = 'NEVER'",
                    (table,),
                )
            }
            have = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            names = [name for name in have if name in columns]
            flags = [i for i, name in enumerate(names) if columns[name] == "boolean"]
            said = ", ".join(f'"{name}"' for name in names)
            with server.cursor().copy(f"COPY {table} ({said}) FROM STDIN") as copy:
                for row in db.execute(f"SELECT {said} FROM {table}"):
                    cells = list(row)
                    for i in flags:
                        cells[i] = None if cells[i] is None else bool(cells[i])
                    copy.write_row(cells)
        server.commit()
        server.autocommit = True
        server.execute("VACUUM ANALYZE")


def write_duckdb(connection: Any, made: dict[str, Any]) -> None:
    """The same company in DuckDB."""
    frame = {
        name: np.asarray(made[name]) for name in made if name not in ("tag", "group", "domain")
    }
    frame["title"] = np.array(made["title"], dtype=object)
    connection.register("frame", frame)
    connection.execute("CREATE TABLE space AS SELECT * FROM frame")
    for name in ("tag", "group", "domain"):
        pairs = {"space_id": made[name][0], "side_id": made[name][1]}
        connection.register("pairs", pairs)
        connection.execute(f"CREATE TABLE space_{name} AS SELECT * FROM pairs")


def prepare(folder: Path, spaces: int) -> str:
    """Writes both, in a process of its own so that memory is measured without it."""
    writer = multiprocessing.get_context("spawn").Process(target=_prepare, args=(folder, spaces))
    writer.start()
    writer.join()
    assert writer.exitcode == 0
    return f"sqlite:///{folder / 'company.db'}"


@contextmanager
def on(database: str, folder: Path, spaces: int) -> Iterator[str]:
    """The address of the company: in a SQLite file, or in a PostgreSQL of this bench's own."""
    sqlite = prepare(folder, spaces)
    if database == "sqlite":
        yield sqlite
        return
    from tests.databases import server

    with server("shared_buffers=512MB") as url:
        writer = multiprocessing.get_context("spawn").Process(
            target=copy_to_postgres, args=(folder / "company.db", url)
        )
        writer.start()
        writer.join()
        assert writer.exitcode == 0
        yield url


def _prepare(folder: Path, spaces: int) -> None:
    made = arrays(spaces)
    write_sqlite(folder / "company.db", made)
    with duckdb.connect(str(folder / "company.duckdb")) as duck:
        write_duckdb(duck, made)


def _room(number: int) -> str:
    uri = f"ciscospark://us/ROOM/00000000-0000-4000-8000-{number:012d}"
    return base64.b64encode(uri.encode()).decode().rstrip("=")
