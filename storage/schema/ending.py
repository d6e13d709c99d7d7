"""What people end by hand: requests to delete a space, and what is kept of one that is gone."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Table, Text
from sqlalchemy import text as sql

from storage.schema.columns import Moment, key, metadata, ref

_OPEN = sql("ended_at IS NULL AND state <> 'shown'")

deletion_request = Table(
    "deletion_request", metadata, key(),
    ref("space_id", "space"),
    Column("state", Text, nullable=False),  # domain.endings.RequestState
    ref("by_id", "person"),
    Column("by_compliance", Boolean, nullable=False),  # then a second officer has to agree
    ref("second_id", "person", nullable=True),  # who of compliance agreed
    Column("way", Text, nullable=False),  # domain.endings.Way, as it was said to the person
    Column("reason", Text, nullable=False, default=""),
    Column("seen", Text, nullable=False),  # hash of what the person was shown
    Column("seen_human", Moment),  # the latest message of a person then
    Column("salt", Text, nullable=False),  # of the code that is typed back
    Column("shown_at", Moment, nullable=False),
    Column("asked_at", Moment),
    Column("due_at", Moment),  # NULL: nobody else was told yet, or a second person has to agree
    Column("told", Text, nullable=False, default="[]"),  # JSON: keys of owners whom a card reached
    Column("export", Text, nullable=False, default=""),  # the folder that it was exported to
    Column("step", Text, index=True),  # of the intent that destroys
    Column("ended_at", Moment),
    ref("ended_by_id", "person", nullable=True),
    Column("outcome", Text, nullable=False, default=""),
    Column("why", Text, nullable=False, default=""),  # of the last move, as people read it
    Index("ux_deletion_request__open", "space_id", unique=True,
          sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_deletion_request__state", "state", "due_at"),
)  # fmt: skip

tombstone = Table(
    "tombstone", metadata, key(),  # what a space was, for its way back
    ref("space_id", "space"),
    ref("request_id", "deletion_request", nullable=True),
    ref("case_id", "retention_case", nullable=True),
    Column("was", Text, nullable=False),  # JSON: settings, members, tags
    Column("export", Text, nullable=False, default=""),  # where its export lies
    Column("made_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),  # then it is forgotten
    Column("gone_at", Moment),  # NULL: the space was not seen gone (yet)
    Column("restored_to", Text, nullable=False, default=""),  # Webex's id of the new space
    ref("restored_by_id", "person", nullable=True),
    Column("restored_at", Moment),
    Index("ix_tombstone__space", "space_id", "id"),
)  # fmt: skip
