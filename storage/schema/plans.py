"""What people plan for a space: the day on which it has served its purpose."""

from __future__ import annotations

from sqlalchemy import Column, Table

from storage.schema.columns import BigKey, Moment, metadata, ref

planned_end = Table(
    "planned_end", metadata,
    ref("space_id", "space", primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("by_id", BigKey),
    Column("made_at", Moment, nullable=False),
    Column("told_at", Moment),  # when its owners were reminded of it
)  # fmt: skip
