"""What people set by hand around a space: holds' searches and history, keeps, and what may go
sooner; and what compliance attests of holds that we can't read."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Table, Text
from sqlalchemy import text as sql

from storage.schema.columns import Moment, key, metadata, ref

hold_found = Table(
    "hold_found", metadata,  # what a hold's search has found: it stays held until the release
    ref("hold_id", "hold", primary_key=True),
    ref("space_id", "space", primary_key=True),
    Column("at", Moment, nullable=False),
    Index("ix_hold_found__space", "space_id"),
    sqlite_with_rowid=False,
)  # fmt: skip

hold_change = Table(
    "hold_change", metadata, key(),  # a hold's history, as people read it
    ref("hold_id", "hold"),
    Column("at", Moment, nullable=False),
    ref("by_id", "person", nullable=True),
    Column("said", Text, nullable=False),
    Index("ix_hold_change__hold", "hold_id", "id"),
)  # fmt: skip

keep_set = Table(
    "keep_set", metadata, key(),  # each keep by hand, for its history and the bound on renewals
    ref("space_id", "space"),
    Column("until", Moment),  # NULL: for ever
    Column("is_clear", Boolean, nullable=False, default=False),  # it was taken off
    Column("is_renewal", Boolean, nullable=False, default=False),  # counts against the bound
    ref("by_id", "person", nullable=True),
    Column("by_compliance", Boolean, nullable=False, default=False),
    Column("at", Moment, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Index("ix_keep_set__space", "space_id", "id"),
)  # fmt: skip

_OPEN = sql("ended_at IS NULL")

sooner = Table(
    "sooner", metadata, key(),  # a space that may go before its policy says: two people's word
    ref("space_id", "space"),
    Column("after", Moment, nullable=False),
    ref("version_id", "policy_version"),  # it takes the place of this one's day, of no other
    Column("reason", Text, nullable=False, default=""),
    ref("asked_by_id", "person"),
    Column("by_compliance", Boolean, nullable=False, default=False),
    Column("asked_at", Moment, nullable=False),
    ref("agreed_by_id", "person", nullable=True),  # NULL: waits for a second person
    Column("agreed_at", Moment),
    Column("effective_at", Moment),  # agreed, and cooled off
    Column("ended_at", Moment),
    ref("ended_by_id", "person", nullable=True),
    Column("why", Text, nullable=False, default=""),  # it ended
    Index("ux_sooner__open", "space_id", unique=True,
          sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_sooner__space", "space_id", "id"),
)  # fmt: skip

attestation = Table(
    "attestation", metadata, key(),  # “I looked in Control Hub”, which we can't
    ref("by_id", "person"),
    Column("at", Moment, nullable=False),
    Column("looked_at", Moment, nullable=False),
    Column("valid_until", Moment, nullable=False),
    Column("matters", Text, nullable=False, default=""),
)  # fmt: skip
