"""Alerts: what compliance is told, what became of each, and what rules forbid."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, UniqueConstraint

from storage.schema.columns import BigKey, Moment, key, metadata, ref

alert = Table(
    "alert", metadata, key(),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("pairs", Text, nullable=False),  # JSON
    Column("means", Text, nullable=False),
    Column("to_do", Text, nullable=False),
    Column("mends", Text, nullable=False),  # JSON
    ref("space_id", "space", nullable=True),
    Column("asked_by_id", BigKey),  # whoever it needs a second person beside
    Column("state", Text, nullable=False),
    Column("is_on", Boolean, nullable=False),  # its cause is there, as far as is known
    Column("lasts", Boolean, nullable=False),
    Column("occurrence", Text, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("times", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("things", Integer, nullable=False, default=0),
    Column("assigned_id", BigKey),
    Column("by", Text, nullable=False, default=""),
    Column("state_at", Moment),
    Column("reason", Text, nullable=False, default=""),
    Column("tell_at", Moment),  # null: nobody is to be told at the moment
    Column("tries", Integer, nullable=False, default=0),
    Column("told_at", Moment),
    Column("shown_at", Moment),  # when its cards were last brought up to date
    Column("shown_things", Integer, nullable=False, default=0),
    UniqueConstraint("kind", "subject"),
    Index("ix_alert__state", "state", "opened_at"),
    Index("ix_alert__tell", "tell_at"),
)  # fmt: skip

alert_item = Table(
    "alert_item", metadata,
    ref("alert_id", "alert", primary_key=True),
    Column("key", Text, primary_key=True),
    Column("said", Text, nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("gone_at", Moment),
    Index("ix_alert_item__alert", "alert_id", "gone_at", "first_at"),
)  # fmt: skip

alert_moment = Table(
    "alert_moment", metadata, key(),
    ref("alert_id", "alert"),
    Column("at", Moment, nullable=False),
    Column("word", Text, nullable=False),
    Column("by", Text, nullable=False, default=""),
    Column("said", Text, nullable=False, default=""),
    Index("ix_alert_moment__alert", "alert_id", "id"),
)  # fmt: skip

alert_told = Table(
    "alert_told", metadata,
    ref("alert_id", "alert", primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("reader", Text, primary_key=True),  # "space", or a person's key
    Column("attempt", Integer, nullable=False, default=0),
    Column("at", Moment),  # null: not yet
)  # fmt: skip

alert_rule = Table(
    "alert_rule", metadata, key(),
    Column("name", Text, nullable=False, unique=True),
    Column("query", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
)  # fmt: skip
