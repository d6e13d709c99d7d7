"""Leases: who of several processes does a thing right now, by the database's record.

A lease is taken for a while and renewed; a holder that was asleep finds out by `holds`
before each effect. Its times are real time, not the product's clock: a sandbox's jump of a
month must not free a lease that a live process holds.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.schema import lease


class Leases:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, name: str, holder: str, *, span: timedelta) -> bool:
        """Takes or renews the lease; False when somebody else holds it."""
        now = datetime.now(UTC)
        insert: Any = (
            postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        )
        put = insert(lease).values(name=name, holder=holder, until=now + span)
        taken = self._connection.execute(
            put.on_conflict_do_update(
                index_elements=["name"],
                set_={"holder": put.excluded.holder, "until": put.excluded.until},
                where=(lease.c.holder == holder) | (lease.c.until < now),
            ).returning(lease.c.holder)
        ).scalar()
        return taken == holder

    def holds(self, name: str, holder: str) -> bool:
        row = self._connection.execute(select(lease).where(lease.c.name == name)).first()
        return row is not None and row.holder == holder and row.until > datetime.now(UTC)

    def live(self, prefix: str) -> dict[str, str]:
        """The leases that are held now and whose name begins so, with their holders."""
        found = select(lease.c.name, lease.c.holder).where(
            lease.c.name.startswith(prefix, autoescape=True), lease.c.until > datetime.now(UTC)
        )
        return {row[0]: row[1] for row in self._connection.execute(found)}

    def give_back(self, name: str, holder: str) -> None:
        self._connection.execute(
            delete(lease).where(lease.c.name == name, lease.c.holder == holder)
        )
