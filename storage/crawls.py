"""Crawls: sweeps of the whole company, in parts, so that one that was stopped goes on.

A generation counts as complete only when whoever crawled says so; nothing destructive rests
on any other. While a crawl goes on it keeps what each person's own list said, to be held
against who is found in the spaces: two books that must agree, or a page was missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import Connection, Select, delete, desc, exists, func, select, update

from domain.ids import PersonId, PersonKey, RoomId
from storage import bulk
from storage.schema import (
    crawl,
    crawl_part,
    crawl_seat,
    membership,
    person,
    space,
    space_name,
)
from storage.sql import pieces


class Kind(IntEnum):
    """What a part is about; lists come first, then people, then spaces."""

    LIST = 0
    PERSON = 1
    ROOM = 2
    TEAM = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    key: int
    kind: Kind
    name: str
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    generation: int
    mode: str
    started_at: datetime
    finished_at: datetime | None
    is_complete: bool
    done: int
    total: int
    checks: int
    faults: int
    lost: int
    said: str
    spaces: int | None = None
    """How many spaces of ours lived when it ended; None while it goes on. Caps are a share of
    this number of the last complete crawl, so that a shrinking inventory can't be lived off."""


class Crawls:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    # -- questions --------------------------------------------------------------------------

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
            finished_at=row.finished_at, is_complete=row.is_complete, done=done, total=total,
            checks=row.checks, faults=row.faults, lost=row.lost, said=row.said,
            spaces=row.spaces,
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

    def open_parts(self, generation: int, *, limit: int) -> Sequence[Part]:
        """Those that are not done; what failed before comes after all the others."""
        found = (
            select(crawl_part)
            .where(crawl_part.c.crawl_id == generation, ~crawl_part.c.is_done)
            .order_by(crawl_part.c.tries, crawl_part.c.kind, crawl_part.c.name)
            .limit(limit)
        )
        return [
            Part(key=row.id, kind=Kind(row.kind), name=row.name, tries=row.tries)
            for row in self._connection.execute(found)
        ]

    def seats(self, rooms: Iterable[Part]) -> dict[int, set[PersonId]]:
        """By a room part's key, the people whose own lists named the room."""
        found: dict[int, set[PersonId]] = {}
        wanted = select(crawl_seat.c.part_id, person.c.webex_id)
        wanted = wanted.join(person, person.c.id == crawl_seat.c.person_id)
        for piece in pieces(part.key for part in rooms):
            for row in self._connection.execute(wanted.where(crawl_seat.c.part_id.in_(piece))):
                found.setdefault(row[0], set()).add(PersonId(row[1]))
        return found

    def unseen(self, generation: int) -> list[RoomId]:
        """Live spaces that this crawl did not see, and has not looked for yet."""
        found = select(space_name.c.webex_id).join(space, space.c.id == space_name.c.space_id)
        found = found.where(
            space.c.state == 0, space.c.generation != generation,
            ~exists(
                _part(generation, Kind.ROOM, space_name.c.webex_id).where(crawl_part.c.tries > 0)
            ),
        )  # fmt: skip
        return [RoomId(id) for id in self._connection.scalars(found)]

    def unlisted(self, generation: int) -> list[PersonId]:
        """People of ours who sit in spaces that were seen, and who were never asked for."""
        asked = exists(_part(generation, Kind.PERSON, person.c.webex_id))
        found = (
            select(person.c.webex_id)
            .join(membership, membership.c.person_id == person.c.id)
            .join(space, space.c.id == membership.c.space_id)
            .where(space.c.generation == generation, *_of_ours(), ~asked)
            .distinct()
        )
        return [PersonId(id) for id in self._connection.scalars(found)]

    def short_lists(self, generation: int) -> list[tuple[PersonId, int]]:
        """People whose own list left out a space of ours that they were in all the time, and
        how often they were asked again."""
        began = select(crawl.c.started_at).where(crawl.c.id == generation).scalar_subquery()
        its, asked = crawl_part.alias("its"), crawl_part.alias("asked")
        named = exists(
            select(crawl_seat.c.part_id).where(
                crawl_seat.c.part_id == its.c.id, crawl_seat.c.person_id == person.c.id
            )
        )
        found = (
            select(person.c.webex_id, asked.c.tries)
            .join(membership, membership.c.person_id == person.c.id)
            .join(space, space.c.id == membership.c.space_id)
            .join(space_name, space_name.c.space_id == space.c.id)
            .join(
                asked,
                (asked.c.crawl_id == generation)
                & (asked.c.kind == Kind.PERSON)
                & (asked.c.name == person.c.webex_id),
            )
            .join(
                its,
                (its.c.crawl_id == generation)
                & (its.c.kind == Kind.ROOM)
                & (its.c.name == space_name.c.webex_id),
            )
            .where(
                space.c.generation == generation, space.c.is_ours, membership.c.since < began,
                *_of_ours(), ~named,
            )
            .distinct()
        )  # fmt: skip
        return [(PersonId(row[0]), row[1]) for row in self._connection.execute(found)]

    # -- changes ----------------------------------------------------------------------------

    def start(self, mode: str) -> Crawl:
        key = self._connection.execute(
            crawl.insert().values(mode=mode, started_at=self._now).returning(crawl.c.id)
        ).scalar_one()
        return self.get(key)

    def add_parts(self, generation: int, kind: Kind, names: Iterable[str]) -> None:
        """Parts that are there already, done or not, stay as they are."""
        rows = [(generation, int(kind), str(name), 0, False) for name in dict.fromkeys(names)]
        columns = ("crawl_id", "kind", "name", "tries", "is_done")
        bulk.put(
            self._connection, crawl_part, columns, rows,
            on=("crawl_id", "kind", "name"), change=(),
        )  # fmt: skip

    def ask_again(self, generation: int, kind: Kind, names: Iterable[str]) -> None:
        """Opens parts, whether they were there or not."""
        wanted = list(names)
        self.add_parts(generation, kind, wanted)
        for piece in pieces(wanted):
            self._connection.execute(
                update(crawl_part)
                .where(
                    crawl_part.c.crawl_id == generation, crawl_part.c.kind == kind,
                    crawl_part.c.name.in_(piece),
                )
                .values(is_done=False, tries=1)
            )  # fmt: skip

    def named(self, generation: int, lists: Mapping[PersonKey, Iterable[RoomId]]) -> None:
        """What people's own lists said: these rooms become parts, and their seats are kept."""
        rooms = dict.fromkeys(str(room) for found in lists.values() for room in found)
        self.add_parts(generation, Kind.ROOM, rooms)
        keys: dict[str, int] = {}
        wanted = select(crawl_part.c.name, crawl_part.c.id)
        for piece in pieces(rooms):
            mine = wanted.where(
                crawl_part.c.crawl_id == generation, crawl_part.c.kind == Kind.ROOM,
                crawl_part.c.name.in_(piece),
            )  # fmt: skip
            keys |= {row[0]: row[1] for row in self._connection.execute(mine)}
        seats = {(keys[str(room)], who) for who, found in lists.items() for room in found}
        bulk.put(
            self._connection, crawl_seat, ("part_id", "person_id"), list(seats),
            on=("part_id", "person_id"), change=(),
        )  # fmt: skip

    def done(self, parts: Iterable[Part]) -> None:
        for piece in pieces(part.key for part in parts):
            self._connection.execute(
                update(crawl_part).where(crawl_part.c.id.in_(piece)).values(is_done=True)
            )

    def failed(self, part: Part) -> None:
        """It is tried again after all the others."""
        self._connection.execute(
            update(crawl_part)
            .where(crawl_part.c.id == part.key)
            .values(tries=crawl_part.c.tries + 1)
        )

    def checked(self, generation: int) -> None:
        mine = update(crawl).where(crawl.c.id == generation)
        self._connection.execute(mine.values(checks=crawl.c.checks + 1))

    def fault(self, generation: int, said: str) -> None:
        """Something of this sweep could not be read: it will not be complete."""
        mine = update(crawl).where(crawl.c.id == generation)
        self._connection.execute(mine.values(faults=crawl.c.faults + 1, said=said[:300]))

    def lost(self, generation: int) -> None:
        """A space that was known was not seen, and is not shown to be gone."""
        mine = update(crawl).where(crawl.c.id == generation)
        self._connection.execute(mine.values(lost=crawl.c.lost + 1))

    def finish(self, generation: int, *, complete: bool, said: str = "") -> None:
        living = select(func.count()).select_from(space).where(space.c.state == 0, space.c.is_ours)
        values: dict[str, object] = {
            "finished_at": self._now, "is_complete": complete, "spaces": living.scalar_subquery(),
        }  # fmt: skip
        if said:
            values["said"] = said[:300]
        self._connection.execute(update(crawl).where(crawl.c.id == generation).values(**values))
        mine = select(crawl_part.c.id).where(crawl_part.c.crawl_id == generation)
        self._connection.execute(delete(crawl_seat).where(crawl_seat.c.part_id.in_(mine)))
        self._connection.execute(delete(crawl_part).where(crawl_part.c.crawl_id == generation))


def _part(generation: int, kind: Kind, name: Any) -> Select[Any]:
    return select(crawl_part.c.id).where(
        crawl_part.c.crawl_id == generation, crawl_part.c.kind == kind, crawl_part.c.name == name
    )


def _of_ours() -> tuple[Any, ...]:
    return (person.c.is_ours, ~person.c.is_bot, person.c.is_active.is_not(False))
