"""Requests to erase a person: the register, each space of a request, and what was shown of it."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text
from sqlalchemy import text as sql

from storage.schema.columns import Moment, key, metadata, ref

_OPEN = sql("ended_at IS NULL")

erasure = Table(
    "erasure", metadata, key(),
    Column("number", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),  # domain.erasures.ErasureState
    ref("person_id", "person", nullable=True),  # NULL once it is over
    Column("pseudonym", Text, nullable=False),
    Column("salt", Text, nullable=False),
    ref("by_id", "person"),
    Column("received_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("reason", Text, nullable=False, default=""),  # forgotten at the end: it may name people
    Column("extended", Text, nullable=False, default=""),
    Column("extended_at", Moment),
    Column("both_sides", Boolean, nullable=False, default=False),
    Column("looked_at", Moment),
    Column("unknown", Text, nullable=False, default=""),
    Column("unseen", Integer, nullable=False, default=0),
    ref("second_id", "person", nullable=True),
    Column("agreed_at", Moment),
    Column("list_hash", Text, nullable=False, default=""),
    Column("begins_at", Moment),
    Column("expires_at", Moment),
    Column("served_at", Moment),  # when a run could last do something for it
    Column("ended_at", Moment),
    Column("certificate", Text, nullable=False, default=""),
    Column("why", Text, nullable=False, default=""),
    Index("ux_erasure__open", "person_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_erasure__state", "state", "due_at"),
)  # fmt: skip

erasure_part = Table(
    "erasure_part", metadata,
    ref("erasure_id", "erasure", primary_key=True),
    ref("space_id", "space", primary_key=True),
    Column("state", Text, nullable=False),  # domain.erasures.PartState
    Column("obstacle", Text, nullable=False, default=""),
    Column("is_direct", Boolean, nullable=False, default=False),
    Column("is_member", Boolean, nullable=False, default=False),
    Column("counted", Integer),  # NULL: not looked at yet
    Column("files", Integer, nullable=False, default=0),
    Column("deleted", Integer, nullable=False, default=0),
    Column("already", Integer, nullable=False, default=0),
    Column("refused", Integer, nullable=False, default=0),
    Column("membership", Text, nullable=False, default=""),
    Column("why", Text, nullable=False, default=""),
    Column("step", Text),  # of the intent that erases its messages
    Column("tried_at", Moment),
    Column("seen_at", Moment),
    Index("ix_erasure_part__state", "erasure_id", "state", "space_id"),
    sqlite_with_rowid=False,
)  # fmt: skip

erasure_shown = Table(
    "erasure_shown", metadata, key(),
    ref("erasure_id", "erasure"),
    ref("by_id", "person"),
    Column("list_hash", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_erasure_shown__erasure", "erasure_id", "by_id"),
)  # fmt: skip

erasure_spent = Table(
    "erasure_spent", metadata,  # what erasures took away, by the hour: their cap's ledger
    Column("hour", Moment, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
)  # fmt: skip
