"""What is decided: policies and their versions, simulations, approvals, cases, protections."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy import text as sql

from storage.schema.columns import BigKey, Moment, key, metadata, ref

policy = Table(
    "policy", metadata, key(),
    Column("name", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("priority", Integer, nullable=False, default=100),
    Column("version_id", BigKey),  # what holds now; set by approval, or at once in simulation
    Column("made_at", Moment, nullable=False),
    ref("state_by_id", "person", nullable=True),  # who brought it into its state
    Column("asked_for", Text),  # a loosening that waits for a second person: resume, retire
    ref("asked_by_id", "person", nullable=True),
    Column("asked_at", Moment),
)  # fmt: skip

policy_version = Table(
    "policy_version", metadata, key(),
    ref("policy_id", "policy"),
    Column("number", Integer, nullable=False),
    Column("query", Text, nullable=False),
    Column("ending", Text, nullable=False),
    Column("period_days", Integer),  # NULL: keep
    Column("basis", Text, nullable=False),
    Column("basis_of", Text, nullable=False, default="", server_default=""),  # a tag, or a day
    Column("is_floor", Boolean, nullable=False, default=False),
    Column("includes_direct", Boolean, nullable=False, default=False),
    Column("needs_export", Boolean, nullable=False, server_default=false()),
    Column("notices", Text, nullable=False),  # days before, "30,14,7,1"
    Column("grace_days", Integer, nullable=False),
    Column("cap", Integer),  # NULL: may do nothing
    Column("hours", Text, nullable=False, default="", server_default=""),  # "mon-fri 09:00-17:00"
    Column("freeze", Text, nullable=False, default="", server_default=""),  # "2026-12-24, 12-25"
    Column("profile", Text, nullable=False, default="", server_default=""),  # what warns, by name
    ref("author_id", "person", nullable=True),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("policy_id", "number"),
)  # fmt: skip

simulation = Table(
    "simulation", metadata, key(),
    ref("version_id", "policy_version"),
    ref("by_id", "person", nullable=True),
    Column("made_at", Moment, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("target_count", Integer, nullable=False),
    Column("unknown_count", Integer, nullable=False, default=0),
    Column("targets_hash", Text, nullable=False),  # over the sorted list of Webex ids
)  # fmt: skip

simulation_target = Table(
    "simulation_target", metadata,
    ref("simulation_id", "simulation", primary_key=True),
    ref("space_id", "space", primary_key=True),
    Column("due", Moment),
    sqlite_with_rowid=False,
)  # fmt: skip

approval = Table(
    "approval", metadata, key(),
    ref("version_id", "policy_version"),
    ref("simulation_id", "simulation"),
    Column("targets_hash", Text, nullable=False),
    ref("by_id", "person"),
    Column("at", Moment, nullable=False),
    Column("effective_at", Moment, nullable=False),  # after the cooling-off
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),  # when it put its version in force; from then on it can't expire
)  # fmt: skip

decision = Table(
    "decision", metadata,
    ref("space_id", "space", primary_key=True),
    Column("ruling", SmallInteger, nullable=False),  # index in domain.policies.Ruling
    Column("due", Moment),
    ref("version_id", "policy_version", nullable=True),
    Column("generation", Integer, nullable=False, default=0),
    Column("at", Moment, nullable=False),  # when this ruling was first found
    Index("ix_decision__due", "due", "space_id"),
    Index("ix_decision__version", "version_id", "space_id"),
)  # fmt: skip

manual_keep = Table(
    "manual_keep", metadata,
    ref("space_id", "space", primary_key=True),
    Column("until", Moment),  # NULL: for ever
    ref("by_id", "person", nullable=True),
    Column("by_compliance", Boolean, nullable=False, default=False),  # only they may shorten it
    Column("at", Moment, nullable=False),
    Column("reason", Text, nullable=False, default=""),
)  # fmt: skip

not_before = Table(
    "not_before", metadata,
    ref("space_id", "space", primary_key=True),
    Column("until", Moment, nullable=False),
    Column("firm_until", Moment),  # till then also whoever manages it may not end it by hand
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
)  # fmt: skip

hold = Table(
    "hold", metadata, key(),
    Column("name", Text, nullable=False, unique=True),
    Column("matter", Text, nullable=False, default=""),  # the case's name or number
    Column("reason", Text, nullable=False, default=""),
    ref("by_id", "person", nullable=True),
    Column("at", Moment, nullable=False),
    Column("until", Moment),  # as it was placed; NULL: until somebody releases it
    Column("ends_at", Moment),  # when it does: then, or 7 days after its release was asked for
    Column("released_at", Moment),
)  # fmt: skip

hold_target = Table(
    "hold_target", metadata, key(),  # exactly one of the four is set
    ref("hold_id", "hold"),
    ref("space_id", "space", nullable=True),
    ref("person_id", "person", nullable=True),
    ref("tag_id", "tag", nullable=True),
    Column("query", Text),
    Index("ix_hold_target__space", "space_id"),
    Index("ix_hold_target__person", "person_id"),
    Index("ix_hold_target__tag", "tag_id"),
)  # fmt: skip

retention_case = Table(
    "retention_case", metadata, key(),
    ref("space_id", "space"),
    Column("cycle", Integer, nullable=False),  # counts a space's cases; presses are bound to it
    Column("state", Text, nullable=False),
    ref("version_id", "policy_version", nullable=True),
    Column("due", Moment),
    Column("basis_at", Moment),  # the activity that the date was counted from
    Column("opened_at", Moment, nullable=False),
    Column("state_at", Moment, nullable=False),
    Column("notices", Integer, nullable=False, default=0),  # delivered, in this cycle
    Column("first_notice_at", Moment),
    Column("last_notice_at", Moment),
    Column("blocked_at", Moment),
    Column("closed_at", Moment),
    Column("why", Text, nullable=False, default=""),  # of the last move, as people read it
    Index("uq_retention_case__open", "space_id", unique=True,
          sqlite_where=sql("closed_at IS NULL"), postgresql_where=sql("closed_at IS NULL")),
    Index("ix_retention_case__state", "state", "due"),
    UniqueConstraint("space_id", "cycle"),
)  # fmt: skip

notice = Table(
    "notice", metadata, key(),
    ref("case_id", "retention_case"),
    Column("number", Integer, nullable=False),
    ref("person_id", "person"),
    Column("step", Text, index=True),  # of the card that carries it
    Column("delivered_at", Moment),  # NULL: not delivered, does not count
    Column("gone_at", Moment, nullable=False),  # the date that it promised
    UniqueConstraint("case_id", "number", "person_id"),
)  # fmt: skip

answer = Table(
    "answer", metadata, key(),
    ref("case_id", "retention_case", nullable=False),
    ref("person_id", "person"),
    Column("choice", Text, nullable=False),
    Column("detail", Text, nullable=False, default=""),
    Column("at", Moment, nullable=False),
)  # fmt: skip

block_record = Table(
    "block_record", metadata,  # exactly what was before, for the way back
    ref("space_id", "space", primary_key=True),
    # Why it is blocked: any of these, and it stays until none is left.
    ref("case_id", "retention_case", nullable=True),  # a policy's case
    ref("request_id", "deletion_request", nullable=True),  # a deletion that somebody asked for
    ref("by_id", "person", nullable=True),  # a person blocked it by hand
    Column("by_compliance", Boolean, nullable=False, default=False),  # only they may unblock it
    Column("was", Text, nullable=False),  # JSON
    Column("at", Moment, nullable=False),
)  # fmt: skip

certificate = Table(
    "certificate", metadata, key(),
    ref("case_id", "retention_case", nullable=True),
    ref("space_id", "space", nullable=True),  # NULL: of a person's erasure
    Column("removals_until", BigKey),  # the last removal of an outsider that it speaks of
    Column("number", Text, nullable=False, unique=True),
    Column("made_at", Moment, nullable=False),
    Column("body", Text, nullable=False),  # JSON
    Column("sha256", Text, nullable=False),
)  # fmt: skip
