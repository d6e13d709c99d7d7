"""Requests to erase people: the register, the spaces of each, and what they may still take.

A move is one UPDATE guarded by the state that it came from; whoever comes second changes
nothing and is told so. One request a person can be open.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, Select, cast, desc, func, select, update

from domain.erasures import ENDED, Erasure, ErasureState, Obstacle, Part, PartState, Shown
from domain.ids import ErasureKey, PersonKey, SpaceKey, StepKey
from storage.forgetting import Forgotten, forget_person
from storage.schema import (
    erasure,
    erasure_part,
    erasure_shown,
    erasure_spent,
    former_membership,
    membership,
    space,
    space_name,
)
from storage.sql import insert, upsert, within

_E, _P = erasure, erasure_part
DAY = timedelta(hours=24)
_FIRST = (
    PartState.ATTENTION, PartState.WAITS, PartState.LEFT, PartState.TO_DO, PartState.DONE,
)  # fmt: skip


class Erasures:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    # -- the register -----------------------------------------------------------------------

    def get(self, key: ErasureKey) -> Erasure:
        """Raises LookupError when there is none."""
        found = self._find(select(_E).where(_E.c.id == key))
        if not found:
            raise LookupError(f"no erasure {key}")
        return found[0]

    def by_number(self, number: str) -> Erasure | None:
        found = self._find(select(_E).where(_E.c.number == number))
        return found[0] if found else None

    def open_of(self, person: PersonKey) -> Erasure | None:
        found = self._find(select(_E).where(_E.c.person_id == person, _E.c.ended_at.is_(None)))
        return found[0] if found else None

    def open(self, *states: ErasureState) -> tuple[Erasure, ...]:
        """What is not over, in these states or in any; the soonest due first."""
        wanted = [str(one) for one in states or ErasureState if one not in ENDED]
        found = select(_E).where(_E.c.ended_at.is_(None), _E.c.state.in_(wanted))
        return self._find(found.order_by(_E.c.due_at, _E.c.id))

    def listed(self, *, count: int, skip: int = 0) -> tuple[Erasure, ...]:
        """Open ones first, the soonest due first; then the latest that are over."""
        found = select(_E).order_by(
            _E.c.ended_at.is_not(None), desc(_E.c.ended_at), _E.c.due_at, _E.c.id
        )
        return self._find(found.limit(count).offset(skip))

    def count(self) -> int:
        return self._connection.execute(select(func.count()).select_from(_E)).scalar_one()

    def add(
        self, person: PersonKey, *, pseudonym: str, salt: str, by: PersonKey, received: datetime,
        due: datetime, reason: str, both_sides: bool,
    ) -> Erasure:  # fmt: skip
        last = self._connection.execute(select(func.max(_E.c.id))).scalar() or 0
        key = self._connection.execute(
            _E.insert()
            .values(
                number=f"ER-{self._now.year}-{last + 1:06d}", state=str(ErasureState.LOOKING),
                person_id=person, pseudonym=pseudonym, salt=salt, by_id=by, received_at=received,
                due_at=due, made_at=self._now, reason=reason, both_sides=both_sides,
            )
            .returning(_E.c.id)
        ).scalar_one()  # fmt: skip
        return self.get(ErasureKey(key))

    def move(self, one: Erasure, to: ErasureState, *, why: str = "", **more: Any) -> bool:
        """From the state that `one` was read in; `more` are columns. False when it is not in it
        any more."""
        values: dict[str, Any] = {"state": str(to), "why": why, **more}
        if to in ENDED:
            values["ended_at"] = self._now
        changed = self._connection.execute(
            update(_E)
            .where(_E.c.id == one.key, _E.c.state == str(one.state), _E.c.ended_at.is_(None))
            .values(**values)
        )
        return changed.rowcount == 1

    def extend(self, one: Erasure, *, due: datetime, why: str) -> bool:
        """Once. False when it was extended already, or is over."""
        changed = self._connection.execute(
            update(_E)
            .where(_E.c.id == one.key, _E.c.ended_at.is_(None), _E.c.extended_at.is_(None))
            .values(due_at=due, extended=why, extended_at=self._now)
        )
        return changed.rowcount == 1

    def served(self, key: ErasureKey) -> None:
        """A run has come to it, and may do what there is to do."""
        self._connection.execute(update(_E).where(_E.c.id == key).values(served_at=self._now))

    # -- its spaces -------------------------------------------------------------------------

    def spaces_of(self, person: PersonKey) -> frozenset[SpaceKey]:
        """Where the inventory knows somebody to be, or to have been."""
        found = select(membership.c.space_id).where(membership.c.person_id == person)
        before = select(former_membership.c.space_id).where(former_membership.c.person_id == person)
        return frozenset(map(SpaceKey, self._connection.scalars(found.union(before))))

    def untouchable(self, spaces: Iterable[SpaceKey]) -> frozenset[SpaceKey]:
        """Those of the spaces that nothing may ever be done to."""
        mine = within(self._connection, space.c.id, spaces)
        found = self._connection.scalars(select(space.c.id).where(mine, space.c.is_untouchable))
        return frozenset(map(SpaceKey, found))

    def parts(
        self, key: ErasureKey, *states: PartState, limit: int | None = None
    ) -> tuple[Part, ...]:
        """What stands in the way or needs a person first, then the others, by space."""
        found = select(_P).where(_P.c.erasure_id == key)
        if states:
            found = found.where(_P.c.state.in_([str(one) for one in states]))
        order = {str(one): place for place, one in enumerate(_FIRST)}
        each = [_part(row) for row in self._connection.execute(found.order_by(_P.c.space_id))]
        each.sort(key=lambda one: order[one.state])
        return tuple(each if limit is None else each[:limit])

    def part(self, key: ErasureKey, of: SpaceKey) -> Part | None:
        found = select(_P).where(_P.c.erasure_id == key, _P.c.space_id == of)
        row = self._connection.execute(found).first()
        return None if row is None else _part(row)

    def put_parts(self, key: ErasureKey, parts: Iterable[Part]) -> None:
        """Puts these in, in the place of what is known of the same spaces."""
        upsert(
            self._connection, _P,
            [
                {
                    "erasure_id": key, "space_id": one.space, "state": str(one.state),
                    "obstacle": str(one.obstacle), "is_direct": one.is_direct,
                    "is_member": one.is_member, "counted": one.counted, "files": one.files,
                    "why": one.why,
                }
                for one in parts
            ],
            on=["erasure_id", "space_id"],
            change=["state", "obstacle", "is_direct", "is_member", "counted", "files", "why"],
        )  # fmt: skip

    def set_part(self, key: ErasureKey, of: SpaceKey, **values: Any) -> None:
        self._connection.execute(
            update(_P).where(_P.c.erasure_id == key, _P.c.space_id == of).values(**values)
        )

    def totals(self, key: ErasureKey) -> Mapping[PartState, Mapping[str, int]]:
        """By state: how many spaces, messages counted, files, gone, conversations, memberships."""
        of = func.coalesce
        found = select(
            _P.c.state, func.count().label("spaces"), of(func.sum(_P.c.counted), 0),
            of(func.sum(_P.c.files), 0), of(func.sum(_P.c.deleted + _P.c.already), 0),
            func.sum(_as_number(_P.c.is_direct)), func.sum(_as_number(_P.c.is_member)),
            func.count(_P.c.counted),
        ).where(_P.c.erasure_id == key).group_by(_P.c.state)  # fmt: skip
        names = (
            "spaces", "counted", "files", "gone", "conversations", "memberships", "looked_at",
        )  # fmt: skip
        return {
            PartState(row[0]): dict(zip(names, map(int, row[1:]), strict=True))
            for row in self._connection.execute(found)
        }

    def list_hash(self, key: ErasureKey) -> str:
        """Stands for exactly these spaces and what is to become of each: SHA-256 over their
        sorted Webex ids, each with its obstacle, one a line."""
        found = (
            select(space_name.c.webex_id, _P.c.obstacle)
            .join(space_name, space_name.c.space_id == _P.c.space_id)
            .where(_P.c.erasure_id == key)
        )
        lines = sorted(f"{row[0]} {row[1]}" for row in self._connection.execute(found))
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    # -- who saw what -----------------------------------------------------------------------

    def show(self, key: ErasureKey, by: PersonKey, list_hash: str) -> Shown:
        made = self._connection.execute(
            erasure_shown.insert()
            .values(erasure_id=key, by_id=by, list_hash=list_hash, at=self._now)
            .returning(erasure_shown.c.id)
        ).scalar_one()
        return Shown(id=made, by=by, list_hash=list_hash, at=self._now)

    def shown_to(self, key: ErasureKey, by: PersonKey, *, since: datetime) -> tuple[Shown, ...]:
        """The latest first."""
        found = (
            select(erasure_shown)
            .where(
                erasure_shown.c.erasure_id == key, erasure_shown.c.by_id == by,
                erasure_shown.c.at >= since,
            )
            .order_by(desc(erasure_shown.c.id))
            .limit(50)
        )  # fmt: skip
        return tuple(
            Shown(id=row.id, by=PersonKey(row.by_id), list_hash=row.list_hash, at=row.at)
            for row in self._connection.execute(found)
        )

    # -- their cap --------------------------------------------------------------------------

    def spent(self) -> int:
        """Messages and memberships that erasures took away, or began to, in the last day. An hour
        counts whole until all of it is a day old."""
        since = self._now - DAY - timedelta(hours=1)
        found = select(func.sum(erasure_spent.c.number)).where(erasure_spent.c.hour > since)
        return self._connection.execute(found).scalar() or 0

    def spend(self) -> None:
        """One more."""
        hour = self._now.replace(minute=0, second=0, microsecond=0)
        put = insert(self._connection, erasure_spent).values(hour=hour, number=1)
        self._connection.execute(
            put.on_conflict_do_update(
                index_elements=["hour"], set_={"number": erasure_spent.c.number + 1}
            )
        )

    def forget(self, key: PersonKey, pseudonym: str, *, rename: bool) -> Forgotten:
        """What our own tables hold of somebody: see `storage.forgetting`."""
        return forget_person(self._connection, key, pseudonym, rename=rename)

    def _find(self, found: Select[Any]) -> tuple[Erasure, ...]:
        return tuple(_erasure(row) for row in self._connection.execute(found))


def _as_number(column: Any) -> Any:
    return cast(column, Integer)


def _erasure(row: Any) -> Erasure:
    return Erasure(
        key=ErasureKey(row.id), number=row.number, state=ErasureState(row.state),
        person=None if row.person_id is None else PersonKey(row.person_id),
        pseudonym=row.pseudonym, salt=row.salt, by=PersonKey(row.by_id),
        received=row.received_at, due=row.due_at, made_at=row.made_at, reason=row.reason,
        extended=row.extended, extended_at=row.extended_at, both_sides=row.both_sides,
        looked_at=row.looked_at, unknown=row.unknown, unseen=row.unseen,
        second=None if row.second_id is None else PersonKey(row.second_id),
        agreed_at=row.agreed_at, list_hash=row.list_hash, begins_at=row.begins_at,
        expires_at=row.expires_at, served_at=row.served_at, ended_at=row.ended_at,
        certificate=row.certificate,
        why=row.why,
    )  # fmt: skip


def _part(row: Any) -> Part:
    return Part(
        space=SpaceKey(row.space_id), state=PartState(row.state), obstacle=Obstacle(row.obstacle),
        is_direct=row.is_direct, is_member=row.is_member, counted=row.counted, files=row.files,
        deleted=row.deleted, already=row.already, refused=row.refused, membership=row.membership,
        why=row.why, step=StepKey(row.step) if row.step else None, tried_at=row.tried_at,
        seen_at=row.seen_at,
    )  # fmt: skip
