"""Long work and its items: what is left to do, and what came of what was done."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, desc, func, select, update

from domain.ids import PersonKey
from domain.works import Came, Ended, How, Item, Work
from storage.schema import work, work_item
from storage.sql import insert, pieces


class Works:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(
        self, step: str, kind: str, title: str, *, caller: PersonKey,
        payload: Mapping[str, str], items: Sequence[Mapping[str, str]],
    ) -> Work:  # fmt: skip
        """Writes it down with its items; the same step gives the work that there is."""
        self._connection.execute(
            insert(self._connection, work)
            .values(
                step=step, kind=kind, title=title, caller_id=caller, payload=_text(payload),
                total=len(items), made_at=self._now, ended="",
            )
            .on_conflict_do_nothing(index_elements=["step"])
        )  # fmt: skip
        made = self.of_step(step)
        if made is None:
            raise LookupError("a work that was just written is not there")
        if items and self.counts(made.id) == {} and self._left(made.id) == 0:
            rows = (
                {"work_id": made.id, "number": number, "payload": _text(one)}
                for number, one in enumerate(items)
            )
            for piece in pieces(rows):
                self._connection.execute(work_item.insert(), piece)
        return made

    def get(self, id: int) -> Work | None:
        return self._one(select(work).where(work.c.id == id))

    def of_step(self, step: str) -> Work | None:
        return self._one(select(work).where(work.c.step == step))

    def open(self) -> tuple[Work, ...]:
        """What has not ended, oldest first."""
        found = select(work).where(work.c.finished_at.is_(None)).order_by(work.c.id)
        return tuple(map(_work, self._connection.execute(found)))

    def of(self, caller: PersonKey | None, *, count: int) -> tuple[Work, ...]:
        """The latest of a person, or of everybody, newest first."""
        found = select(work).order_by(desc(work.c.id)).limit(count)
        if caller is not None:
            found = found.where(work.c.caller_id == caller)
        return tuple(map(_work, self._connection.execute(found)))

    def left(self, id: int, *, count: int) -> tuple[Item, ...]:
        """The next items that nobody has done."""
        found = (
            select(work_item.c.number, work_item.c.payload)
            .where(work_item.c.work_id == id, work_item.c.came.is_(None))
            .order_by(work_item.c.number)
            .limit(count)
        )
        rows = self._connection.execute(found)
        return tuple(Item(number=row.number, payload=json.loads(row.payload)) for row in rows)

    def came(self, id: int, each: Sequence[tuple[int, Came]]) -> None:
        """Writes down what came of items."""
        for number, one in each:
            self._connection.execute(
                update(work_item)
                .where(work_item.c.work_id == id, work_item.c.number == number)
                .values(
                    came=str(one.how), name=one.name, said=one.said[:500], detail=_text(one.detail)
                )
            )

    def results(self, id: int) -> tuple[Came, ...]:
        """What came of all that was done, in the items' order."""
        found = (
            select(work_item)
            .where(work_item.c.work_id == id, work_item.c.came.is_not(None))
            .order_by(work_item.c.number)
        )
        return tuple(
            Came(how=How(row.came), name=row.name, said=row.said, detail=json.loads(row.detail))
            for row in self._connection.execute(found)
        )

    def counts(self, id: int) -> dict[How, int]:
        """How many items came out how."""
        found = (
            select(work_item.c.came, func.count())
            .where(work_item.c.work_id == id, work_item.c.came.is_not(None))
            .group_by(work_item.c.came)
        )
        return {How(row[0]): row[1] for row in self._connection.execute(found)}

    def started(self, id: int) -> None:
        self._connection.execute(
            update(work)
            .where(work.c.id == id, work.c.started_at.is_(None))
            .values(started_at=self._now)
        )

    def ask_to_stop(self, id: int, *, by: str) -> bool:
        """False when it has ended already."""
        made = self._connection.execute(
            update(work)
            .where(work.c.id == id, work.c.finished_at.is_(None), work.c.stopped_by.is_(None))
            .values(stopped_by=by)
        )
        return made.rowcount > 0

    def finish(self, id: int, ended: Ended) -> None:
        self._connection.execute(
            update(work).where(work.c.id == id).values(finished_at=self._now, ended=str(ended))
        )

    def forget(self, *, before: datetime) -> int:
        """Takes out what ended before then, with its items."""
        old = select(work.c.id).where(work.c.finished_at < before)
        self._connection.execute(delete(work_item).where(work_item.c.work_id.in_(old)))
        return self._connection.execute(delete(work).where(work.c.finished_at < before)).rowcount

    def _left(self, id: int) -> int:
        found = select(func.count()).where(work_item.c.work_id == id)
        return self._connection.execute(found).scalar() or 0

    def _one(self, found: Any) -> Work | None:
        row = self._connection.execute(found).first()
        return _work(row) if row else None


def _text(values: Mapping[str, str]) -> str:
    return json.dumps(dict(values), sort_keys=True, ensure_ascii=False)


def _work(row: Any) -> Work:
    return Work(
        id=row.id, step=row.step, kind=row.kind, title=row.title, caller=PersonKey(row.caller_id),
        payload=json.loads(row.payload), total=row.total, made_at=row.made_at,
        started_at=row.started_at, finished_at=row.finished_at, stopped_by=row.stopped_by or "",
        ended=Ended(row.ended),
    )  # fmt: skip
