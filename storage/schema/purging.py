"""How far the messages of spaces were purged by policy, and what was exported before."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

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

case_export = Table(
    "case_export", metadata,
    ref("case_id", "retention_case", primary_key=True),
    Column("folder", Text, nullable=False),  # of the operator's, for one cycle of one space
    Column("made_at", Moment, nullable=False),
)  # fmt: skip
