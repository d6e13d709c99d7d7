"""What is done and what was done: intents, the record with its chain, presses, inbox, runs."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text

from storage.schema.columns import BigKey, Moment, key, metadata, ref

audit = Table(
    "audit", metadata,
    Column("seq", BigKey, primary_key=True, autoincrement=False),  # without gaps
    Column("at", Moment, nullable=False),
    Column("word", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("actor_id", BigKey),
    Column("space_id", BigKey),
    Column("person_id", BigKey),
    Column("detail", Text, nullable=False),  # JSON, sorted keys
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),  # SHA-256 over previous and all of this row
    Index("ix_audit__space", "space_id", "seq"),
    Index("ix_audit__word", "word", "seq"),
)  # fmt: skip

intent = Table(
    "intent", metadata, key(),
    Column("step", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("word", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("actor_id", BigKey),
    ref("space_id", "space", nullable=True),
    ref("person_id", "person", nullable=True),
    ref("case_id", "retention_case", nullable=True),
    ref("version_id", "policy_version", nullable=True),
    Column("run", Text),
    Column("is_destructive", Boolean, nullable=False, default=False),
    Column("payload", Text, nullable=False),  # JSON
    Column("evidence", Text, nullable=False, default="{}"),  # JSON
    Column("attempts", Integer, nullable=False, default=0),
    Column("made_at", Moment, nullable=False),
    Column("settled_at", Moment),
    Index("ix_intent__open", "outcome", "id"),
    Index("ix_intent__destructive", "is_destructive", "made_at"),
    Index("ix_intent__space", "space_id", "id"),
)  # fmt: skip

nonce = Table(
    "nonce", metadata,
    Column("token_hash", Text, primary_key=True),  # the token itself is only on the card
    Column("command", Text, nullable=False),
    Column("args", Text, nullable=False),  # JSON
    Column("inputs", Text, nullable=False),  # JSON list of allowed names
    Column("title", Text, nullable=False),
    Column("card", Text, nullable=False),  # marker of the card that it is on
    Column("only_for", BigKey),
    Column("space_id", BigKey),
    Column("case_id", BigKey),
    Column("cycle", Integer),
    Column("version_id", BigKey),
    Column("once_per_card", Boolean, nullable=False, default=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("used_at", Moment),
    Column("used_by", BigKey),
    Column("said", Text, nullable=False, default=""),  # what came of the press, for the second one
    Column("offered_to", BigKey),  # whom it was the answer to
    Index("ix_nonce__card", "card"),
    Index("ix_nonce__case", "case_id"),
    Index("ix_nonce__offered_to", "offered_to", "made_at"),
)  # fmt: skip

inbox = Table(
    "inbox", metadata,
    Column("id", Text, primary_key=True),  # the activity's or message's own uuid
    Column("kind", Text, nullable=False),  # message, press, membership, space
    Column("body", Text, nullable=False),  # JSON: ids only, never a text
    Column("state", Text, nullable=False),  # waiting, taken, answered, failed
    Column("received_at", Moment, nullable=False),
    Column("taken_by", Text),
    Column("taken_until", Moment),
    Column("answered_at", Moment),
    Column("attempts", Integer, nullable=False, default=0),
    Index("ix_inbox__state", "state", "received_at"),
)  # fmt: skip

lease = Table(
    "lease", metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Moment, nullable=False),
)  # fmt: skip

run = Table(
    "run", metadata,
    Column("id", Text, primary_key=True),  # job and due time
    Column("job", Text, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("outcome", Text, nullable=False, default=""),
    Column("summary", Text, nullable=False, default="{}"),  # JSON
    Index("ix_run__job", "job", "due_at"),
)  # fmt: skip

setting = Table(
    "setting", metadata,  # what people set while it runs, such as the pause
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),  # JSON
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
)  # fmt: skip

sent_card = Table(
    "sent_card", metadata,
    Column("marker", Text, primary_key=True),
    Column("message_id", Text),
    Column("room_id", Text),
    Column("about", Text, nullable=False, default=""),
    Column("person_id", BigKey),  # whom it went to 1:1
    Column("title", Text, nullable=False, default=""),  # its first line, as that person read it
    Column("at", Moment, nullable=False),
    Column("replaced_at", Moment),
    Index("ix_sent_card__about", "about"),
    Index("ix_sent_card__person", "person_id", "at"),
)  # fmt: skip
