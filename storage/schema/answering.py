"""What owners said of spaces besides keeping them: that one is none of theirs."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from storage.schema.columns import Moment, metadata, ref

disowned = Table(
    "disowned", metadata,
    ref("space_id", "space", primary_key=True),
    ref("person_id", "person", primary_key=True),
    Column("at", Moment, nullable=False),
    Index("ix_disowned__person", "person_id", "space_id"),
    sqlite_with_rowid=False,
)  # fmt: skip
