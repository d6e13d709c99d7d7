"""Runs: each firing of a job, once, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, desc, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.schema import run


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    id: str
    job: str
    due_at: datetime
    started_at: datetime
    finished_at: datetime | None
    outcome: str
    summary: Mapping[str, object]


class Runs:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def start(self, id: str, job: str, due_at: datetime) -> bool:
        """Writes the run down; False when it is there already, begun by whoever it was."""
        insert: Any = (
            postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        )
        made = self._connection.execute(
            insert(run)
            .values(id=id, job=job, due_at=due_at, started_at=self._now)
            .on_conflict_do_nothing(index_elements=["id"])
        )
        return made.rowcount == 1

    def finish(self, id: str, outcome: str, summary: Mapping[str, object]) -> None:
        text = json.dumps(dict(summary), sort_keys=True, default=str)
        self._connection.execute(
            update(run)
            .where(run.c.id == id)
            .values(finished_at=self._now, outcome=outcome, summary=text)
        )

    def last(self, job: str, *, finished: bool = True) -> Run | None:
        found = self.history(job, count=1, finished=finished)
        return found[0] if found else None

    def history(self, job: str, *, count: int, finished: bool = True) -> tuple[Run, ...]:
        """The latest runs of a job, newest first."""
        found = select(run).where(run.c.job == job).order_by(desc(run.c.due_at)).limit(count)
        if finished:
            found = found.where(run.c.finished_at.is_not(None))
        return tuple(_run(row) for row in self._connection.execute(found))


def _run(row: Any) -> Run:
    return Run(
        id=row.id, job=row.job, due_at=row.due_at, started_at=row.started_at,
        finished_at=row.finished_at, outcome=row.outcome, summary=json.loads(row.summary),
    )  # fmt: skip
