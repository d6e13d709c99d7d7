"""What a person was shown and has not said yes to yet, with exactly what it was."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update

from domain.confirmations import Confirmation
from domain.ids import PersonKey
from storage.schema import confirmation

DIGITS = 6


class Confirmations:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(
        self, kind: str, person: PersonKey, payload: Mapping[str, Any], *, life: timedelta,
        is_code_needed: bool,
    ) -> Confirmation:  # fmt: skip
        """Keeps what was shown, under a code that no other open one of this person has."""
        taken = {one.code for one in self.open_of(person)}
        code = ""
        while not code or code in taken:
            code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        made = self._connection.execute(
            confirmation.insert().values(
                kind=kind, code=code, person_id=person, payload=json.dumps(dict(payload)),
                made_at=self._now, expires_at=self._now + life, is_code_needed=is_code_needed,
            ).returning(confirmation)
        )  # fmt: skip
        row = made.first()
        if row is None:
            raise LookupError("a confirmation that was just written is not there")
        return _confirmation(row)

    def get(self, id: int) -> Confirmation | None:
        row = self._connection.execute(select(confirmation).where(confirmation.c.id == id)).first()
        return _confirmation(row) if row else None

    def open_of(self, person: PersonKey) -> tuple[Confirmation, ...]:
        """What this person could still confirm, newest first."""
        found = (
            select(confirmation)
            .where(
                confirmation.c.person_id == person, confirmation.c.used_at.is_(None),
                confirmation.c.expires_at > self._now,
            )
            .order_by(confirmation.c.id.desc())
        )  # fmt: skip
        return tuple(map(_confirmation, self._connection.execute(found)))

    def of_code(self, person: PersonKey, code: str) -> Confirmation | None:
        """The newest of this person's with this code, whatever became of it."""
        row = self._connection.execute(
            select(confirmation)
            .where(confirmation.c.person_id == person, confirmation.c.code == code)
            .order_by(confirmation.c.id.desc())
        ).first()
        return _confirmation(row) if row else None

    def tried(self, id: int) -> int:
        """One more wrong code; says how many there were."""
        self._connection.execute(
            update(confirmation)
            .where(confirmation.c.id == id)
            .values(attempts=confirmation.c.attempts + 1)
        )
        found = self.get(id)
        return found.attempts if found else 0

    def use(self, id: int, *, step: str) -> bool:
        """Uses it up; False when somebody did before. The same step may, again."""
        made = self._connection.execute(
            update(confirmation)
            .where(
                confirmation.c.id == id,
                confirmation.c.used_at.is_(None) | (confirmation.c.used_by_step == step),
            )
            .values(used_at=self._now, used_by_step=step)
        )
        return made.rowcount > 0

    def give_back(self, id: int, *, step: str) -> None:
        """Not used after all, by the step that used it."""
        self._connection.execute(
            update(confirmation)
            .where(confirmation.c.id == id, confirmation.c.used_by_step == step)
            .values(used_at=None, used_by_step=None)
        )

    def void(self, id: int) -> None:
        self._connection.execute(
            update(confirmation).where(confirmation.c.id == id).values(expires_at=self._now)
        )

    def sweep(self, *, before: datetime) -> int:
        return self._connection.execute(
            delete(confirmation).where(confirmation.c.expires_at < before)
        ).rowcount


def _confirmation(row: Any) -> Confirmation:
    return Confirmation(
        id=row.id, kind=row.kind, code=row.code, person=PersonKey(row.person_id),
        payload=json.loads(row.payload), expires_at=row.expires_at, attempts=row.attempts,
        used_at=row.used_at, used_by_step=row.used_by_step or "",
        is_code_needed=row.is_code_needed,
    )  # fmt: skip
