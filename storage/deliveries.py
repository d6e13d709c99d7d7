"""What happened, once for all the words that told of it, and each telling of it to a watch.

A delivery is claimed for a while of real time, so that two processes never do the same one at
the same time, and what a dead process held comes free; when it is due is the product's time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    and_,
    case,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from domain.ids import SpaceKey
from domain.watches import (
    Delivery,
    DeliveryState,
    Happening,
    Target,
    Trigger,
    WatchState,
)
from storage.schema import (
    Moment,
    delivery,
    happening,
    watch,
)
from storage.sql import insert, pieces

MOST_WAITING = 1_000
"""Deliveries of one watch that wait; what comes then is counted and left out."""


class Deliveries:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    # -- happenings -------------------------------------------------------------------------

    def happened(self, what: Happening) -> int | None:
        """Writes down that it happened; None when that is known, by its identity."""
        put = insert(self._connection, happening).values(
            identity=what.identity, kind=int(what.trigger), space_id=what.space,
            subject=what.subject, shape=what.shape, at=what.at, made_at=self._now,
            data=json.dumps(dict(what.data), ensure_ascii=False),
        )  # fmt: skip
        made = put.on_conflict_do_nothing(index_elements=["identity"]).returning(happening.c.id)
        key = self._connection.execute(made).scalar()
        return None if key is None else int(key)

    def is_known(self, identity: str) -> bool:
        found = select(happening.c.id).where(happening.c.identity == identity)
        return self._connection.execute(found).first() is not None

    def latest(self, subject: str, trigger: Trigger) -> Happening | None:
        """What was last told to have happened so to that."""
        row = self._connection.execute(
            select(happening)
            .where(happening.c.subject == subject, happening.c.kind == int(trigger))
            .order_by(happening.c.id.desc())
            .limit(1)
        ).first()
        return None if row is None else _happening(row)

    # -- deliveries -------------------------------------------------------------------------

    def queue(self, watch_key: int, happening_key: int, identity: str) -> bool:
        """One telling, once for a watch; False when too much of it waits already."""
        waiting = select(func.count()).select_from(delivery)
        waiting = waiting.where(
            delivery.c.watch_id == watch_key, delivery.c.state == DeliveryState.WAITING
        )
        if self._connection.execute(waiting).scalar_one() >= MOST_WAITING:
            return False
        put = insert(self._connection, delivery).values(
            name=_name(watch_key, identity), watch_id=watch_key, happening_id=happening_key,
            state=str(DeliveryState.WAITING), made_at=self._now, due_at=self._now,
            free_at=_real_now(), round=0, attempts=0, took_ms=0, status="", why="",
        )  # fmt: skip
        self._connection.execute(
            put.on_conflict_do_nothing(index_elements=["watch_id", "happening_id"])
        )
        return True

    def due(
        self, *, limit: int, cards: int, posts: int, unless: Iterable[int] = ()
    ) -> tuple[int, ...]:
        """Keys of what is to be told now: of each watch the first, unless it rests, something
        of it is in hand already, or it has had its share of this minute. Those whose turn came
        first come first.

        Args:
            cards, posts: the share of a watch that tells people, and of one with an address.
            unless: watches to pass over.
        """
        real = _real_now()
        mine = delivery.c.watch_id == watch.c.id
        is_due = and_(
            mine,
            delivery.c.state == DeliveryState.WAITING,
            delivery.c.due_at <= self._now,
            delivery.c.free_at <= real,
        )
        first = select(func.min(delivery.c.id)).where(is_due).correlate(watch).scalar_subquery()
        since = select(func.min(delivery.c.due_at)).where(is_due).correlate(watch)
        in_hand = exists().where(
            mine,
            delivery.c.state == DeliveryState.WAITING,
            delivery.c.free_at > real,
            delivery.c.taken_by.is_not(None),
        )
        lately = (
            select(func.count())
            .where(mine, delivery.c.last_at > self._now - timedelta(minutes=1))
            .correlate(watch)
            .scalar_subquery()
        )
        found = (
            select(first.label("first"))
            .select_from(watch)
            .where(
                watch.c.state == WatchState.ACTIVE,
                or_(watch.c.rests_until.is_(None), watch.c.rests_until <= self._now),
                watch.c.id.not_in(list(unless)), exists().where(is_due), ~in_hand,
                lately < case((watch.c.target == Target.ADDRESS, posts), else_=cards),
            )
            .order_by(since.scalar_subquery(), watch.c.id)
            .limit(limit)
        )  # fmt: skip
        return tuple(int(key) for key in self._connection.scalars(found))

    def take(self, key: int, *, by: str, span: timedelta) -> Delivery | None:
        """Claims one; None when another live process has it, or it is over."""
        real = _real_now()
        taken = self._connection.execute(
            update(delivery)
            .where(
                delivery.c.id == key, delivery.c.state == DeliveryState.WAITING,
                delivery.c.free_at <= real, delivery.c.due_at <= self._now,
            )
            .values(free_at=real + span, taken_by=by)
            .returning(delivery.c.id)
        ).first()  # fmt: skip
        return None if taken is None else self.get(key)

    def renew(self, key: int, *, by: str, span: timedelta) -> None:
        self._connection.execute(
            update(delivery)
            .where(delivery.c.id == key, delivery.c.taken_by == by)
            .values(free_at=_real_now() + span)
        )

    def give_back(self, key: int, *, by: str, after: timedelta = timedelta()) -> None:
        """Nothing was tried; it is free again after a while of real time."""
        self._connection.execute(
            update(delivery)
            .where(delivery.c.id == key, delivery.c.taken_by == by)
            .values(free_at=_real_now() + after, taken_by=None)
        )

    def tried(
        self, key: int, *, state: DeliveryState, status: str, why: str, took_ms: int,
        due_at: datetime | None = None,
    ) -> None:  # fmt: skip
        """What came of an attempt."""
        self._connection.execute(
            update(delivery)
            .where(delivery.c.id == key, delivery.c.state == DeliveryState.WAITING)
            .values(
                state=str(state), status=status, why=why, took_ms=took_ms, last_at=self._now,
                attempts=delivery.c.attempts + 1, free_at=_real_now(), taken_by=None,
                due_at=due_at or delivery.c.due_at,
                first_at=func.coalesce(delivery.c.first_at, literal(self._now, Moment)),
            )
        )  # fmt: skip

    def withhold(self, key: int, why: str) -> None:
        self._connection.execute(
            update(delivery)
            .where(delivery.c.id == key, delivery.c.state == DeliveryState.WAITING)
            .values(
                state=str(DeliveryState.WITHHELD), why=why, free_at=_real_now(), taken_by=None,
                last_at=self._now,
            )
        )  # fmt: skip

    def withhold_all(self, watch_key: int, why: str) -> None:
        """All that waits of a watch."""
        self._connection.execute(
            update(delivery)
            .where(delivery.c.watch_id == watch_key, delivery.c.state == DeliveryState.WAITING)
            .values(state=str(DeliveryState.WITHHELD), why=why)
        )

    def give_up(self, watch_key: int, why: str) -> int:
        """All that waits of a watch is given up."""
        done = self._connection.execute(
            update(delivery)
            .where(
                delivery.c.watch_id == watch_key, delivery.c.state == DeliveryState.WAITING
            )
            .values(state=str(DeliveryState.DEAD), why=why)
        )  # fmt: skip
        return int(done.rowcount)

    def again(self, keys: Sequence[int]) -> int:
        """Those that are over are told once more, with all attempts; says how many."""
        count = 0
        for piece in pieces(keys):
            done = self._connection.execute(
                update(delivery)
                .where(delivery.c.id.in_(piece), delivery.c.state != DeliveryState.WAITING)
                .values(
                    state=str(DeliveryState.WAITING), due_at=self._now, free_at=_real_now(),
                    attempts=0, first_at=None, round=delivery.c.round + 1,
                )
            )  # fmt: skip
            count += int(done.rowcount)
        return count

    def round_of(self, key: int) -> int:
        """How often it was asked for again."""
        return int(
            self._connection.execute(
                select(delivery.c.round).where(delivery.c.id == key)
            ).scalar_one()
        )  # fmt: skip

    # -- the log ----------------------------------------------------------------------------

    def get(self, key: int) -> Delivery | None:
        row = self._connection.execute(_select().where(delivery.c.id == key)).first()
        return None if row is None else _delivery(row)

    def of(
        self, watch_key: int, *, limit: int, skip: int = 0, state: DeliveryState | None = None
    ) -> tuple[Delivery, ...]:
        """The latest first."""
        found = _select().where(delivery.c.watch_id == watch_key)
        if state is not None:
            found = found.where(delivery.c.state == state)
        found = found.order_by(delivery.c.id.desc()).limit(limit).offset(skip)
        return tuple(map(_delivery, self._connection.execute(found)))

    def counts(self, watches: Sequence[int]) -> dict[int, dict[DeliveryState, int]]:
        """How many of each watch are in which state."""
        found: dict[int, dict[DeliveryState, int]] = {key: {} for key in watches}
        for piece in pieces(watches):
            rows = self._connection.execute(
                select(delivery.c.watch_id, delivery.c.state, func.count())
                .where(delivery.c.watch_id.in_(piece))
                .group_by(delivery.c.watch_id, delivery.c.state)
            )
            for key, state, count in rows:
                found[int(key)][DeliveryState(state)] = int(count)
        return found

    def last_of(self, watches: Sequence[int]) -> dict[int, Delivery]:
        """The delivery of each watch that was tried last."""
        found: dict[int, Delivery] = {}
        for piece in pieces(watches):
            last = (
                select(func.max(delivery.c.last_at))
                .where(delivery.c.watch_id == watch.c.id)
                .correlate(watch)
                .scalar_subquery()
            )
            rows = self._connection.execute(
                _select()
                .join(watch, watch.c.id == delivery.c.watch_id)
                .where(watch.c.id.in_(piece), delivery.c.last_at == last)
                .order_by(delivery.c.id)
            )
            found |= {row.watch_id: _delivery(row) for row in rows}
        return found

    def sweep(self, *, before: datetime) -> int:
        """Forgets deliveries that are over, and happenings that none tells of."""
        gone = self._connection.execute(
            delete(delivery).where(
                delivery.c.state != DeliveryState.WAITING, delivery.c.made_at < before
            )
        ).rowcount
        told = exists().where(delivery.c.happening_id == happening.c.id)
        gone += self._connection.execute(
            delete(happening).where(and_(happening.c.made_at < before, ~told))
        ).rowcount
        return int(gone)


def _real_now() -> datetime:
    return datetime.now(UTC)


def _name(watch_key: int, identity: str) -> str:
    """The same delivery has the same name for ever, and it gives nothing away."""
    return "msg_" + hashlib.sha256(f"{watch_key}/{identity}".encode()).hexdigest()[:32]


def _select() -> Select[Any]:
    return select(
        delivery, happening.c.identity, happening.c.kind, happening.c.space_id,
        happening.c.subject, happening.c.shape, happening.c.at, happening.c.data,
    ).join(happening, happening.c.id == delivery.c.happening_id)  # fmt: skip


def _happening(row: Any) -> Happening:
    return Happening(
        identity=row.identity, trigger=Trigger(row.kind),
        space=None if row.space_id is None else SpaceKey(row.space_id), subject=row.subject,
        at=row.at, data=json.loads(row.data), shape=row.shape,
    )  # fmt: skip


def _delivery(row: Any) -> Delivery:
    return Delivery(
        key=row.id, name=row.name, watch=row.watch_id, happening=_happening(row),
        state=DeliveryState(row.state), made_at=row.made_at, due_at=row.due_at,
        attempts=row.attempts, first_at=row.first_at, last_at=row.last_at, took_ms=row.took_ms,
        status=row.status, why=row.why,
    )  # fmt: skip
