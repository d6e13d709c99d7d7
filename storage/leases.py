"""Leases: who of several processes does a thing right now, by the database's record.

A lease is taken for a while and renewed; a holder that was asleep finds out by `holds`
before each effect. Its times are the database's own, so that two machines whose clocks differ
agree on them, and not the product's clock: a sandbox's jump of a month must not free a lease
that a live process holds.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, Connection, delete, literal_column, select, type_coerce

from storage.schema import Moment, lease
from storage.sql import insert

_NOW = {
    "postgresql": "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
    "sqlite": "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
}


class Leases:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._now = literal_column(_NOW[connection.dialect.name], BigInteger)

    def take(self, name: str, holder: str, *, span: timedelta) -> bool:
        """Takes or renews the lease; False when somebody else holds it."""
        until = type_coerce(self._now + round(span.total_seconds() * 1000), Moment)
        put: Any = insert(self._connection, lease).values(name=name, holder=holder, until=until)
        taken = self._connection.execute(
            put.on_conflict_do_update(
                index_elements=["name"],
                set_={"holder": put.excluded.holder, "until": put.excluded.until},
                where=(lease.c.holder == holder) | self._is_over(),
            ).returning(lease.c.holder)
        ).scalar()
        return bool(taken == holder)

    def holds(self, name: str, holder: str) -> bool:
        return self.holder(name) == holder

    def holder(self, name: str) -> str | None:
        """Who holds the lease at this moment; None when nobody does."""
        found = select(lease.c.holder).where(lease.c.name == name, ~self._is_over())
        return self._connection.execute(found).scalar()

    def live(self, prefix: str) -> dict[str, str]:
        """The leases that are held now and whose name begins so, with their holders."""
        found = select(lease.c.name, lease.c.holder).where(
            lease.c.name.startswith(prefix, autoescape=True), ~self._is_over()
        )
        return {row[0]: row[1] for row in self._connection.execute(found)}

    def give_back(self, name: str, holder: str) -> None:
        self._connection.execute(
            delete(lease).where(lease.c.name == name, lease.c.holder == holder)
        )

    def _is_over(self) -> Any:
        return type_coerce(lease.c.until, BigInteger) < self._now
