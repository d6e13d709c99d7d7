"""How far the messages of spaces were purged by policy."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table

from storage.schema.columns import BigKey, Moment, metadata, ref

purged = Table(
    "purged", metadata,
    ref("space_id", "space", primary_key=True),
    Column("until", Moment, nullable=False),  # no message of before is left to purge
    Column("at", Moment, nullable=False),
    Column("messages", Integer, nullable=False, default=0),  # in all, over the years
    Column("files", Integer, nullable=False, default=0),
    Column("certified_id", BigKey),  # the last intent that a certificate speaks of
)  # fmt: skip
