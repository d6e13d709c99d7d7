"""What people set going: long work with its items, and what they still have to confirm."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text

from storage.schema.columns import Moment, key, metadata, ref

work = Table(
    "work", metadata, key(),
    Column("step", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    ref("caller_id", "person"),
    Column("payload", Text, nullable=False),  # JSON
    Column("total", Integer, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("finished_at", Moment),
    Column("stopped_by", Text),
    Column("ended", Text, nullable=False, default=""),  # done, stopped, failed
    Index("ix_work__open", "finished_at", "id"),
    Index("ix_work__caller", "caller_id", "id"),
)  # fmt: skip

work_item = Table(
    "work_item", metadata,
    ref("work_id", "work", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("payload", Text, nullable=False),  # JSON
    Column("came", Text),  # null: not done yet
    Column("name", Text, nullable=False, default=""),
    Column("said", Text, nullable=False, default=""),
    Column("detail", Text, nullable=False, default="{}"),  # JSON
    Index("ix_work_item__left", "work_id", "came", "number"),
)  # fmt: skip

confirmation = Table(
    "confirmation", metadata, key(),
    Column("kind", Text, nullable=False),
    Column("code", Text, nullable=False),
    ref("person_id", "person"),
    Column("payload", Text, nullable=False),  # JSON: exactly what was shown
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("attempts", Integer, nullable=False, default=0),
    Column("used_at", Moment),
    Column("used_by_step", Text),
    Column("is_code_needed", Boolean, nullable=False, default=True),
    Index("ix_confirmation__person", "person_id", "expires_at"),
)  # fmt: skip
