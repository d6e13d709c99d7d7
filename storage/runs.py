"""Runs: each firing of a job, once, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, desc, select, update

from domain.runs import RunOutcome
from storage.schema import run
from storage.sql import insert


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    id: str
    job: str
    due_at: datetime
    started_at: datetime
    finished_at: datetime | None
    outcome: RunOutcome
    summary: Mapping[str, object]


class Runs:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def start(self, id: str, job: str, due_at: datetime) -> bool:
        """Writes the run down; False when it is there already, begun by whoever it was."""
        made = self._connection.execute(
            insert(self._connection, run)
            .values(id=id, job=job, due_at=due_at, started_at=self._now)
            .on_conflict_do_nothing(index_elements=["id"])
            .returning(run.c.id)  # PostgreSQL does not count the rows of an insert
        )
        return made.first() is not None

    def note(self, id: str, summary: Mapping[str, object]) -> None:
        """How far a run has come."""
        self._connection.execute(update(run).where(run.c.id == id).values(summary=_text(summary)))

    def finish(self, id: str, outcome: RunOutcome, summary: Mapping[str, object]) -> None:
        self._connection.execute(
            update(run)
            .where(run.c.id == id)
            .values(finished_at=self._now, outcome=str(outcome), summary=_text(summary))
        )

    def get(self, id: str) -> Run | None:
        row = self._connection.execute(select(run).where(run.c.id == id)).first()
        return _run(row) if row else None

    def last(
        self, job: str, *, finished: bool = True, outcome: RunOutcome | None = None
    ) -> Run | None:
        """The latest run of a job by its due time; only finished ones, only of that outcome."""
        found = self.history(job, count=1, finished=finished, outcome=outcome)
        return found[0] if found else None

    def history(
        self, job: str, *, count: int, finished: bool = True, outcome: RunOutcome | None = None
    ) -> tuple[Run, ...]:
        """The latest runs of a job, newest first."""
        found = select(run).where(run.c.job == job).order_by(desc(run.c.due_at)).limit(count)
        if finished:
            found = found.where(run.c.finished_at.is_not(None))
        if outcome is not None:
            found = found.where(run.c.outcome == str(outcome))
        return tuple(_run(row) for row in self._connection.execute(found))

    def going(self) -> tuple[Run, ...]:
        """What was begun and has not ended, oldest first."""
        found = select(run).where(run.c.finished_at.is_(None)).order_by(run.c.started_at)
        return tuple(_run(row) for row in self._connection.execute(found))

    def first_at(self) -> datetime | None:
        """When the first run of all was started: since when anybody looks after the company."""
        return self._connection.execute(
            select(run.c.started_at).order_by(run.c.started_at).limit(1)
        ).scalar()

    def forget(self, job: str, *, before: datetime) -> int:
        """Takes out ended runs of a job that were due before then."""
        gone = self._connection.execute(
            delete(run).where(
                run.c.job == job, run.c.due_at < before, run.c.finished_at.is_not(None)
            )
        )
        return gone.rowcount


def _text(summary: Mapping[str, object]) -> str:
    return json.dumps(dict(summary), sort_keys=True, ensure_ascii=False, default=str)


def _run(row: Any) -> Run:
    return Run(
        id=row.id, job=row.job, due_at=row.due_at, started_at=row.started_at,
        finished_at=row.finished_at, outcome=RunOutcome(row.outcome),
        summary=json.loads(row.summary),
    )  # fmt: skip
