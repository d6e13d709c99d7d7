"""Watches: who wants to be told of what, and how each of them is doing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, literal, or_, select, update

from domain.ids import PersonKey, RoomId, SpaceKey
from domain.watches import (
    Reach,
    Target,
    Trigger,
    Watch,
    WatchState,
    Who,
    mask_of,
    triggers_of,
)
from storage.schema import Moment, former_membership, membership, space_name, watch
from storage.sql import insert

KEPT = timedelta(days=30)
"""How long a watch that was ended can still be looked at and taken up again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """What anybody watches: in any space, and in single ones (by their REST ids and uuids)."""

    anywhere: int = 0
    rooms: Mapping[str, int] = field(default_factory=dict)
    since: datetime | None = None
    """When the oldest of these watches was made."""

    def wants(self, trigger: Trigger, room: str) -> bool:
        return bool((self.anywhere | self.rooms.get(room, 0)) & trigger)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """The secrets of a watch, as they are kept: today's, and the one before while it counts."""

    now: str = field(repr=False)
    before: str = field(repr=False, default="")


class Watches:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    # -- questions --------------------------------------------------------------------------

    def get(self, key: int) -> Watch | None:
        row = self._connection.execute(select(watch).where(watch.c.id == key)).first()
        return _watch(row) if row else None

    def of_step(self, step: str) -> Watch | None:
        row = self._connection.execute(select(watch).where(watch.c.step == step)).first()
        return _watch(row) if row else None

    def listed(self, *, maker: PersonKey | None) -> tuple[Watch, ...]:
        """Those that have not ended, and those that ended lately; None: everybody's."""
        found = select(watch).where(
            or_(watch.c.state != WatchState.ENDED, watch.c.state_at > self._now - KEPT)
        )
        if maker is not None:
            found = found.where(watch.c.maker_id == maker)
        found = found.order_by(watch.c.state == WatchState.ENDED, watch.c.id)
        return tuple(map(_watch, self._connection.execute(found)))

    def count(self, maker: PersonKey) -> int:
        found = select(func.count()).select_from(watch)
        return int(
            self._connection.execute(
                found.where(watch.c.maker_id == maker, watch.c.state != WatchState.ENDED)
            ).scalar_one()
        )

    def interest(self) -> Interest:
        """What the active watches ask for."""
        found = (
            select(watch.c.reach, watch.c.triggers, watch.c.made_at, space_name.c.webex_id)
            .outerjoin(space_name, space_name.c.space_id == watch.c.space_id)
            .where(watch.c.state == WatchState.ACTIVE)
        )
        anywhere, since = 0, None
        rooms: dict[str, int] = {}
        for reach, mask, made_at, room in self._connection.execute(found):
            since = made_at if since is None else min(since, made_at)
            if reach != Reach.SPACE or room is None:
                anywhere |= mask
                continue
            for name in (room, RoomId(room).uuid):
                rooms[name] = rooms.get(name, 0) | mask
        return Interest(anywhere=anywhere, rooms=rooms, since=since)

    def ailing(self) -> frozenset[int]:
        """Those whose last attempt failed."""
        found = select(watch.c.id).where(watch.c.state == WatchState.ACTIVE, watch.c.failures > 0)
        return frozenset(int(key) for key in self._connection.scalars(found))

    def concerned(self, trigger: Trigger, space: SpaceKey, at: datetime) -> tuple[Watch, ...]:
        """The active watches that something in that space may concern, made before it."""
        inside = select(membership.c.space_id).where(
            membership.c.person_id == watch.c.maker_id, membership.c.space_id == space
        )
        was_inside = select(former_membership.c.space_id).where(
            former_membership.c.person_id == watch.c.maker_id,
            former_membership.c.space_id == space,
        )
        mine: ColumnElement[bool] = inside.exists()
        if trigger is Trigger.SPACE_DELETED:  # nobody is in it any more
            mine = or_(mine, was_inside.exists())
        found = select(watch).where(
            watch.c.state == WatchState.ACTIVE,
            watch.c.triggers.op("&")(int(trigger)) != 0,
            watch.c.made_at <= at,
            or_(
                watch.c.reach == Reach.ALL,
                and_(watch.c.reach == Reach.SPACE, watch.c.space_id == space),
                and_(watch.c.reach == Reach.MINE, mine),
            ),
        )  # fmt: skip
        return tuple(map(_watch, self._connection.execute(found.order_by(watch.c.id))))

    def depends_on_inventory(self, trigger: Trigger) -> bool:
        """Whether any watch of it asks for more than the one space: who is in it, or a query."""
        found = select(watch.c.id).where(
            watch.c.state == WatchState.ACTIVE,
            watch.c.triggers.op("&")(int(trigger)) != 0,
            or_(watch.c.reach == Reach.MINE, watch.c.query != ""),
        )
        return self._connection.execute(found.limit(1)).first() is not None

    def was_there(self, space: SpaceKey, who: PersonKey, *, at: datetime) -> bool:
        """Whether somebody is in a space, or was in it at that moment."""
        here = select(membership.c.person_id).where(
            membership.c.space_id == space, membership.c.person_id == who
        )
        left = select(former_membership.c.person_id).where(
            former_membership.c.space_id == space, former_membership.c.person_id == who,
            former_membership.c.left_at >= at,
        )  # fmt: skip
        return any(self._connection.execute(one).first() is not None for one in (here, left))

    def seat(self, space: SpaceKey, who: PersonKey) -> tuple[bool, datetime | None] | None:
        """Somebody's place in a space as it is known: whether they moderate it, since when."""
        row = self._connection.execute(
            select(membership.c.is_moderator, membership.c.since).where(
                membership.c.space_id == space, membership.c.person_id == who
            )
        ).first()
        return None if row is None else (bool(row[0]), row[1])

    def sealed(self, key: int) -> Sealed | None:
        row = self._connection.execute(
            select(watch.c.secret, watch.c.old_secret, watch.c.old_secret_until).where(
                watch.c.id == key
            )
        ).first()
        if row is None or row.secret is None:
            return None
        counts = row.old_secret_until is not None and row.old_secret_until > self._now
        return Sealed(now=row.secret, before=row.old_secret if counts and row.old_secret else "")

    # -- changes ----------------------------------------------------------------------------

    def add(self, made: Watch, *, step: str, secret: str = "") -> Watch:
        """Writes a watch down; its `key` is given here. Twice by one step it is one watch."""
        put = insert(self._connection, watch).values(
            step=step, maker_id=made.maker, made_at=self._now, triggers=mask_of(made.triggers),
            reach=str(made.reach), space_id=made.space, query=made.query, who=str(made.who),
            email=made.email, target=str(made.target), to_space_id=made.to_space,
            address=made.address, secret=secret or None, state=str(WatchState.ACTIVE),
            state_at=self._now, why="", dropped=0, failures=0,
        )  # fmt: skip
        self._connection.execute(put.on_conflict_do_nothing(index_elements=["step"]))
        found = self.of_step(step)
        if found is None:
            raise LookupError("a watch that was just written is not there")
        return found

    def move(self, key: int, state: WatchState, *, why: str, was: WatchState | None = None) -> bool:
        """Brings a watch into another state; False when it was not in `was` any more."""
        change = update(watch).where(watch.c.id == key, watch.c.state != state)
        if was is not None:
            change = change.where(watch.c.state == was)
        fresh: dict[str, Any] = {}
        if state is WatchState.ACTIVE:
            fresh = {"failures": 0, "failing_since": None, "rests_until": None, "dropped": 0}
        done = self._connection.execute(
            change.values(state=str(state), why=why, state_at=self._now, **fresh)
        )
        return bool(done.rowcount)

    def put_secret(self, key: int, sealed: str, *, old_until: datetime) -> None:
        """Another secret; the one before counts beside it until then."""
        self._connection.execute(
            update(watch)
            .where(watch.c.id == key)
            .values(old_secret=watch.c.secret, old_secret_until=old_until, secret=sealed)
        )

    def drop(self, key: int) -> None:
        """One more that there was no room for."""
        self._connection.execute(
            update(watch).where(watch.c.id == key).values(dropped=watch.c.dropped + 1)
        )

    def went_well(self, key: int) -> None:
        self._connection.execute(
            update(watch)
            .where(watch.c.id == key, watch.c.failures > 0)
            .values(failures=0, failing_since=None, rests_until=None)
        )

    def went_wrong(self, key: int, *, rests_until: datetime | None) -> None:
        """One more failure in a row; it is left alone until then."""
        self._connection.execute(
            update(watch)
            .where(watch.c.id == key)
            .values(
                failures=watch.c.failures + 1, rests_until=rests_until,
                failing_since=func.coalesce(watch.c.failing_since, literal(self._now, Moment)),
            )
        )  # fmt: skip

    def failures(self, key: int) -> int:
        return int(
            self._connection.execute(
                select(watch.c.failures).where(watch.c.id == key)
            ).scalar_one()
        )  # fmt: skip


def _watch(row: Any) -> Watch:
    return Watch(
        key=row.id, maker=PersonKey(row.maker_id), made_at=row.made_at,
        triggers=triggers_of(row.triggers), reach=Reach(row.reach), target=Target(row.target),
        space=None if row.space_id is None else SpaceKey(row.space_id), query=row.query,
        who=Who(row.who), email=row.email,
        to_space=None if row.to_space_id is None else SpaceKey(row.to_space_id),
        address=row.address, state=WatchState(row.state), why=row.why, dropped=row.dropped,
        failing_since=row.failing_since,
    )  # fmt: skip
