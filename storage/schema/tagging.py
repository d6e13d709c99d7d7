"""The rules of tags, and what was done to a tag on all spaces at once, for the way back."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Table, Text

from storage.schema.columns import Moment, key, metadata, ref

required_set = Table(
    "required_set", metadata, key(),  # every space is to have one of its tags
    ref("by_id", "person", nullable=True),
    Column("at", Moment, nullable=False),
)  # fmt: skip

required_tag = Table(
    "required_tag", metadata,
    ref("set_id", "required_set", primary_key=True),
    ref("tag_id", "tag", primary_key=True),
    Index("ix_required_tag__tag", "tag_id", "set_id"),
    sqlite_with_rowid=False,
)  # fmt: skip

tag_change = Table(
    "tag_change", metadata, key(),
    Column("step", Text, nullable=False, unique=True),  # of the request: done again it is the same
    Column("kind", Text, nullable=False),  # rename, merge, drop
    Column("target", Text),  # the name that took their place; NULL: nothing did
    Column("rules", Text, nullable=False),  # JSON: what was reserved and required before
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("undone_at", Moment),
)  # fmt: skip

tag_change_row = Table(
    "tag_change_row", metadata,  # which space lost which tag by it, and who had given it when
    ref("change_id", "tag_change", primary_key=True),
    ref("space_id", "space", primary_key=True),
    ref("tag_id", "tag", primary_key=True),
    ref("by_id", "person", nullable=True),
    Column("given_at", Moment, nullable=False),
    Column("had_target", Boolean, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip
