"""What was before a space was blocked, exactly, for the way back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from domain.ids import CaseKey, SpaceKey
from domain.lifecycle import CaseState
from storage.schema import block_record, retention_case
from storage.sql import upsert

_STANDS = (
    CaseState.WARNED, CaseState.BLOCKED, CaseState.ENFORCING, CaseState.NEEDS_ATTENTION,
    CaseState.GONE,
)  # fmt: skip
"""Where a case may have a block on its space: WARNED while it is being blocked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """`case` is the one that blocked it; None where a person did by hand."""

    space: SpaceKey
    case: CaseKey | None
    was: Mapping[str, object]
    at: datetime


class Blocks:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(self, space: SpaceKey, was: Mapping[str, object], *, case: CaseKey | None) -> None:
        """What was stays as first written, since a second block must not take the blocked
        state for the old one; the case is the one that blocks now."""
        row = {
            "space_id": space, "case_id": case, "at": self._now,
            "was": json.dumps(dict(was), sort_keys=True, default=str),
        }  # fmt: skip
        upsert(self._connection, block_record, [row], on=["space_id"], change=["case_id"])

    def of(self, space: SpaceKey) -> Block | None:
        row = self._connection.execute(
            select(block_record).where(block_record.c.space_id == space)
        ).first()
        if row is None:
            return None
        return Block(space=space, case=row.case_id, was=json.loads(row.was), at=row.at)

    def drop(self, space: SpaceKey) -> None:
        self._connection.execute(delete(block_record).where(block_record.c.space_id == space))

    def left_over(self) -> tuple[SpaceKey, ...]:
        """Spaces whose block has lost its reason: their case is over, held or paused."""
        found = (
            select(block_record.c.space_id)
            .join(retention_case, retention_case.c.id == block_record.c.case_id)
            .where(retention_case.c.state.not_in([str(one) for one in _STANDS]))
            .order_by(block_record.c.space_id)
        )
        return tuple(SpaceKey(key) for key in self._connection.scalars(found))
