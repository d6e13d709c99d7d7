"""Whom an alert was told, whom not yet, and when it is tried again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select, update

from domain.alerts import Alert, AlertKind, AlertState
from storage.alerts import alert_of
from storage.schema import alert, alert_told
from storage.sql import upsert

_A = alert


class AlertTelling:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def to_tell(self, *, limit: int = 1_000) -> tuple[Alert, ...]:
        """Those whose turn it is to be told, the oldest first."""
        due = select(_A).where(_A.c.tell_at <= self._now).order_by(_A.c.opened_at, _A.c.id)
        return self._find(due.limit(limit))

    def untold(self) -> tuple[Alert, ...]:
        """Those that somebody still has to be told of, whenever their turn comes."""
        return self._find(select(_A).where(_A.c.tell_at.is_not(None)).order_by(_A.c.opened_at))

    def to_show(self, *, before: datetime) -> tuple[Alert, ...]:
        """Told ones whose cards count other things than there are now, and were not brought up
        to date since."""
        return self._find(
            select(_A).where(
                _A.c.told_at.is_not(None), _A.c.state != str(AlertState.CLOSED),
                _A.c.shown_things != _A.c.things, _A.c.shown_at < before,
            )
        )  # fmt: skip

    def attempts(self, one: Alert) -> dict[str, tuple[int, bool]]:
        """Of each reader of this round: how many attempts failed, and whether they know."""
        found = select(alert_told).where(
            alert_told.c.alert_id == one.key, alert_told.c.round == one.round
        )
        return {
            row.reader: (row.attempt, row.at is not None) for row in self._connection.execute(found)
        }

    def tried(self, one: Alert, reader: str, attempt: int, *, is_told: bool) -> None:
        upsert(
            self._connection, alert_told,
            [{"alert_id": one.key, "round": one.round, "reader": reader, "attempt": attempt,
              "at": self._now if is_told else None}],
            on=["alert_id", "round", "reader"], change=["attempt", "at"],
        )  # fmt: skip

    def all_told(self, one: Alert) -> None:
        """Everybody knows of this round."""
        self._connection.execute(
            update(_A)
            .where(_A.c.id == one.key, _A.c.round == one.round)
            .values(
                tell_at=None, told_at=self._now, shown_at=self._now, shown_things=one.things
            )
        )  # fmt: skip

    def tell_later(self, one: Alert, at: datetime, *, failed: bool) -> None:
        tries = _A.c.tries + (1 if failed else 0)
        self._connection.execute(
            update(_A)
            .where(_A.c.id == one.key, _A.c.round == one.round, _A.c.tell_at.is_not(None))
            .values(tell_at=at, tries=tries)
        )

    def shown(self, one: Alert) -> None:
        self._connection.execute(
            update(_A)
            .where(_A.c.id == one.key)
            .values(shown_at=self._now, shown_things=one.things)
        )  # fmt: skip

    def tell_all_of(self, kind: AlertKind) -> int:
        """Lets those that are open and that nobody was told of be told now."""
        made = self._connection.execute(
            update(_A)
            .where(
                _A.c.kind == str(kind), _A.c.state == str(AlertState.OPEN), _A.c.told_at.is_(None)
            )
            .values(tell_at=self._now)
        )
        return made.rowcount

    def tell_once_more(self, kinds: Collection[AlertKind], *, told_before: datetime) -> int:
        """Opens a new round of what is still open and was told before then."""
        made = self._connection.execute(
            update(_A)
            .where(
                _A.c.kind.in_([str(one) for one in kinds]), _A.c.state == str(AlertState.OPEN),
                _A.c.told_at < told_before,
            )
            .values(round=_A.c.round + 1, tell_at=self._now, told_at=None, tries=0)
        )  # fmt: skip
        return made.rowcount

    def tell_nobody_of(self, kind: AlertKind) -> None:
        self._connection.execute(update(_A).where(_A.c.kind == str(kind)).values(tell_at=None))

    def _find(self, found: Select[Any]) -> tuple[Alert, ...]:
        return tuple(map(alert_of, self._connection.execute(found)))
