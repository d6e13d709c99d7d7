"""Rules: what no space may be like, by name, in the language of search."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from domain.alerts import Rule
from storage.schema import alert_rule
from storage.sql import insert


class AlertRules:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def all(self) -> tuple[Rule, ...]:
        rows = self._connection.execute(select(alert_rule).order_by(alert_rule.c.name))
        return tuple(
            Rule(key=row.id, name=row.name, query=row.query, by=row.by, made_at=row.made_at)
            for row in rows
        )

    def add(self, name: str, query: str, *, by: str) -> bool:
        """False: there is one of that name."""
        made = self._connection.execute(
            insert(self._connection, alert_rule)
            .values(name=name, query=query, by=by, made_at=self._now)
            .on_conflict_do_nothing(index_elements=["name"])
            .returning(alert_rule.c.id)
        )
        return made.first() is not None

    def drop(self, name: str) -> bool:
        gone = self._connection.execute(delete(alert_rule).where(alert_rule.c.name == name))
        return gone.rowcount > 0
