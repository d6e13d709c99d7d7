"""The inbox: everything that arrived, once, before anything is done about it.

A row is keyed by Webex's own id of what arrived, so a repeated delivery finds it there.
Processes share the inbox: a row is claimed for a while, and a claim that ran out (its process
died) is taken over. Claims use real time, not the product's clock.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.schema import inbox
from storage.sql import pieces

WAITING, TAKEN, ANSWERED, FAILED = "waiting", "taken", "answered", "failed"
MOST_ATTEMPTS = 3
"""Processes that may die of one row; it is given up then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Something that just came in, before it is written down. `body` holds ids only."""

    id: str
    kind: str
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One arrival. `body` holds ids only; the text is read from Webex when its turn comes."""

    id: str
    kind: str
    body: Mapping[str, object]
    received_at: datetime
    attempts: int


class Inbox:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def receive(
        self, arrivals: Sequence[Arrival], *, by: str, span: timedelta
    ) -> tuple[Letter, ...]:
        """Writes arrivals down and claims them at once; those that had arrived before are left
        out, whoever has them. What is new comes in the order of `arrivals`."""
        insert: Any = (
            postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        )
        until = datetime.now(UTC) + span
        unique = {one.id: one for one in arrivals}
        rows = [
            {
                "id": one.id,
                "kind": one.kind,
                "state": TAKEN,
                "received_at": self._now,
                "body": json.dumps(dict(one.body), sort_keys=True),
                "taken_by": by,
                "taken_until": until,
                "attempts": 1,
            }
            for _, one in sorted(unique.items())  # in one order, so that no two processes, each
        ]  # fmt: skip                              with half of them, wait for each other
        new: dict[str, Letter] = {}
        for piece in pieces(rows, 200):
            made = insert(inbox).values(piece).on_conflict_do_nothing(index_elements=["id"])
            found = self._connection.execute(made.returning(inbox))
            new.update({row.id: _letter(row) for row in found})
        return tuple(new[id] for id in unique if id in new)

    def renew(self, ids: Iterable[str], *, by: str, span: timedelta) -> None:
        """Keeps hold of rows that are still being worked on."""
        for piece in pieces(ids):
            self._connection.execute(
                update(inbox)
                .where(inbox.c.id.in_(piece), inbox.c.taken_by == by, inbox.c.state == TAKEN)
                .values(taken_until=datetime.now(UTC) + span)
            )

    def known(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of `ids` that have arrived already."""
        return frozenset(
            self._connection.scalars(select(inbox.c.id).where(inbox.c.id.in_(list(ids))))
        )

    def take(self, id: str, *, by: str, span: timedelta) -> Letter | None:
        """Claims a row; None when it is answered, given up, or another live process has it."""
        now = datetime.now(UTC)
        row = self._connection.execute(
            update(inbox)
            .where(inbox.c.id == id, _is_free(now))
            .values(state=TAKEN, taken_by=by, taken_until=now + span, attempts=inbox.c.attempts + 1)
            .returning(inbox)
        ).first()
        return _letter(row) if row else None

    def answered(self, *ids: str) -> None:
        self._close(ids, ANSWERED)

    def failed(self, id: str) -> None:
        """Given up: its person was told, and a repeat would only fail again."""
        self._close((id,), FAILED)

    def again(self, id: str, *, after: timedelta = timedelta()) -> None:
        """Back in the row of those who wait; another attempt is made `after` a while. Only what
        a process died of is counted, not what could not be done yet."""
        self._connection.execute(
            update(inbox)
            .where(inbox.c.id == id)
            .values(state=WAITING, taken_until=datetime.now(UTC) + after, attempts=1)
        )

    def give_back(self, ids: Iterable[str], *, by: str) -> None:
        """Rows that were claimed and not begun, of a process that stops."""
        for piece in pieces(ids):
            self._connection.execute(
                update(inbox)
                .where(inbox.c.id.in_(piece), inbox.c.taken_by == by, inbox.c.state == TAKEN)
                .values(state=WAITING, taken_until=None, attempts=inbox.c.attempts - 1)
            )

    def left_over(self) -> tuple[str, ...]:
        """Ids whose time has come or whose claim ran out, oldest first: what a dead process
        left."""
        found = select(inbox.c.id).where(_is_free(datetime.now(UTC)))
        return tuple(self._connection.scalars(found.order_by(inbox.c.received_at)))

    def deadly(self) -> tuple[str, ...]:
        """Ids of which one process after the other died."""
        died = and_(
            inbox.c.state == TAKEN,
            inbox.c.taken_until < datetime.now(UTC),
            inbox.c.attempts >= MOST_ATTEMPTS,
        )
        return tuple(self._connection.scalars(select(inbox.c.id).where(died)))

    def last_received(self) -> datetime | None:
        """When the latest arrival was written, by the product's clock."""
        return self._connection.execute(
            select(inbox.c.received_at).order_by(inbox.c.received_at.desc()).limit(1)
        ).scalar()

    def sweep(self, *, before: datetime) -> int:
        """Forgets what was answered, or given up, before then."""
        gone = delete(inbox).where(
            inbox.c.state.in_((ANSWERED, FAILED)), inbox.c.received_at < before
        )
        return self._connection.execute(gone).rowcount

    def counts(self) -> Mapping[str, int]:
        found = select(inbox.c.state, func.count()).group_by(inbox.c.state)
        return {row[0]: row[1] for row in self._connection.execute(found)}

    def _close(self, ids: Sequence[str], state: str) -> None:
        self._connection.execute(
            update(inbox)
            .where(inbox.c.id.in_(ids))
            .values(state=state, answered_at=self._now, taken_until=None)
        )


def _is_free(now: datetime) -> Any:
    """Waits and is due, or its process died; but not one process after the other."""
    is_due = or_(inbox.c.taken_until.is_(None), inbox.c.taken_until <= now)
    return or_(
        and_(inbox.c.state == WAITING, is_due),
        and_(inbox.c.state == TAKEN, is_due, inbox.c.attempts < MOST_ATTEMPTS),
    )


def _letter(row: Any) -> Letter:
    return Letter(
        id=row.id, kind=row.kind, body=json.loads(row.body), received_at=row.received_at,
        attempts=row.attempts,
    )  # fmt: skip
