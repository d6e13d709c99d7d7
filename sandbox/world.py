"""All that exists in the sandbox, in one SQLite database in memory.

Decides how things are kept and looked up; checks no permission (`powers`) and changes nothing
by itself (`acts`). Integer keys inside, so that a hundred thousand spaces fit; uuids are what
REST ids are made of. Used from the server's one thread only.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import SandboxClock

SCHEMA = """
CREATE TABLE org(key INTEGER PRIMARY KEY, uuid TEXT UNIQUE, name TEXT, created INT);
CREATE TABLE person(key INTEGER PRIMARY KEY, uuid TEXT UNIQUE, email TEXT COLLATE NOCASE,
  name TEXT, first TEXT, last TEXT, org INT, kind TEXT DEFAULT 'person', roles TEXT DEFAULT '',
  login INT DEFAULT 1, timezone TEXT DEFAULT 'Europe/Vienna', created INT, last_activity INT,
  gone INT DEFAULT 0, phones TEXT DEFAULT '[]');
CREATE UNIQUE INDEX person_email ON person(email) WHERE gone = 0;
CREATE TABLE room(key INTEGER PRIMARY KEY, uuid TEXT UNIQUE, title TEXT, direct INT DEFAULT 0,
  creator INT, created INT, last INT, team INT, owner INT, classification INT,
  locked INT DEFAULT 0, announcement INT DEFAULT 0, readonly INT DEFAULT 0,
  public INT DEFAULT 0, made_public INT, description TEXT DEFAULT '', archived INT DEFAULT 0);
CREATE TABLE membership(room INT, person INT, moderator INT DEFAULT 0, created INT,
  hidden INT DEFAULT 0, PRIMARY KEY(room, person)) WITHOUT ROWID;
CREATE INDEX membership_person ON membership(person, room);
CREATE TABLE team(key INTEGER PRIMARY KEY, uuid TEXT UNIQUE, name TEXT, description TEXT,
  creator INT, created INT);
CREATE TABLE team_membership(team INT, person INT, moderator INT DEFAULT 0, created INT,
  PRIMARY KEY(team, person)) WITHOUT ROWID;
CREATE TABLE message(key INTEGER PRIMARY KEY, uuid TEXT UNIQUE, room INT, person INT,
  created INT, text TEXT DEFAULT '', markdown TEXT, html TEXT, parent TEXT, files TEXT,
  card TEXT, mentioned TEXT, groups TEXT, updated INT, edits INT DEFAULT 0, deleted INT);
CREATE INDEX message_room ON message(room, created, key);
CREATE TABLE action(key INTEGER PRIMARY KEY, uuid TEXT UNIQUE, message INT, room INT,
  person INT, inputs TEXT, created INT);
CREATE TABLE webhook(key INTEGER PRIMARY KEY, uuid TEXT UNIQUE, person INT, name TEXT,
  target TEXT, resource TEXT, event TEXT, filter TEXT, secret TEXT, owned_by TEXT,
  status TEXT DEFAULT 'active', created INT, enabled_at INT);
CREATE TABLE event(key INTEGER PRIMARY KEY, uuid TEXT UNIQUE, resource TEXT, type TEXT,
  actor INT, created INT, data TEXT, owner INT, subject INT);
CREATE INDEX event_created ON event(created, key);
CREATE TABLE classification(key INTEGER PRIMARY KEY, uuid TEXT UNIQUE, rank INT, title TEXT,
  enabled INT DEFAULT 1);
