"""Which conflicts compliance has looked at, and what they were like then."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from domain.conflicts import Clash
from domain.ids import PersonKey, SpaceKey
from storage.schema import conflict_seen
from storage.sql import upsert


class Conflicts:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def seen(self) -> dict[tuple[SpaceKey, Clash], str]:
        """What each was like that somebody has looked at."""
        rows = self._connection.execute(
            select(conflict_seen.c.space_id, conflict_seen.c.kind, conflict_seen.c.facts)
        )
        return {(SpaceKey(row[0]), Clash[row[1]]): row[2] for row in rows}

    def see(self, space: SpaceKey, kind: Clash, facts: str, by: PersonKey) -> None:
        upsert(
            self._connection, conflict_seen,
            [{"space_id": space, "kind": kind.name, "facts": facts, "by_id": by, "at": self._now}],
            on=["space_id", "kind"], change=["facts", "by_id", "at"],
        )  # fmt: skip
