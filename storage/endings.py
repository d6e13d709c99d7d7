"""Requests to delete a space by hand: which are open, and moves that only one can make.

A move is one UPDATE guarded by the state that it came from; whoever comes second changes
nothing and is told so. One request a space can be open.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Connection, Select, delete, select, type_coerce, update

from domain.endings import OPEN, Request, RequestState, Way
from domain.ids import PersonKey, RequestKey, SpaceKey, StepKey
from storage.schema import Moment, deletion_request

_T = deletion_request
_ENDS = (RequestState.DONE, RequestState.ENDED)


class Deletions:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    # -- questions --------------------------------------------------------------------------

    def get(self, key: RequestKey) -> Request:
        """Raises LookupError when there is none."""
        found = self._find(select(_T).where(_T.c.id == key))
        if not found:
            raise LookupError(f"no request {key}")
        return found[0]

    def open_of(self, space: SpaceKey) -> Request | None:
        found = self._find(
            select(_T).where(
                _T.c.space_id == space, _T.c.ended_at.is_(None),
                _T.c.state != str(RequestState.SHOWN),
            )
        )  # fmt: skip
        return found[0] if found else None

    def last_of(self, space: SpaceKey) -> Request | None:
        """The latest that was asked for, open or not."""
        found = select(_T).where(_T.c.space_id == space, _T.c.asked_at.is_not(None))
        hits = self._find(found.order_by(_T.c.id.desc()).limit(1))
        return hits[0] if hits else None

    def open(self, *states: RequestState) -> tuple[Request, ...]:
        """Open requests in these states, or in any; the soonest due first."""
        wanted = [str(one) for one in states or OPEN]
        found = select(_T).where(_T.c.ended_at.is_(None), _T.c.state.in_(wanted))
        return self._find(found.order_by(_T.c.due_at, _T.c.id))

    def shown_to(self, person: PersonKey, space: SpaceKey, *, since: datetime) -> Request | None:
        """What a person was shown of a space last."""
        found = select(_T).where(
            _T.c.by_id == person, _T.c.space_id == space, _T.c.shown_at >= since,
            _T.c.state == str(RequestState.SHOWN),
        )  # fmt: skip
        hits = self._find(found.order_by(_T.c.id.desc()).limit(1))
        return hits[0] if hits else None

    # -- changes ----------------------------------------------------------------------------

    def show(
        self, space: SpaceKey, person: PersonKey, *, by_compliance: bool, way: Way, seen: str,
        seen_human: datetime | None, salt: str,
    ) -> Request:  # fmt: skip
        """Takes the place of what the person was shown of the space before."""
        self._connection.execute(
            delete(_T).where(
                _T.c.by_id == person, _T.c.space_id == space,
                _T.c.state == str(RequestState.SHOWN),
            )
        )  # fmt: skip
        key = self._connection.execute(
            _T.insert()
            .values(
                space_id=space, state=str(RequestState.SHOWN), by_id=person,
                by_compliance=by_compliance, way=str(way), seen=seen,
                seen_human=seen_human, salt=salt, shown_at=self._now,
            )
            .returning(_T.c.id)
        ).scalar_one()  # fmt: skip
        return self.get(RequestKey(key))

    def move(self, request: Request, to: RequestState, *, why: str, **more: Any) -> bool:
        """From the state that `request` was read in; `more` are columns. False when it is not
        in it any more."""
        values: dict[str, Any] = {"state": str(to), "why": why, **more}
        if to in _ENDS:
            values["ended_at"] = self._now
        changed = self._connection.execute(
            update(_T)
            .where(
                _T.c.id == request.key, _T.c.state == str(request.state), _T.c.ended_at.is_(None)
            )
            .values(**values)
        )
        return changed.rowcount == 1

    def tell(self, request: Request, told: Iterable[PersonKey], *, due: datetime | None) -> None:
        """Whom a card reached so far, and when the time is over that they have."""
        self._connection.execute(
            update(_T)
            .where(_T.c.id == request.key, _T.c.state == str(RequestState.COOLING))
            .values(told=json.dumps(sorted({*request.told, *told})), due_at=due)
        )

    def exported(self, request: Request, folder: str) -> bool:
        """Where its export lies. False when the request is over."""
        changed = self._connection.execute(
            update(_T).where(_T.c.id == request.key, _T.c.ended_at.is_(None)).values(export=folder)
        )
        return changed.rowcount == 1

    def extend(self, span: timedelta) -> int:
        """Everybody who can still say no gets `span` more time. Says how many requests."""
        due = type_coerce(_T.c.due_at, BigInteger)
        ms = round(span.total_seconds() * 1000)
        changed = self._connection.execute(
            update(_T)
            .where(_T.c.state == str(RequestState.COOLING), _T.c.due_at.is_not(None))
            .values(due_at=type_coerce(due + ms, Moment))
        )
        return changed.rowcount

    def sweep(self, *, before: datetime) -> int:
        """Forgets what was only shown."""
        gone = self._connection.execute(
            delete(_T).where(_T.c.state == str(RequestState.SHOWN), _T.c.shown_at < before)
        )
        return gone.rowcount

    def _find(self, found: Select[Any]) -> tuple[Request, ...]:
        return tuple(_request(row) for row in self._connection.execute(found))


def _request(row: Any) -> Request:
    return Request(
        key=RequestKey(row.id), space=SpaceKey(row.space_id), state=RequestState(row.state),
        by=PersonKey(row.by_id), by_compliance=row.by_compliance, second=row.second_id,
        way=Way(row.way), reason=row.reason, seen=row.seen, seen_human=row.seen_human,
        salt=row.salt, shown_at=row.shown_at, asked_at=row.asked_at, due=row.due_at,
        told=tuple(PersonKey(one) for one in json.loads(row.told)),
        export=row.export, step=StepKey(row.step) if row.step else None, ended_at=row.ended_at,
        ended_by=row.ended_by_id, outcome=row.outcome, why=row.why,
    )  # fmt: skip
