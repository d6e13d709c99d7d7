"""Crawls: sweeps of the whole company, in parts, so that one that was stopped goes on.

A generation counts as complete only when whoever crawled says so; nothing destructive rests
on any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, desc, func, select, update

from storage.schema import crawl, crawl_part, space
from storage.sql import upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    generation: int
    mode: str
    started_at: datetime
    finished_at: datetime | None
    is_complete: bool
    done: int
    total: int | None
    faults: int
    said: str
    spaces: int | None = None
    """How many spaces of ours lived when it ended; None while it goes on. Caps are a share of
    this number of the last complete crawl, so that a shrinking inventory can't be lived off."""


class Crawls:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def start(self, mode: str) -> Crawl:
        key = self._connection.execute(
            crawl.insert().values(mode=mode, started_at=self._now).returning(crawl.c.id)
        ).scalar_one()
        return self.get(key)

    def get(self, generation: int) -> Crawl:
        """Raises LookupError when there is none."""
        row = self._connection.execute(select(crawl).where(crawl.c.id == generation)).first()
        if row is None:
            raise LookupError(f"no crawl {generation}")
        parts = select(func.count(), func.count().filter(crawl_part.c.is_done)).where(
            crawl_part.c.crawl_id == generation
        )
        total, done = self._connection.execute(parts).one()
        return Crawl(
            generation=row.id, mode=row.mode, started_at=row.started_at,
            finished_at=row.finished_at, is_complete=row.is_complete, done=done,
            total=total or row.total, faults=row.faults, said=row.said, spaces=row.spaces,
        )  # fmt: skip

    def unfinished(self, mode: str) -> Crawl | None:
        """The one to go on with."""
        found = select(crawl.c.id).where(crawl.c.mode == mode, crawl.c.finished_at.is_(None))
        key = self._connection.execute(found.order_by(desc(crawl.c.id)).limit(1)).scalar()
        return None if key is None else self.get(key)

    def last(self, *, complete: bool = False) -> Crawl | None:
        found = select(crawl.c.id).where(crawl.c.finished_at.is_not(None))
        if complete:
            found = found.where(crawl.c.is_complete)
        key = self._connection.execute(found.order_by(desc(crawl.c.id)).limit(1)).scalar()
        return None if key is None else self.get(key)

    def add_parts(self, generation: int, names: Iterable[str]) -> None:
        rows = [{"crawl_id": generation, "part": n, "is_done": False} for n in names]
        upsert(self._connection, crawl_part, rows, on=["crawl_id", "part"], change=[])

    def open_parts(self, generation: int, *, prefix: str, limit: int) -> Sequence[tuple[str, str]]:
        """(part, address to go on at, or empty) of parts that are not done."""
        found = (
            select(crawl_part.c.part, crawl_part.c.address)
            .where(
                crawl_part.c.crawl_id == generation,
                ~crawl_part.c.is_done,
                crawl_part.c.part.startswith(prefix, autoescape=True),
            )
            .order_by(crawl_part.c.part)
            .limit(limit)
        )
        return [(row[0], row[1] or "") for row in self._connection.execute(found)]

    def part_at(self, generation: int, part: str, address: str | None) -> None:
        self._part(generation, part, address=address)

    def part_done(self, generation: int, part: str) -> None:
        self._part(generation, part, is_done=True)

    def fault(self, generation: int, said: str) -> None:
        """Something of this sweep could not be read: it will not be complete."""
        self._connection.execute(
            update(crawl)
            .where(crawl.c.id == generation)
            .values(faults=crawl.c.faults + 1, said=said[:300])
        )

    def finish(self, generation: int, *, complete: bool, said: str = "") -> None:
        living = select(func.count()).select_from(space).where(space.c.state == 0, space.c.is_ours)
        values: dict[str, object] = {
            "finished_at": self._now, "is_complete": complete, "spaces": living.scalar_subquery(),
        }  # fmt: skip
        if said:
            values["said"] = said[:300]
        self._connection.execute(update(crawl).where(crawl.c.id == generation).values(**values))
        self._connection.execute(crawl_part.delete().where(crawl_part.c.crawl_id == generation))

    def _part(self, generation: int, part: str, **values: object) -> None:
        self._connection.execute(
            update(crawl_part)
            .where(crawl_part.c.crawl_id == generation, crawl_part.c.part == part)
            .values(**values)
        )
