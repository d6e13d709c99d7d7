"""The record: what happened, in order, without gaps, each row sealed to the one before.

A row's hash covers every column and the previous hash, so a row that is changed, taken out
or put in breaks the chain from there on. Appending is serialised: on SQLite by the writing
transaction itself, on PostgreSQL by an advisory lock held to its end.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, desc, func, select

from domain.audit import Word
from domain.ids import PersonKey, SpaceKey
from domain.people import Actor
from storage.schema import audit, to_ms

CHAIN_START = "0" * 64
_LOCK = 7_316_001  # ours alone among the advisory locks of the database


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row of the record, as it was written."""

    seq: int
    at: datetime
    word: str
    actor: str
    actor_id: int | None
    space: int | None
    person: int | None
    detail: Mapping[str, object]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What a check of the chain found. `broken_at` is the first row that does not fit."""

    length: int
    head: str
    broken_at: int | None = None

    def __bool__(self) -> bool:
        return self.broken_at is None


class AuditTrail:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(
        self,
        word: Word,
        actor: Actor,
        *,
        space: SpaceKey | None = None,
        person: PersonKey | None = None,
        **detail: object,
    ) -> int:
        """Appends one row and gives its number. `detail` is JSON values; never a message's text."""
        return self._append(word, actor, [(space, person, detail)])

    def add_of_each(
        self, word: Word, actor: Actor, each: Iterable[tuple[SpaceKey, Mapping[str, object]]]
    ) -> None:
        """Appends a row for each of several spaces, by one statement: (space, detail)."""
        rows = [(space, None, detail) for space, detail in each]
        if rows:
            self._append(word, actor, rows)

    def _append(
        self, word: Word, actor: Actor,
        each: Sequence[tuple[SpaceKey | None, PersonKey | None, Mapping[str, object]]],
    ) -> int:  # fmt: skip
        self.serialise()
        last = self._connection.execute(
            select(audit.c.seq, audit.c.hash).order_by(desc(audit.c.seq)).limit(1)
        ).first()
        seq, previous = (last.seq, last.hash) if last else (0, CHAIN_START)
        rows = []
        for space, person, detail in each:
            seq += 1
            row: dict[str, object] = {
                "seq": seq, "at": self._now, "word": str(word), "actor": actor.name,
                "actor_id": actor.person, "space_id": space, "person_id": person,
                "detail": json.dumps(detail, sort_keys=True, ensure_ascii=False, default=str),
                "previous": previous,
            }  # fmt: skip
            previous = _seal(row)
            rows.append({**row, "hash": previous})
        self._connection.execute(audit.insert(), rows)
        return seq

    def serialise(self) -> None:
        """Lets only one transaction at a time pass here, to its end: for the chain, and for
        counts that a decision in the same transaction rests on."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))

    def of_space(self, space: SpaceKey, *, last: int = 50) -> tuple[Record, ...]:
        """The latest rows about a space, newest first."""
        found = select(audit).where(audit.c.space_id == space).order_by(desc(audit.c.seq))
        return tuple(_record(row) for row in self._connection.execute(found.limit(last)))

    def since(self, seq: int = 0, *, word: Word | None = None) -> Iterator[Record]:
        """Rows after `seq`, oldest first."""
        found = select(audit).where(audit.c.seq > seq).order_by(audit.c.seq)
        if word is not None:
            found = found.where(audit.c.word == str(word))
        for row in self._connection.execute(found):
            yield _record(row)

    def has_seal(self, hash: str) -> bool:
        """Whether a row has this seal, such as one that was kept elsewhere."""
        found = select(audit.c.seq).where(audit.c.hash == hash)
        return self._connection.execute(found).first() is not None

    def seals(self, *, after: int = 0) -> Iterator[str]:
        """The seals of the rows behind `after`, oldest first."""
        found = select(audit.c.hash).where(audit.c.seq > after).order_by(audit.c.seq)
        with self._connection.execute(found, execution_options={"yield_per": 5000}) as rows:
            yield from rows.scalars()

    def exported(
        self, *, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[str]:
        """Rows as JSON texts, oldest first: what was sealed of each, and its seal as ``hash``."""
        found = select(audit).order_by(audit.c.seq)
        if since is not None:
            found = found.where(audit.c.at >= since)
        if until is not None:
            found = found.where(audit.c.at < until)
        for row in self._connection.execute(found, execution_options={"yield_per": 5000}):
            yield _sealed_text(dict(row._mapping))

    def verify(self, *, after: int = 0) -> Chain:
        """Walks the chain, from the row behind `after` on. Rows cut off the end can only be seen
        against a head kept elsewhere: compare `Chain.head` and `length` with what the last
        certificate says."""
        start = select(audit.c.hash).where(audit.c.seq == after)
        previous = self._connection.execute(start).scalar() if after else CHAIN_START
        seq, previous = after, previous or ""  # a row that is missing fits nothing
        rows = select(audit).where(audit.c.seq > after).order_by(audit.c.seq)
        with self._connection.execute(rows, execution_options={"yield_per": 5000}) as found:
            for row in found:
                seq += 1
                values = {name: value for name, value in row._mapping.items() if name != "hash"}
                if row.seq != seq or row.previous != previous or row.hash != _seal(values):
                    return Chain(length=seq, head=previous, broken_at=row.seq)
                previous = row.hash
        return Chain(length=seq, head=previous)


def _seal(row: Mapping[str, object]) -> str:
    return hashlib.sha256(_sealed_text(row).encode()).hexdigest()


def _sealed_text(row: Mapping[str, object]) -> str:
    plain = {
        name: to_ms(value) if isinstance(value, datetime) else value for name, value in row.items()
    }
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _record(row: object) -> Record:
    get = row._mapping  # type: ignore[attr-defined]
    return Record(
        seq=get["seq"], at=get["at"], word=get["word"], actor=get["actor"],
        actor_id=get["actor_id"], space=get["space_id"], person=get["person_id"],
        detail=json.loads(get["detail"]), previous=get["previous"], hash=get["hash"],
    )  # fmt: skip
