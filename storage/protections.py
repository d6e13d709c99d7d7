"""What protects a space: keeps by hand, holds, and dates before which it is left alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, or_, select, update

from domain.cases import Hold, Keep
from domain.ids import HoldKey, PersonKey, SpaceKey, TagKey
from storage.reaching import holds_at, reached
from storage.schema import hold, hold_target, manual_keep, not_before, tag
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
        """When people may end it by hand again, after a protection was taken off."""
        return self._connection.execute(
            select(not_before.c.firm_until).where(not_before.c.space_id == space)
        ).scalar()

    def firm_dates(self, spaces: Iterable[SpaceKey]) -> dict[SpaceKey, datetime]:
        """The same of many; those that have no such date are left out."""
        column = not_before.c.firm_until
        found = select(not_before.c.space_id, column).where(
            within(self._connection, not_before.c.space_id, spaces), column.is_not(None)
        )
        return {SpaceKey(row[0]): row[1] for row in self._connection.execute(found)}

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
        self, name: str, *, reason: str, by: PersonKey | None, spaces: Iterable[SpaceKey] = (),
        people: Iterable[PersonKey] = (), tags: Iterable[TagKey] = (),
    ) -> Hold:  # fmt: skip
        key = self._connection.execute(
            hold.insert()
            .values(name=name, reason=reason, by_id=by, at=self._now)
            .returning(hold.c.id)
        ).scalar_one()
        none: dict[str, int | None] = {"space_id": None, "person_id": None, "tag_id": None}
        rows = [
            *({**none, "hold_id": key, "space_id": one} for one in spaces),
            *({**none, "hold_id": key, "person_id": one} for one in people),
            *({**none, "hold_id": key, "tag_id": one} for one in tags),
        ]
        if rows:
            self._connection.execute(hold_target.insert(), rows)
        return Hold(key=HoldKey(key), name=name, reason=reason, by=by, at=self._now)

    def end_hold(self, key: HoldKey, *, at: datetime) -> bool:
        """Ends it at a moment ahead. False when its end is set already."""
        changed = self._connection.execute(
            update(hold).where(hold.c.id == key, hold.c.ends_at.is_(None)).values(ends_at=at)
        )
        return changed.rowcount == 1

    def hold_on(self, key: HoldKey) -> None:
        """Takes back an end that lies ahead."""
        self._connection.execute(
            update(hold).where(hold.c.id == key, hold.c.ends_at > self._now).values(ends_at=None)
        )

    def held_tags(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of the tags that a hold is on: taking one off would let a space slip out."""
        found = (
            select(tag.c.name)
            .join(hold_target, hold_target.c.tag_id == tag.c.id)
            .join(hold, hold.c.id == hold_target.c.hold_id)
            .where(tag.c.name.in_(list(names)), self._is_on())
        )
        return tuple(sorted(set(self._connection.scalars(found))))

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

    def _is_on(self) -> ColumnElement[bool]:
        return holds_at(self._now)


def _hold(row: Any) -> Hold:
    return Hold(
        key=HoldKey(row.id), name=row.name, reason=row.reason, by=row.by_id, at=row.at,
        ends_at=row.ends_at,
    )  # fmt: skip
