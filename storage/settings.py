"""What people set while it runs: above all, the pause. Small JSON values by name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.schema import setting

PAUSE = "pause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Everything that destroys stands still. `needs_second` names whoever pulled the brake
    where a second person has to let it go."""

    reason: str
    by: str
    at: datetime


class Settings:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def get(self, name: str) -> Any:
        """The value, or None."""
        text = self._connection.execute(
            select(setting.c.value).where(setting.c.name == name)
        ).scalar()
        return None if text is None else json.loads(text)

    def put(self, name: str, value: object, *, by: str) -> None:
        insert: Any = (
            postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        )
        made = insert(setting).values(name=name, value=json.dumps(value), at=self._now, by=by)
        self._connection.execute(
            made.on_conflict_do_update(
                index_elements=["name"],
                set_={c: made.excluded[c] for c in ("value", "at", "by")},
            )
        )

    def drop(self, name: str) -> bool:
        gone = self._connection.execute(delete(setting).where(setting.c.name == name))
        return gone.rowcount == 1

    def pause(self) -> Pause | None:
        """The pause in force, or None. Read before each effect (I15)."""
        row = self._connection.execute(select(setting).where(setting.c.name == PAUSE)).first()
        if row is None:
            return None
        return Pause(reason=json.loads(row.value)["reason"], by=row.by, at=row.at)
