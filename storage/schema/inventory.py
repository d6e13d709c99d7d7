"""What we know of the company: people, spaces, who sits where, groups, tags.

The `space` row is narrow and hot (numbers.md): only what decisions and searches read, so that
a day's activity rewrites little. Text lives in `space_name`. NULL means "not known" and never
"no"; where a thing can be absent and known to be so, a row with key 0 stands for "none".
Columns marked *derived* are kept by the sync in the same transaction as their source.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Computed,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from storage.schema.columns import Moment, key, metadata, ref

EXPLAINED_MS = 60_000
"""How far Webex's `lastActivity` may lie behind what explains it; its clocks differ a little."""

LAST_USED = f"""CASE
    WHEN last_human IS NULL THEN last_activity
    WHEN last_activity > last_human + {EXPLAINED_MS}
        AND last_activity > coalesce(human_known_until, 0) + {EXPLAINED_MS} THEN last_activity
    ELSE last_human
END"""
"""When a human being last used a space, as far as is known, and rather too late than too early.

`last_activity` is Webex's word and moves with a bot's posts and with joins too; `last_human` is
what events and live readings told us, and misses what they missed. So the human moment holds
only while every later activity is explained: it lies before the moment until which all human
messages are known of. Activity that nothing explains may have been a human's, and protects.
"""

NONE = 0
"""The key of the row that says "known to have none": of classification and team."""

org = Table(
    "org", metadata, key(),
    Column("webex_id", Text, nullable=False, unique=True),
    Column("name", Text),
    Column("is_ours", Boolean, nullable=False, default=False),
)  # fmt: skip

domain = Table(
    "domain", metadata, key(),
    Column("name", Text, nullable=False, unique=True),  # lower case
)  # fmt: skip

person = Table(
    "person", metadata, key(),
    Column("webex_id", Text, nullable=False, unique=True),
    Column("email", Text, nullable=False, index=True),  # lower case; can move between people
    Column("name", Text, nullable=False, default=""),
    ref("org_id", "org", nullable=True),
    ref("domain_id", "domain", nullable=True),
    Column("is_ours", Boolean),
    Column("is_bot", Boolean, nullable=False, default=False),
    Column("is_active", Boolean),  # False: cannot log in or is gone; NULL: not known
    Column("time_zone", Text, nullable=False, default="UTC"),  # Webex's word
    Column("own_time_zone", Text),  # what they said to us, and what language they read
    Column("language", Text),
    Column("seen_at", Moment),
)  # fmt: skip

