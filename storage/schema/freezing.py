"""The company's freeze days that compliance sets while the bot runs."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, Text

from storage.schema.columns import Moment, key, metadata, ref

freeze_day = Table(
    "freeze_day", metadata, key(),
    Column("days", Text, nullable=False),  # as `domain.hours.Freeze.written`
    Column("reason", Text, nullable=False, default=""),
    ref("by_id", "person"),
    Column("at", Moment, nullable=False),
    ref("asked_by_id", "person", nullable=True),  # that it is removed: waits for a second person
    Column("asked_at", Moment),
    ref("agreed_by_id", "person", nullable=True),
    Column("void_from", Moment),  # agreed to, and cooled off: from then on it counts no more
    Index("ix_freeze_day__days", "days"),
)  # fmt: skip