CREATE TABLE grp(key INTEGER PRIMARY KEY, uuid TEXT UNIQUE, name TEXT, created INT);
CREATE TABLE grp_member(grp INT, person INT, PRIMARY KEY(grp, person)) WITHOUT ROWID;
CREATE TABLE token(token TEXT PRIMARY KEY, person INT, kind TEXT, expires INT);
CREATE TABLE scope(person INT PRIMARY KEY, names TEXT);
CREATE TABLE content(uuid TEXT PRIMARY KEY, message INT, name TEXT, type TEXT, body BLOB);
"""

Row = sqlite3.Row

SWITCHES = {
    "co_delete_is_403": True,  # 3.4: the code is unverified; 404 when off
    "image_card_edit_fails": True,  # 4: two repositories say so
    "replay": False,  # 5: whether Mercury replays is undocumented
    "bot_posts_are_activity": True,  # 2: inference
    "classification_only_rises": True,  # 3.4: whether the API lets it sink is unverified
    "officer_lists_deleted": True,  # 1.5: sure for one message, unverified for a list
    "events_for_90_days_only": True,  # 1.8: so it is without the Pro Pack
    "events_newest_first": True,  # 1.8: the order is undocumented
    "changes_are_activity": True,  # 2: whether a change of a room's settings is, is unverified
    "bots_hear_all": False,  # 3.1: whether @all is a mention of the bots, too
    "person_flags_are_words": True,  # 1.4: "true" as OAS-M has it, or true
    "replies_are_flat": True,  # 1.5: whether a reply can be replied to is undocumented
    "small_pages": False,  # 2: most ceilings are undocumented; pages of 5 when on
    "title_is_needed": True,  # 1.1: formally required in every PUT
}
"""Readings of what webex-facts marks as unverified, as they are at the start; control turns
them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that happened, as it then was.

    `kind` is ``room.created`` and the like; `object` is the REST resource; `details` has what
    the resource does not say (`removed`: the person who is out, `new_moderator`, …).
    """

    kind: str
    actor: int | None
    room: int | None
    person: int | None
    object: Mapping[str, Any]
    at: int
    details: Mapping[str, Any] = field(default_factory=dict)
    audience: frozenset[int] = frozenset()
    """Who was in the room when it happened, whoever is out of it by now."""


class World:
    def __init__(self, clock: SandboxClock) -> None:
        self.clock = clock
        self.db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self.db.row_factory = sqlite3.Row
        self.db.executescript(SCHEMA)
        self._secret = secrets.token_bytes(32)
        self._listeners: list[Callable[[Change], None]] = []
        self.switches = dict(SWITCHES)
        self.home = 0

    # -- reading ----------------------------------------------------------------------------

    def one(self, sql: str, *values: object) -> Row | None:
        row: Row | None = self.db.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, *values: object) -> list[Row]:
        return self.db.execute(sql, values).fetchall()

    def value(self, sql: str, *values: object) -> Any:
        row = self.db.execute(sql, values).fetchone()
        return None if row is None else row[0]

    def person(self, key: int) -> Row:
        row = self.one("SELECT * FROM person WHERE key = ?", key)
        if row is None:
            raise LookupError(f"no person {key}")
        return row

    def person_by_email(self, email: str) -> Row | None:
        return self.one("SELECT * FROM person WHERE email = ? AND gone = 0", email)

    def by_uuid(self, table: str, uuid: str | None) -> Row | None:
        """None, too, for somebody who was there once: only their messages know them still."""
        there = " AND gone = 0" if table == "person" else ""
        return self.one(f"SELECT * FROM {table} WHERE uuid = ?{there}", uuid) if uuid else None

    def room(self, key: int) -> Row | None:
        return self.one("SELECT * FROM room WHERE key = ?", key)

    def membership(self, room: int, person: int) -> Row | None:
        return self.one("SELECT * FROM membership WHERE room = ? AND person = ?", room, person)

    def members(self, room: int) -> list[Row]:
        return self.all("SELECT * FROM membership WHERE room = ? ORDER BY person", room)

    def audience(self, room: int) -> frozenset[int]:
        return frozenset(
            row[0]
            for row in self.db.execute("SELECT person FROM membership WHERE room = ?", (room,))
        )

    def insert(self, table: str, **values: object) -> int:
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        done = self.db.execute(
            f"INSERT INTO {table}({names}) VALUES ({marks})", tuple(values.values())
        )
        return int(done.lastrowid or 0)

    def update(self, table: str, key: int, **values: object) -> None:
        names = ", ".join(f"{name} = ?" for name in values)
        self.db.execute(f"UPDATE {table} SET {names} WHERE key = ?", (*values.values(), key))

    # -- who is speaking --------------------------------------------------------------------

    def token_for(self, person: Row) -> str:
        """Made from the person and a secret of this run, so that big tenants list none."""
        mac = hmac.new(self._secret, str(person["uuid"]).encode(), hashlib.sha256).hexdigest()
        token = f"{person['uuid']}.{mac[:40]}"
        self.db.execute(
            "INSERT OR IGNORE INTO token VALUES (?, ?, 'access', NULL)", (token, person["key"])
        )
        return token

    def who(self, token: str) -> Row | None:
        """The person whose access token this is; None when it is unknown or expired."""
        row = self.one("SELECT * FROM token WHERE token = ? AND kind = 'access'", token)
        if row is None:
            uuid = token.partition(".")[0]
            person = self.by_uuid("person", uuid)
            if person is None or not hmac.compare_digest(
                token.encode(), self.token_for(person).encode()
            ):
                return None
        elif row["expires"] is not None and row["expires"] <= self.clock.now_ms():
            return None
        else:
            person = self.person(row["person"])
        return person if person["login"] and not person["gone"] else None

    # -- telling ----------------------------------------------------------------------------

    def subscribe(self, listener: Callable[[Change], None]) -> None:
        self._listeners.append(listener)

    def tell(
        self, kind: str, *, actor: int | None, object: Mapping[str, Any], room: int | None = None,
        person: int | None = None, audience: frozenset[int] = frozenset(), **details: Any,
    ) -> None:  # fmt: skip
        change = Change(
            kind=kind, actor=actor, room=room, person=person, object=object,
            at=self.clock.now_ms(), details=details,
            audience=audience or (self.audience(room) if room else frozenset()),
        )  # fmt: skip
        for listener in self._listeners:
            listener(change)

    def clear(self) -> None:
        """Empties everything; listeners and the clock stay, switches stand as at the start."""
        self.switches = dict(SWITCHES)
        tables = self.all("SELECT name FROM sqlite_master WHERE type = 'table'")
        for row in tables:
            self.db.execute(f"DELETE FROM {row['name']}")
