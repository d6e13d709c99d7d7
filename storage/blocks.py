"""What was before a space was blocked, exactly, for the way back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, union, update

from domain.ids import CaseKey, PersonId, PersonKey, RequestKey, SpaceKey
from domain.lifecycle import CaseState
from storage.schema import block_record, deletion_request, membership, person, retention_case
from storage.sql import pieces, upsert

_STANDS = (
    CaseState.WARNED, CaseState.BLOCKED, CaseState.ENFORCING, CaseState.NEEDS_ATTENTION,
    CaseState.GONE,
)  # fmt: skip
"""Where a case may have a block on its space: WARNED while it is being blocked."""
_STANDING = [str(one) for one in _STANDS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Why a space is blocked: by a policy's `case`, for a `request` to delete it, `by` a person;
    it stays until none of these is left. `is_case_over`: that case has no block any more.
    `by_compliance`: what a person of compliance blocked, only compliance may unblock."""

    space: SpaceKey
    case: CaseKey | None
    was: Mapping[str, object]
    at: datetime
    request: RequestKey | None = None
    by: PersonKey | None = None
    by_compliance: bool = False
    is_case_over: bool = False

    @property
    def is_for_case(self) -> bool:
        return self.case is not None and not self.is_case_over


class Blocks:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(
        self, space: SpaceKey, was: Mapping[str, object], *, case: CaseKey | None = None,
        request: RequestKey | None = None, by: PersonKey | None = None,
        by_compliance: bool = False,
    ) -> None:  # fmt: skip
        """What was stays as first written, since a second block must not take the blocked
        state for the old one; the reason that is given now comes to those that there are."""
        row = {
            "space_id": space, "case_id": case, "request_id": request, "by_id": by,
            "by_compliance": by_compliance, "at": self._now,
            "was": json.dumps(dict(was), sort_keys=True, default=str),
        }  # fmt: skip
        change = [name for name in ("case_id", "request_id", "by_id") if row[name] is not None]
        if by is not None:
            change.append("by_compliance")
        upsert(
            self._connection, block_record, [row], on=["space_id"], change=change or ["space_id"]
        )

    def of(self, space: SpaceKey) -> Block | None:
        row = self._connection.execute(
            select(block_record, retention_case.c.state)
            .join(retention_case, retention_case.c.id == block_record.c.case_id, isouter=True)
            .where(block_record.c.space_id == space)
        ).first()
        if row is None:
            return None
        return Block(
            space=space, case=row.case_id, was=json.loads(row.was), at=row.at,
            request=row.request_id, by=row.by_id, by_compliance=row.by_compliance,
            is_case_over=row.state is not None and row.state not in _STANDING,
        )  # fmt: skip

    def among(self, spaces: Iterable[SpaceKey]) -> frozenset[SpaceKey]:
        """Which of these are blocked, for whichever reason."""
        found: set[SpaceKey] = set()
        for piece in pieces(spaces):
            rows = self._connection.scalars(
                select(block_record.c.space_id).where(block_record.c.space_id.in_(piece))
            )
            found |= {SpaceKey(key) for key in rows}
        return frozenset(found)

    def put_back_also(self, space: SpaceKey, was: Mapping[str, object]) -> None:
        """What was, seen again before anything was done of it."""
        told = json.dumps(dict(was), sort_keys=True, default=str)
        mine = block_record.c.space_id == space
        self._connection.execute(update(block_record).where(mine).values(was=told))

    def let_go(self, space: SpaceKey, *, request: bool = False, by: bool = False) -> None:
        """Takes away a reason; the space stays as it is."""
        gone: dict[str, object] = {"request_id": None} if request else {}
        if by:
            gone |= {"by_id": None, "by_compliance": False}
        if gone:
            self._connection.execute(
                update(block_record).where(block_record.c.space_id == space).values(**gone)
            )

    def count(self, *, visible_to: PersonKey | None) -> int:
        """How many spaces are blocked, for whichever reason; only of those that the reader is
        in, or of all (None)."""
        blocked = union(
            select(block_record.c.space_id),
            select(retention_case.c.space_id).where(
                retention_case.c.state == str(CaseState.BLOCKED),
                retention_case.c.closed_at.is_(None),
            ),
        ).subquery()
        found = select(func.count()).select_from(blocked)
        if visible_to is not None:
            mine = select(membership.c.space_id).where(membership.c.person_id == visible_to)
            found = found.where(blocked.c.space_id.in_(mine))
        return self._connection.execute(found).scalar() or 0

    def drop(self, space: SpaceKey) -> None:
        self._connection.execute(delete(block_record).where(block_record.c.space_id == space))

    def moderate_again(self, key: SpaceKey, people: Iterable[PersonId]) -> None:
        """Those of the people who are in it moderate it, as was just confirmed."""
        some = select(person.c.id).where(person.c.webex_id.in_([str(one) for one in people]))
        self._connection.execute(
            update(membership)
            .where(membership.c.space_id == key, membership.c.person_id.in_(some))
            .values(is_moderator=True)
        )

    def left_by_requests(self) -> tuple[RequestKey, ...]:
        """Requests that are over, or done, and whose block is still there."""
        found = (
            select(block_record.c.request_id)
            .join(deletion_request, deletion_request.c.id == block_record.c.request_id)
            .where(deletion_request.c.ended_at.is_not(None))
        )
        return tuple(RequestKey(key) for key in self._connection.scalars(found))

    def left_over(self) -> tuple[SpaceKey, ...]:
        """Spaces whose block has lost its reason: their case is over, held or paused, and no
        person wants it."""
        found = (
            select(block_record.c.space_id)
            .join(retention_case, retention_case.c.id == block_record.c.case_id)
            .where(
                retention_case.c.state.not_in(_STANDING),
                block_record.c.request_id.is_(None), block_record.c.by_id.is_(None),
            )
            .order_by(block_record.c.space_id)
        )  # fmt: skip
        return tuple(SpaceKey(key) for key in self._connection.scalars(found))
