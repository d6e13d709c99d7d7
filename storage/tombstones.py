"""Tombstones: what a space was before it was ended, for as long as it can be made anew."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from domain.endings import Tombstone
from domain.ids import CaseKey, PersonKey, RequestKey, SpaceKey, TombstoneKey
from storage.schema import tombstone

_T = tombstone


class Tombstones:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def lay(
        self, space: SpaceKey, was: Mapping[str, object], *, until: datetime,
        request: RequestKey | None = None, case: CaseKey | None = None, export: str = "",
    ) -> Tombstone:  # fmt: skip
        """Writes down what a space is, before it is ended. One that was laid for the same
        request or case and never came true is written anew."""
        of = _T.c.request_id == request if request is not None else _T.c.case_id == case
        values = {
            "space_id": space, "request_id": request, "case_id": case, "made_at": self._now,
            "until": until, "export": export,
            "was": json.dumps(dict(was), sort_keys=True, default=str),
        }  # fmt: skip
        known = self._connection.execute(
            select(_T.c.id).where(of, _T.c.space_id == space, _T.c.gone_at.is_(None))
        ).scalar()
        if known is not None:
            self._connection.execute(update(_T).where(_T.c.id == known).values(**values))
        else:
            known = self._connection.execute(
                _T.insert().values(**values).returning(_T.c.id)
            ).scalar_one()
        return self.get(TombstoneKey(known))

    def get(self, key: TombstoneKey) -> Tombstone:
        """Raises LookupError when there is none."""
        row = self._connection.execute(select(_T).where(_T.c.id == key)).first()
        if row is None:
            raise LookupError(f"no tombstone {key}")
        return _tombstone(row)

    def of_space(self, space: SpaceKey) -> Tombstone | None:
        """The latest that came true."""
        found = select(_T).where(_T.c.space_id == space, _T.c.gone_at.is_not(None))
        row = self._connection.execute(found.order_by(_T.c.id.desc()).limit(1)).first()
        return _tombstone(row) if row else None

    def restorable(self) -> tuple[Tombstone, ...]:
        """Spaces that are gone, that nobody has made anew, and whose time is not over; the
        latest first."""
        found = select(_T).where(
            _T.c.gone_at.is_not(None), _T.c.restored_to == "", _T.c.until > self._now
        )
        rows = self._connection.execute(found.order_by(_T.c.gone_at.desc(), _T.c.id.desc()))
        return tuple(_tombstone(row) for row in rows)

    def came_true(
        self, *, request: RequestKey | None = None, case: CaseKey | None = None,
        until: datetime,
    ) -> Tombstone | None:  # fmt: skip
        """The space was seen gone; from now on it can be made anew until then."""
        of = _T.c.request_id == request if request is not None else _T.c.case_id == case
        row = self._connection.execute(select(_T).where(of).order_by(_T.c.id.desc())).first()
        if row is None:
            return None
        if row.gone_at is None:
            self._connection.execute(
                update(_T).where(_T.c.id == row.id).values(gone_at=self._now, until=until)
            )
        return self.get(TombstoneKey(row.id))

    def sweep(self, *, before: datetime) -> int:
        """Forgets who was in spaces that can't be made anew any more. Says how many."""
        gone = self._connection.execute(delete(_T).where(_T.c.until < before))
        return gone.rowcount

    def restored(self, key: TombstoneKey, to: str, by: PersonKey | None) -> None:
        self._connection.execute(
            update(_T)
            .where(_T.c.id == key)
            .values(restored_to=to, restored_by_id=by, restored_at=self._now)
        )


def _tombstone(row: Any) -> Tombstone:
    return Tombstone(
        key=TombstoneKey(row.id), space=SpaceKey(row.space_id), request=row.request_id,
        case=row.case_id, was=json.loads(row.was), export=row.export, made_at=row.made_at,
        until=row.until, gone_at=row.gone_at, restored_to=row.restored_to,
        restored_at=row.restored_at,
    )  # fmt: skip
