"""Saved searches: words under a name, and with whom they are shared. Never what they found."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, Text, UniqueConstraint

from storage.schema.columns import Moment, key, metadata, ref

saved_search = Table(
    "saved_search", metadata, key(),
    ref("owner_id", "person"),
    Column("name", Text, nullable=False),  # as it was written
    Column("folded", Text, nullable=False),  # without upper and lower case: what it is found by
    Column("words", Text, nullable=False),  # the query, with its order and columns
    Column("saved_at", Moment, nullable=False),
    UniqueConstraint("owner_id", "folded"),
)  # fmt: skip

search_share = Table(
    "search_share", metadata, key(),  # exactly one of the two is set
    ref("search_id", "saved_search"),
    ref("person_id", "person", nullable=True),
    ref("space_id", "space", nullable=True),
    Column("at", Moment, nullable=False),
    UniqueConstraint("search_id", "person_id"),
    UniqueConstraint("search_id", "space_id"),
    Index("ix_search_share__person", "person_id"),
    Index("ix_search_share__space", "space_id"),
)  # fmt: skip
