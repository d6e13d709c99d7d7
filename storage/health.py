"""Whether the database is there and does its work, for the doctor. Changes nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from storage.store import Store

DatabaseFault = SQLAlchemyError
"""Whatever the database says no to, for those above who have to go on without it."""


def address(engine: Engine) -> str:
    """Where it is, without its password."""
    return engine.url.render_as_string(hide_password=True)


def is_reachable(engine: Engine) -> bool:
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except (DatabaseFault, OSError):
        return False
    return True


def is_writable(store: Store) -> bool:
    """Writes something and takes it back."""
    try:
        with store.begin() as tx:
            tx.settings.put("doctor", "was here", by="doctor")  # never committed
    except DatabaseFault:
        return False
    return True


def clock(store: Store) -> datetime | None:
    """The database's own time; None for a file, which has none."""
    if store.engine.dialect.name != "postgresql":
        return None
    with store.read() as tx:
        now: datetime = tx.connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        return now
