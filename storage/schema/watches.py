"""Watches: what people want to be told of, what was heard and seen, and each telling of it."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, UniqueConstraint

from storage.schema.columns import Moment, key, metadata, ref

watch = Table(
    "watch", metadata, key(),
    Column("step", Text, nullable=False, unique=True),  # the request that made it
    ref("maker_id", "person"),
    Column("made_at", Moment, nullable=False),
    Column("triggers", Integer, nullable=False),  # bits
    Column("reach", Text, nullable=False),
    ref("space_id", "space", nullable=True),
    Column("query", Text, nullable=False, default=""),
    Column("who", Text, nullable=False, default=""),
    Column("email", Text, nullable=False, default=""),
    Column("target", Text, nullable=False),
    ref("to_space_id", "space", nullable=True),
    Column("address", Text, nullable=False, default=""),
    Column("secret", Text),  # sealed, as is the one before, while it still counts
    Column("old_secret", Text),
    Column("old_secret_until", Moment),
    Column("state", Text, nullable=False),
    Column("state_at", Moment, nullable=False),
    Column("why", Text, nullable=False, default=""),
    Column("dropped", Integer, nullable=False, default=0),
    Column("failures", Integer, nullable=False, default=0),  # in a row
    Column("failing_since", Moment),
    Column("rests_until", Moment),
    Index("ix_watch__state", "state", "reach"),
    Index("ix_watch__maker", "maker_id"),
    Index("ix_watch__space", "space_id"),
)  # fmt: skip

sighting = Table(
    "sighting", metadata,
    Column("id", Text, primary_key=True),  # of the word that Webex sent, whichever way
    Column("kind", Integer, nullable=False),
    Column("body", Text, nullable=False),  # JSON: ids and Webex's fields, never a text
    Column("at", Moment, nullable=False),
    Column("heard_at", Moment, nullable=False),
    Column("is_done", Boolean, nullable=False, default=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("free_at", Moment, nullable=False),  # real time: a claim's end, or the next attempt
    Index("ix_sighting__open", "is_done", "free_at"),
    Index("ix_sighting__heard", "heard_at"),
)  # fmt: skip

happening = Table(
    "happening", metadata, key(),
    Column("identity", Text, nullable=False, unique=True),
    Column("kind", Integer, nullable=False),
    ref("space_id", "space", nullable=True),
    Column("subject", Text, nullable=False),
    Column("shape", Text, nullable=False, default=""),
    Column("at", Moment, nullable=False),
    Column("made_at", Moment, nullable=False, index=True),
    Column("data", Text, nullable=False),  # JSON
    Index("ix_happening__subject", "subject", "kind", "id"),
)  # fmt: skip

delivery = Table(
    "delivery", metadata, key(),
    Column("name", Text, nullable=False, unique=True),
    ref("watch_id", "watch"),
    ref("happening_id", "happening"),
    Column("state", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("free_at", Moment, nullable=False),  # real time: until then somebody is at it
    Column("round", Integer, nullable=False, default=0),  # how often it was asked for again
    Column("attempts", Integer, nullable=False, default=0),  # of this round
    Column("first_at", Moment),
    Column("last_at", Moment),
    Column("took_ms", Integer, nullable=False, default=0),
    Column("status", Text, nullable=False, default=""),
    Column("why", Text, nullable=False, default=""),
    Column("taken_by", Text),
    UniqueConstraint("watch_id", "happening_id"),
    Index("ix_delivery__due", "state", "due_at"),
    Index("ix_delivery__watch", "watch_id", "last_at"),
)  # fmt: skip
