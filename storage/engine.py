"""How a database is opened: SQLite in WAL mode by default, PostgreSQL by URL.

Decides everything that differs between opening the two, so that nobody else asks. A writing
transaction on SQLite takes its lock at once (BEGIN IMMEDIATE): finding out at the first write
that somebody else was faster would cost the reads that the decision was made on.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy.orm  # noqa: F401 - whoever imports it first, half of it is seen by other threads
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

BUSY_SECONDS = 30


def open_engine(url: str, *, pool_size: int = 8) -> Engine:
    """An engine for `url`. A plain ``postgresql://`` uses psycopg 3; the folder of a SQLite
    file is made if it is missing.

    Raises:
        ValueError: a database that is neither SQLite nor PostgreSQL.
    """
    where = make_url(url)
    kind = where.get_backend_name()
    if kind == "postgresql":
        return create_engine(
            where.set(drivername="postgresql+psycopg"), pool_size=pool_size, max_overflow=40,
            pool_pre_ping=True,
        )  # fmt: skip
    if kind != "sqlite":
        raise ValueError(f"Spacekeeper runs on SQLite and PostgreSQL, not on {kind}.")
    if where.database and not where.database.startswith((":memory:", "file:")):
        Path(where.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        where, pool_size=pool_size, max_overflow=40, connect_args={"timeout": BUSY_SECONDS}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def tasks_url(url: str) -> str:
    """Where the durable tasks of a database are kept: for SQLite a file of their own beside
    it, so that their writes and ours never wait for each other; else the same PostgreSQL."""
    where = make_url(url)
    if where.get_backend_name() == "postgresql":
        return where.set(drivername="postgresql").render_as_string(hide_password=False)
    path = Path(where.database or "spacekeeper.db")
    path = path.with_name(f"{path.stem}-tasks.db")
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    return f"sqlite:///{path}"


def _prepare_sqlite(connection: sqlite3.Connection, record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    for pragma in (
        "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY",
        "cache_size=-65536", "mmap_size=268435456",
    ):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("fold", 1, fold, deterministic=True)


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("reads_only"):
        connection.connection.cursor().execute("BEGIN")  # takes no lock, so nothing can be wrong
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def fold(text: str | None) -> str | None:
    """Upper and lower case alike, for every alphabet; SQLite's own lower() knows ASCII only."""
    return None if text is None else text.casefold()
