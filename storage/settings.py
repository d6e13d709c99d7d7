"""What people set while it runs: above all, the pause. Small JSON values by name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from domain.ids import PersonKey
from storage.schema import setting

PAUSE = "pause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Everything that destroys stands still.

    Args:
        by: who paused, as the record names them.
        needs_second: it takes two people to go on: the brake paused, or several people did.
        asked_by: who asked to go on and waits for a second person.
    """

    reason: str
    by: str
    at: datetime
    by_key: PersonKey | None = None
    is_brake: bool = False
    needs_second: bool = False
    asked_by: str = ""
    asked_by_key: PersonKey | None = None
    asked_at: datetime | None = None


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
        # What can't be read is a pause all the same: fail closed.
        said: Any = json.loads(row.value)
        said = said if isinstance(said, dict) else {}
        asked_at = said.get("asked_at")
        is_brake = bool(said.get("brake"))
        return Pause(
            reason=str(said.get("reason", "")), by=row.by,
            at=datetime.fromisoformat(said["at"]) if said.get("at") else row.at,
            by_key=said.get("by_key"), is_brake=is_brake,
            needs_second=is_brake or bool(said.get("several")),
            asked_by=str(said.get("asked_by", "")), asked_by_key=said.get("asked_by_key"),
            asked_at=datetime.fromisoformat(asked_at) if asked_at else None,
        )  # fmt: skip

    def set_pause(self, pause: Pause) -> None:
        """Puts `pause` in the place of what was there."""
        value = {
            "reason": pause.reason, "at": pause.at.isoformat(), "by_key": pause.by_key,
            "brake": pause.is_brake, "several": pause.needs_second and not pause.is_brake,
            "asked_by": pause.asked_by, "asked_by_key": pause.asked_by_key,
            "asked_at": pause.asked_at.isoformat() if pause.asked_at else None,
        }  # fmt: skip
        self.put(PAUSE, value, by=pause.by)
