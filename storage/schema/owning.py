"""Spaces without an owner and the people in them: who was asked to take over, who still needs
a space that is due, and what compliance has seen of what waits for it."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint
from sqlalchemy import text as sql

from storage.schema.columns import Moment, key, metadata, ref

_OPEN = sql("closed_at IS NULL")

owner_search = Table(
    "owner_search", metadata, key(),
    ref("space_id", "space"),
    ref("case_id", "retention_case", nullable=True),  # what stands still meanwhile
    Column("state", Text, nullable=False),  # domain.owning.SearchState
    Column("round", Integer, nullable=False, default=0),
    Column("ends_at", Moment),  # of the round
    Column("opened_at", Moment, nullable=False),
    ref("by_id", "person", nullable=True),  # who of compliance began it; NULL: a night did
    ref("taken_by_id", "person", nullable=True),
    Column("taken_at", Moment),
    Column("closed_at", Moment),
    Column("why", Text, nullable=False, default=""),  # of the last move, as people read it
    Index("uq_owner_search__open", "space_id", unique=True,
          sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_owner_search__space", "space_id", "id"),
)  # fmt: skip

owner_ask = Table(
    "owner_ask", metadata, key(),
    ref("search_id", "owner_search"),
    ref("person_id", "person"),
    Column("round", Integer, nullable=False),
    Column("messages", Integer),  # NULL: could not be read
    Column("planned_at", Moment, nullable=False),
    Column("delivered_at", Moment),  # NULL: no card has reached them (yet)
    Column("said", Text, nullable=False, default=""),  # domain.owning.Said
    Column("said_at", Moment),
    UniqueConstraint("search_id", "person_id"),
    Index("ix_owner_ask__person", "person_id"),
)  # fmt: skip

space_need = Table(
    "space_need", metadata,  # a member said that they still need a space that is due
    ref("case_id", "retention_case", primary_key=True),
    ref("person_id", "person", primary_key=True),
    Column("reason", Text, nullable=False, default=""),
    Column("at", Moment, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip

case_care = Table(
    "case_care", metadata,  # who of compliance is on a case that waits for them
    ref("case_id", "retention_case", primary_key=True),
    ref("by_id", "person"),
    Column("at", Moment, nullable=False),
)  # fmt: skip

conflict_seen = Table(
    "conflict_seen", metadata,  # a conflict that compliance looked at, until its facts change
    ref("space_id", "space", primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("facts", Text, nullable=False),  # what it was like then
    ref("by_id", "person"),
    Column("at", Moment, nullable=False),
)  # fmt: skip
