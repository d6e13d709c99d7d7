"""End dates: when a space has served its purpose, as its people planned it. Nothing follows from
one by itself; it is reminded of, searched for, and a policy may ask for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from domain.ids import PersonKey, SpaceKey
from storage.schema import planned_end, space
from storage.sql import upsert


class Ends:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def of(self, key: SpaceKey) -> datetime | None:
        found = select(planned_end.c.at).where(planned_end.c.space_id == key)
        return self._connection.execute(found).scalar()

    def put(self, key: SpaceKey, at: datetime, by: PersonKey | None) -> None:
        """Takes the place of what was planned before; its owners are reminded anew."""
        row = {
            "space_id": key, "at": at, "by_id": by, "made_at": self._now, "told_at": None
        }  # fmt: skip
        upsert(
            self._connection, planned_end, [row], on=["space_id"],
            change=["at", "by_id", "made_at", "told_at"],
        )  # fmt: skip

    def clear(self, key: SpaceKey) -> bool:
        """False when none was set."""
        gone = self._connection.execute(delete(planned_end).where(planned_end.c.space_id == key))
        return gone.rowcount == 1

    def due(self, *, limit: int) -> tuple[tuple[SpaceKey, datetime], ...]:
        """Living spaces whose end date has come and whose owners were not told, oldest first."""
        found = (
            select(planned_end.c.space_id, planned_end.c.at)
            .join(space, space.c.id == planned_end.c.space_id)
            .where(
                planned_end.c.at <= self._now, planned_end.c.told_at.is_(None),
                space.c.state == 0,
            )
            .order_by(planned_end.c.at, planned_end.c.space_id)
            .limit(limit)
        )  # fmt: skip
        return tuple((SpaceKey(row[0]), row[1]) for row in self._connection.execute(found))

    def told(self, key: SpaceKey, at: datetime) -> None:
        """Its owners were reminded of this very date."""
        mine = (planned_end.c.space_id == key) & (planned_end.c.at == at)
        self._connection.execute(update(planned_end).where(mine).values(told_at=self._now))
