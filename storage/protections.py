"""What protects a space: keeps by hand, holds, and dates before which it is left alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, literal, or_, select, update

from domain.cases import Hold, HoldChange, HoldTargets, Keep
from domain.ids import HoldKey, PersonKey, SpaceKey, TagKey
from storage.reaching import LEFT_ALONE, holds_at, left_alone_after, reached
from storage.schema import (
    former_membership,
    hold,
    hold_change,
    hold_found,
    hold_target,
    manual_keep,
    membership,
    not_before,
    person,
    space_tag,
    tag,
)
from storage.sql import insert, pieces, upsert, within


class Protections:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    # -- keeps ------------------------------------------------------------------------------

    def keep_of(self, space: SpaceKey) -> Keep | None:
        row = self._connection.execute(
            select(manual_keep).where(manual_keep.c.space_id == space)
        ).first()
        if row is None:
            return None
        return Keep(
            space=space, until=row.until, by=row.by_id, at=row.at, reason=row.reason,
            by_compliance=row.by_compliance,
        )  # fmt: skip

    def keep(
        self, space: SpaceKey, *, until: datetime | None, by: PersonKey | None, reason: str = "",
        by_compliance: bool = False,
    ) -> None:  # fmt: skip
        """`until` None keeps for ever; what was set before is replaced."""
        row = {
            "space_id": space, "until": until, "by_id": by, "by_compliance": by_compliance,
            "at": self._now, "reason": reason,
        }  # fmt: skip
        upsert(
            self._connection, manual_keep, [row], on=["space_id"],
            change=["until", "by_id", "by_compliance", "at", "reason"],
        )  # fmt: skip

    def clear_keep(self, space: SpaceKey) -> bool:
        """False when nothing was set."""
        gone = self._connection.execute(delete(manual_keep).where(manual_keep.c.space_id == space))
        return gone.rowcount == 1

    # -- left alone until -------------------------------------------------------------------

    def not_before(self, space: SpaceKey) -> tuple[datetime, str] | None:
        row = self._connection.execute(
            select(not_before.c.until, not_before.c.reason).where(not_before.c.space_id == space)
        ).first()
        return (row[0], row[1]) if row else None

    def firmly_until(self, space: SpaceKey) -> datetime | None:
        """When people may end it by hand again: a protection was taken off, or a hold ended. What
        a hold's search may have found is asked beside it (`query.protecting.firm_dates`)."""
        return self.firm_dates([space]).get(space)

    def firm_dates(self, spaces: Iterable[SpaceKey]) -> dict[SpaceKey, datetime]:
        """The same of many; those that have no such date are left out."""
        keys, column = tuple(spaces), not_before.c.firm_until
        found = select(not_before.c.space_id, column).where(
            within(self._connection, not_before.c.space_id, keys), column.is_not(None)
        )
        dates = {SpaceKey(row[0]): row[1] for row in self._connection.execute(found)}
        ended = left_alone_after(self._now).subquery("ended")
        last = (
            select(ended.c.space_id, func.max(ended.c.ends_at))
            .where(within(self._connection, ended.c.space_id, keys))
            .group_by(ended.c.space_id)
        )
        for key, at in self._connection.execute(last):
            dates[SpaceKey(key)] = max(at + LEFT_ALONE, dates.get(SpaceKey(key), at))
        return dates

    def leave_alone(
        self, spaces: Iterable[SpaceKey], *, until: datetime, reason: str, is_firm: bool = True
    ) -> None:
        """Only ever longer: an earlier date does not replace a later one. `is_firm`: whoever
        manages a space may not end it before by hand either, since a protection was taken off;
        what only gives owners time does not bind them."""
        firm = until if is_firm else None
        for piece in pieces(spaces):
            put = insert(self._connection, not_before)
            put = put.on_conflict_do_update(
                index_elements=["space_id"],
                set_={name: put.excluded[name] for name in ("until", "reason", "at")},
                where=not_before.c.until < put.excluded.until,
            )
            self._connection.execute(
                put,
                [
                    {"space_id": s, "until": until, "firm_until": firm, "reason": reason,
                     "at": self._now}
                    for s in piece
                ],
            )  # fmt: skip
            if is_firm:
                self._connection.execute(
                    update(not_before)
                    .where(
                        not_before.c.space_id.in_(piece),
                        or_(not_before.c.firm_until.is_(None), not_before.c.firm_until < until),
                    )
                    .values(firm_until=until)
                )

    # -- holds ------------------------------------------------------------------------------

    def place_hold(
        self, name: str, *, reason: str, by: PersonKey | None, matter: str = "",
        until: datetime | None = None, spaces: Iterable[SpaceKey] = (),
        people: Iterable[PersonKey] = (), tags: Iterable[TagKey] = (),
        searches: Iterable[str] = (),
    ) -> Hold:  # fmt: skip
        key = HoldKey(
            self._connection.execute(
                hold.insert()
                .values(
                    name=name, reason=reason, by_id=by, at=self._now, matter=matter, until=until,
                    ends_at=until,
                )
                .returning(hold.c.id)
            ).scalar_one()
        )  # fmt: skip
        self.add_targets(key, spaces=spaces, people=people, tags=tags, searches=searches)
        return Hold(
            key=key, name=name, reason=reason, by=by, at=self._now, matter=matter, until=until,
            ends_at=until,
        )  # fmt: skip

    def add_targets(
        self, key: HoldKey, *, spaces: Iterable[SpaceKey] = (), people: Iterable[PersonKey] = (),
        tags: Iterable[TagKey] = (), searches: Iterable[str] = (),
    ) -> int:  # fmt: skip
        """Puts a hold on more; says how many of them are new to it."""
        had = {
            (row.space_id, row.person_id, row.tag_id, row.query)
            for row in self._connection.execute(
                select(hold_target).where(hold_target.c.hold_id == key)
            )
        }
        asked: list[tuple[Any, ...]] = [
            *((one, None, None, None) for one in spaces),
            *((None, one, None, None) for one in people),
            *((None, None, one, None) for one in tags),
            *((None, None, None, one) for one in searches),
        ]
        rows = [
            {"hold_id": key, "space_id": one[0], "person_id": one[1], "tag_id": one[2],
             "query": one[3]}
            for one in dict.fromkeys(asked) if one not in had
        ]  # fmt: skip
        if rows:
            self._connection.execute(hold_target.insert(), rows)
        return len(rows)

    def targets(self, key: HoldKey) -> HoldTargets:
        """What a hold is on."""
        found = self._connection.execute(
            select(hold_target.c.space_id, hold_target.c.person_id, hold_target.c.query, tag.c.name)
            .outerjoin(tag, tag.c.id == hold_target.c.tag_id)
            .where(hold_target.c.hold_id == key)
            .order_by(hold_target.c.id)
        ).all()
        return HoldTargets(
            spaces=tuple(SpaceKey(row.space_id) for row in found if row.space_id is not None),
            people=tuple(PersonKey(row.person_id) for row in found if row.person_id is not None),
            tags=tuple(row.name for row in found if row.name is not None),
            searches=tuple(row.query for row in found if row.query is not None),
        )

    def release(self, key: HoldKey, *, at: datetime) -> bool:
        """Ends it at a moment ahead. False when its release was asked for already."""
        changed = self._connection.execute(
            update(hold)
            .where(hold.c.id == key, hold.c.released_at.is_(None))
            .values(ends_at=at, released_at=self._now)
        )
        return changed.rowcount == 1

    def hold_on(self, key: HoldKey) -> None:
        """Takes a release back that has not taken effect."""
        self._connection.execute(
            update(hold)
            .where(hold.c.id == key, hold.c.ends_at > self._now)
            .values(ends_at=hold.c.until, released_at=None)
        )

    def set_end(self, key: HoldKey, until: datetime | None) -> None:
        """Another end than it had; None: until somebody releases it."""
        self._connection.execute(
            update(hold)
            .where(hold.c.id == key, hold.c.released_at.is_(None))
            .values(until=until, ends_at=until)
        )

    def describe(self, key: HoldKey, *, matter: str, reason: str) -> None:
        self._connection.execute(
            update(hold).where(hold.c.id == key).values(matter=matter, reason=reason)
        )

    def note(self, key: HoldKey, by: PersonKey | None, said: str) -> None:
        """A line in a hold's history."""
        self._connection.execute(
            hold_change.insert().values(hold_id=key, at=self._now, by_id=by, said=said)
        )

    def history(self, key: HoldKey) -> tuple[HoldChange, ...]:
        """The newest first."""
        found = select(hold_change).where(hold_change.c.hold_id == key)
        return tuple(
            HoldChange(at=row.at, by=row.by_id, said=row.said)
            for row in self._connection.execute(found.order_by(hold_change.c.id.desc()))
        )

    def ending_holds(self, before: datetime) -> tuple[Hold, ...]:
        """Those that hold and end by themselves before a moment."""
        found = select(hold).where(
            hold.c.released_at.is_(None), hold.c.ends_at > self._now, hold.c.ends_at <= before
        )
        return tuple(_hold(row) for row in self._connection.execute(found.order_by(hold.c.id)))

    def held_tags(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of the tags that a hold is on, or was until so lately that its spaces are left
        alone: taking one off would let a space slip out."""
        found = (
            select(tag.c.name)
            .join(hold_target, hold_target.c.tag_id == tag.c.id)
            .join(hold, hold.c.id == hold_target.c.hold_id)
            .where(tag.c.name.in_(list(names)), holds_at(self._now - LEFT_ALONE))
        )
        return tuple(sorted(set(self._connection.scalars(found))))

    def is_held(self, person: PersonKey) -> bool:
        """Whether a hold is on somebody, or was until so lately that nothing follows from it."""
        found = (
            select(hold_target.c.hold_id)
            .join(hold, hold.c.id == hold_target.c.hold_id)
            .where(hold_target.c.person_id == person, holds_at(self._now - LEFT_ALONE))
        )
        return self._connection.execute(found.limit(1)).first() is not None

    def hold_named(self, name: str) -> Hold | None:
        row = self._connection.execute(select(hold).where(hold.c.name == name)).first()
        return _hold(row) if row else None

    def holds(self, *, on_only: bool = True) -> tuple[Hold, ...]:
        found = select(hold).where(self._is_on()) if on_only else select(hold)
        return tuple(_hold(row) for row in self._connection.execute(found.order_by(hold.c.id)))

    def reach(self, key: HoldKey) -> tuple[SpaceKey, ...]:
        """The spaces under a hold, as far as its search was asked (`query.protecting`)."""
        on = reached(hold.c.id == key).subquery("reached")
        found = self._connection.scalars(select(on.c.space_id).distinct())
        return tuple(sorted(SpaceKey(one) for one in found))

    def why_reached(self, key: HoldKey) -> dict[SpaceKey, tuple[str, ...]]:
        """By which of a hold's targets each of its spaces is reached, in words; those that only
        its search may find are not among them."""
        mine = hold_target.c.hold_id == key
        ways = [
            select(hold_target.c.space_id, literal("itself")).where(
                mine, hold_target.c.space_id.is_not(None)
            ),
            *(
                select(seats.c.space_id, literal(said) + person.c.email)
                .join(hold_target, hold_target.c.person_id == seats.c.person_id)
                .join(person, person.c.id == seats.c.person_id)
                .where(mine)
                for seats, said in ((membership, "member "), (former_membership, "left "))
            ),
            select(space_tag.c.space_id, literal("tag ") + tag.c.name)
            .join(hold_target, hold_target.c.tag_id == space_tag.c.tag_id)
            .join(tag, tag.c.id == space_tag.c.tag_id)
            .where(mine),
            select(hold_found.c.space_id, literal("search")).where(hold_found.c.hold_id == key),
        ]
        found: dict[SpaceKey, list[str]] = {}
        for way in ways:
            for space, said in self._connection.execute(way):
                found.setdefault(SpaceKey(space), []).append(said)
        return {space: tuple(sorted(set(said))) for space, said in found.items()}

    def _is_on(self) -> ColumnElement[bool]:
        return holds_at(self._now)


def _hold(row: Any) -> Hold:
    return Hold(
        key=HoldKey(row.id), name=row.name, reason=row.reason, by=row.by_id, at=row.at,
        matter=row.matter, until=row.until, ends_at=row.ends_at, released_at=row.released_at,
    )  # fmt: skip
