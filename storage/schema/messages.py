"""Messages: which ones were deleted, and which ones the bot carried for whom. Never a text."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, Text

from storage.schema.columns import Moment, metadata, ref

deleted_message = Table(
    "deleted_message", metadata,
    Column("uuid", Text, primary_key=True),
    Column("at", Moment, nullable=False),
)  # fmt: skip

carried_message = Table(
    "carried_message", metadata,
    Column("uuid", Text, primary_key=True),
    Column("room", Text, nullable=False),  # Webex's id
    ref("sender_id", "person"),
    Column("at", Moment, nullable=False),
    Index("ix_carried_message__sender", "sender_id", "at"),
)  # fmt: skip
