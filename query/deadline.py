"""A statement that a person waits for gets a few seconds, and then they are told.

SQLite is asked every few thousand steps whether to go on; PostgreSQL has a setting for it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from domain.errors import Refusal
from storage.store import UnitOfWork

_STEPS = 5_000
_CANCELLED = "57014"  # PostgreSQL's query_canceled


@contextmanager
def deadline(tx: UnitOfWork, seconds: float) -> Iterator[None]:
    """Statements within take at most `seconds`, all together on SQLite, each on PostgreSQL.

    Raises:
        Refusal: it took longer. On PostgreSQL the unit of work can only be left then.
    """
    try:
        with _on_postgres(tx, seconds) if tx.is_postgres else _on_sqlite(tx, seconds):
            yield
    except OperationalError as fault:
        state = getattr(fault.orig, "sqlstate", None)
        if state != _CANCELLED and "interrupted" not in str(fault.orig):
            raise
        raise Refusal(
            "That took too long to look for.",
            "Ask for less: add a tag, a group, or a longer part of the title.",
        ) from None


@contextmanager
def _on_sqlite(tx: UnitOfWork, seconds: float) -> Iterator[None]:
    connection = tx.connection.connection.driver_connection
    if connection is None:
        raise RuntimeError("the unit of work is over")
    ends = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > ends, _STEPS)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)


@contextmanager
def _on_postgres(tx: UnitOfWork, seconds: float) -> Iterator[None]:
    def allow(milliseconds: str) -> None:
        tx.connection.execute(
            text("SELECT set_config('statement_timeout', :ms, true)"), {"ms": milliseconds}
        )

    before = tx.connection.execute(text("SHOW statement_timeout")).scalar_one()
    allow(str(max(1, round(seconds * 1000))))
    yield
    allow(before)
