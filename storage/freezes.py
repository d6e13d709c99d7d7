"""The company's freeze days: those that compliance has set, and how one is taken away again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select, update

from domain.freezes import FreezeSet
from domain.hours import Freeze, read_freezes
from domain.ids import PersonKey
from storage.schema import freeze_day


class Freezes:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    # -- questions --------------------------------------------------------------------------

    def in_force(self) -> tuple[Freeze, ...]:
        """All that count, or will; those on their way out with the moment from which they don't."""
        return tuple(one.freeze for one in self.all())

    def all(self) -> tuple[FreezeSet, ...]:
        """As `in_force`, with who set them and why, in the order in which they were set."""
        found = select(freeze_day).where(self._counts()).order_by(freeze_day.c.id)
        return tuple(_set(row) for row in self._connection.execute(found))

    def of(self, written: str) -> FreezeSet | None:
        """The one of exactly these days that counts; the newest, should there be several."""
        found = select(freeze_day).where(self._counts(), freeze_day.c.days == written)
        row = self._connection.execute(found.order_by(freeze_day.c.id.desc()).limit(1)).first()
        return None if row is None else _set(row)

    # -- changes ----------------------------------------------------------------------------

    def add(self, freeze: Freeze, *, reason: str, by: PersonKey) -> None:
        self._connection.execute(
            freeze_day.insert().values(
                days=freeze.written, reason=reason, by_id=by, at=self._now
            )
        )  # fmt: skip

    def ask(self, key: int, *, by: PersonKey) -> None:
        """Notes that one person wants it away; only the latest stands."""
        self._set(key, asked_by_id=by, asked_at=self._now)

    def agree(self, key: int, *, by: PersonKey, void_from: datetime) -> None:
        self._set(key, agreed_by_id=by, void_from=void_from)

    def stay(self, key: int) -> None:
        """Whatever was asked for or agreed to is void."""
        self._set(key, asked_by_id=None, asked_at=None, agreed_by_id=None, void_from=None)

    def _set(self, key: int, **values: Any) -> None:
        self._connection.execute(
            update(freeze_day).where(freeze_day.c.id == key).values(**values)
        )  # fmt: skip

    def _counts(self) -> ColumnElement[bool]:
        return or_(freeze_day.c.void_from.is_(None), freeze_day.c.void_from > self._now)


def _set(row: Any) -> FreezeSet:
    [read] = read_freezes(row.days)
    return FreezeSet(
        key=row.id, reason=row.reason, by=PersonKey(row.by_id), at=row.at,
        freeze=Freeze(read.first, read.last, read.is_yearly, row.void_from),
        asked_by=None if row.asked_by_id is None else PersonKey(row.asked_by_id),
        asked_at=row.asked_at,
        agreed_by=None if row.agreed_by_id is None else PersonKey(row.agreed_by_id),
    )  # fmt: skip
