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
        """The first record stays: a second block must not take the blocked state for the old."""
        text = json.dumps({"case": case, "was": dict(was)}, sort_keys=True, default=str)
        upsert(
            self._connection, block_record, [{"space_id": space, "was": text, "at": self._now}],
            on=["space_id"], change=[],
        )  # fmt: skip

    def of(self, space: SpaceKey) -> Block | None:
        row = self._connection.execute(
            select(block_record).where(block_record.c.space_id == space)
        ).first()
        if row is None:
            return None
        kept = json.loads(row.was)
        return Block(space=space, case=kept["case"], was=kept["was"], at=row.at)

    def drop(self, space: SpaceKey) -> None:
        self._connection.execute(delete(block_record).where(block_record.c.space_id == space))

    def left_over(self) -> tuple[Block, ...]:
        """Blocks by cases that are over: the spaces are to be put back as they were."""
        going_on = select(retention_case.c.space_id).where(retention_case.c.closed_at.is_(None))
        gone = select(retention_case.c.space_id).where(
            retention_case.c.state == str(CaseState.GONE)
        )
        keys = self._connection.scalars(
            select(block_record.c.space_id).where(
                block_record.c.space_id.not_in(going_on), block_record.c.space_id.not_in(gone)
            )
        ).all()
        found = (self.of(SpaceKey(key)) for key in keys)
        return tuple(one for one in found if one is not None and one.case is not None)