team = Table(
    "team", metadata, key(),
    Column("webex_id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False, default=""),
)  # fmt: skip

classification = Table(
    "classification", metadata, key(),
    Column("webex_id", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("rank", Integer, nullable=False, default=0),
)  # fmt: skip

space = Table(
    "space", metadata, key(),
    Column("type", SmallInteger),
    Column("scope", SmallInteger),  # derived: 1 when any human member is an outsider
    ref("classification_id", "classification", nullable=True),
    Column("last_activity", Moment),
    Column("last_human", Moment),  # the latest human message known of
    Column("human_known_until", Moment),  # up to here no human message is missing
    Column("last_used", Moment, Computed(LAST_USED, persisted=True)),
    Column("created", Moment),
    ref("team_id", "team", nullable=True),
    ref("creator_id", "person", nullable=True),
    ref("requested_by", "person", nullable=True),  # whom we created it for
    ref("owner_org_id", "org", nullable=True),
    Column("size", Integer),  # derived: human members
    Column("members_known", Boolean, nullable=False, default=False),
    Column("groups_known", Boolean, nullable=False, default=False),  # derived
    Column("domains_known", Boolean, nullable=False, default=False),  # derived
    Column("is_locked", Boolean),
    Column("is_ours", Boolean),
    Column("is_general", Boolean, nullable=False, default=False),
    Column("is_untouchable", Boolean, nullable=False, default=False),  # never-list, own spaces
    Column("state", SmallInteger, nullable=False, default=0),  # 0 live, 1 gone, 2 archived, 3 lost
    Column("generation", Integer, nullable=False, default=0),  # of the crawl that last saw it
    Column("read_at", Moment),  # when what stands here was read; an older reading changes nothing
    Index("ix_space__activity", "last_activity", "id"),
    Index("ix_space__created", "created"),
    Index("ix_space__classification", "classification_id", "last_activity"),
    Index("ix_space__scope", "scope", "last_activity"),
    Index("ix_space__shape", "type", "classification_id", "scope", "last_activity"),
)  # fmt: skip

space_name = Table(
    "space_name", metadata,
    ref("space_id", "space", primary_key=True),
    Column("webex_id", Text, nullable=False, unique=True),
    Column("title", Text),
)  # fmt: skip
"""Titles are searched through `space_title` (FTS5, trigram) on SQLite and a pg_trgm index."""

space_alias = Table(
    "space_alias", metadata,
    Column("webex_id", Text, primary_key=True),  # an id that the space had before (migrations)
    ref("space_id", "space"),
)  # fmt: skip

membership = Table(
    "membership", metadata,
    ref("space_id", "space", primary_key=True),
    ref("person_id", "person", primary_key=True),
    Column("is_moderator", Boolean, nullable=False, default=False),
    Column("since", Moment),
    Index("ix_membership__person", "person_id", "space_id"),
    sqlite_with_rowid=False,
)  # fmt: skip

former_membership = Table(
    "former_membership", metadata,  # a hold on a person reaches spaces that they have left
    ref("space_id", "space", primary_key=True),
    ref("person_id", "person", primary_key=True),
    Column("left_at", Moment, nullable=False),
    Index("ix_former_membership__person", "person_id", "space_id"),
    sqlite_with_rowid=False,
)  # fmt: skip

tag = Table(
    "tag", metadata, key(),
    Column("name", Text, nullable=False, unique=True),  # folded
    Column("is_reserved", Boolean, nullable=False, default=False),
)  # fmt: skip

space_tag = Table(
    "space_tag", metadata,
    ref("space_id", "space", primary_key=True),
    ref("tag_id", "tag", primary_key=True),
    ref("by_id", "person", nullable=True),
    Column("at", Moment, nullable=False),
    Index("ix_space_tag__tag", "tag_id", "space_id"),
    sqlite_with_rowid=False,
)  # fmt: skip

ad_group = Table(
    "ad_group", metadata, key(),
    Column("source", Text, nullable=False, default="", server_default=""),  # kind of directory
    Column("source_id", Text, nullable=False, unique=True),  # its id there, the kind in front
    Column("name", Text, nullable=False, index=True),  # not unique: two may be called the same
    Column("is_known", Boolean, nullable=False, default=False),  # False: shrank, failed, partial
    Column("state", Text, nullable=False, default="", server_default=""),  # GroupState
    Column("why", Text, nullable=False, default="", server_default=""),
    Column("members", Integer),  # when it was last read well
    Column("pending", Integer),  # in the directory now, where that was not believed
    Column("read_at", Moment),  # last read well; known only while that is fresh
    Column("since", Moment),  # in this state
    Column("seen_at", Moment),
)  # fmt: skip

group_email = Table(
    "group_email", metadata,  # as the directory has it, also of whom we don't know yet
    ref("group_id", "ad_group", primary_key=True),
    Column("email", Text, primary_key=True),  # lower case
    Column("main", Text, nullable=False),  # the first address of the same account
    Index("ix_group_email__email", "email", "group_id"),
    sqlite_with_rowid=False,
)  # fmt: skip

group_member = Table(
    "group_member", metadata,
    ref("group_id", "ad_group", primary_key=True),
    ref("person_id", "person", primary_key=True),
    Index("ix_group_member__person", "person_id", "group_id"),
    sqlite_with_rowid=False,
)  # fmt: skip

space_group = Table(
    "space_group", metadata,  # derived: the groups that a space's members are in
    ref("space_id", "space", primary_key=True),
    ref("group_id", "ad_group", primary_key=True),
    Index("ix_space_group__group", "group_id", "space_id"),
    sqlite_with_rowid=False,
)  # fmt: skip

space_domain = Table(
    "space_domain", metadata,  # derived: the mail domains of a space's outsiders
    ref("space_id", "space", primary_key=True),
    ref("domain_id", "domain", primary_key=True),
    Index("ix_space_domain__domain", "domain_id", "space_id"),
    sqlite_with_rowid=False,
)  # fmt: skip

crawl = Table(
    "crawl", metadata, key(),  # the key is the generation
    Column("mode", Text, nullable=False),  # company, member
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("is_complete", Boolean, nullable=False, default=False),
    Column("checks", Integer, nullable=False, default=0),  # how often its books were compared
    Column("faults", Integer, nullable=False, default=0),
    Column("lost", Integer, nullable=False, default=0),  # known, not seen, and not shown to be gone
    Column("spaces", Integer),  # of ours that lived when it ended: what caps are a share of
    Column("said", Text, nullable=False, default=""),  # why it is not complete
)  # fmt: skip

crawl_part = Table(
    "crawl_part", metadata, key(),  # one list, one person's spaces, one space: gone on with alone
    ref("crawl_id", "crawl"),
    Column("kind", SmallInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("is_done", Boolean, nullable=False, default=False),
    UniqueConstraint("crawl_id", "kind", "name"),
    Index("ix_crawl_part__open", "crawl_id", "is_done", "tries", "kind", "name"),
)  # fmt: skip

crawl_seat = Table(
    "crawl_seat", metadata,  # that a person's own list named this space, in this crawl
    ref("part_id", "crawl_part", primary_key=True),
    ref("person_id", "person", primary_key=True),
    sqlite_with_rowid=False,
)  # fmt: skip
