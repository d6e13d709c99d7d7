"""Groups of the directory and who is in them. One that was not read well stays, and is not known.

Decides what a reading may change: members only where the group was read wholly and did not
shrink at once by more than safety.md allows; else its last good ones stay. A group's e-mails
are kept as the directory has them: somebody whom the inventory learns of tomorrow is in the
group from that moment, and not only after the next reading.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, exists, func, or_, select
from sqlalchemy import update as updating

from domain.groups import FRESH, Group, GroupChange, GroupSeen, GroupState
from domain.ids import PersonKey
from storage import bulk, seating
from storage.adopting import adopt
from storage.engine import fold
from storage.schema import ad_group, group_email, group_member, person, space_group, to_ms
from storage.sql import within

SHRINK_SHARE, SHRINK_PEOPLE = 0.05, 50
"""A group that loses more than both at once was probably read badly (safety.md, rails)."""

KNOWN, SHRUNK, PARTIAL = GroupState.KNOWN, GroupState.SHRUNK, GroupState.PARTIAL
SILENT, GONE, OLD = GroupState.SILENT, GroupState.GONE, GroupState.OLD


class Groups:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    # -- questions --------------------------------------------------------------------------

    def all(self) -> tuple[Group, ...]:
        """By name; those of one name by the moment that they were first seen."""
        return self._find()

    def named(self, name: str) -> tuple[Group, ...]:
        """Those of that name, whatever the case, or the one of that id."""
        return self._find(self._is(name))

    def names(self) -> tuple[str, ...]:
        return tuple(self._connection.scalars(select(ad_group.c.name).order_by(ad_group.c.name)))

    def unknown(self) -> tuple[str, ...]:
        """Names of groups that were known once, or should be, and are not now."""
        return tuple(one.name for one in self.all() if not one.is_known)

    def addresses(self, key: int) -> frozenset[str]:
        """The main address of each member, when the group was last read well."""
        found = select(group_email.c.main).where(group_email.c.group_id == key).distinct()
        return frozenset(self._connection.scalars(found))

    def to_add(self, key: int) -> frozenset[str]:
        """One address of each member: that of somebody whom the inventory knows, else the main
        one."""
        known = (
            select(group_email.c.main, func.min(person.c.email))
            .join(person, person.c.email == group_email.c.email)
            .where(group_email.c.group_id == key)
            .group_by(group_email.c.main)
        )
        by_main = {row[0]: row[1] for row in self._connection.execute(known)}
        return frozenset(by_main.get(main, main) for main in self.addresses(key))

    def is_in(self, who: PersonKey, name: str) -> bool | None:
        """None when no group has that name, when several do, or when it is not known well."""
        found = self.named(name)
        if len(found) != 1 or not found[0].is_known:
            return None
        theirs = select(person.c.email).where(person.c.id == who)
        listed = select(group_email.c.email).where(
            group_email.c.group_id == found[0].key, group_email.c.email.in_(theirs)
        )
        return self._connection.execute(listed).first() is not None

    def people_in(self, name: str) -> frozenset[str]:
        """An address of each member, as `to_add`; nobody where `is_in` would not know."""
        found = self.named(name)
        if len(found) != 1 or not found[0].is_known:
            return frozenset()
        return self.to_add(found[0].key)

    # -- what a reading says ----------------------------------------------------------------

    def write(
        self, read: Sequence[GroupSeen], *, may_shrink: bool = False
    ) -> tuple[GroupChange, ...]:
        """Takes in groups as they were read, and says what it made of each.

        Args:
            may_shrink: a person looked, and they are right as they are now.
        """
        before = self._before(read)
        bulk.put(
            self._connection, ad_group, ("source", "source_id", "name", "is_known", "seen_at"),
            [(one.source, one.source_id, one.name, False, to_ms(self._now)) for one in read],
            on=("source_id",), change=("source", "name", "seen_at"),
        )  # fmt: skip
        keys = self._keys(one.source_id for one in read)
        had = self._emails(keys[one.source_id] for one in read if not one.why)
        became: list[tuple[GroupSeen, GroupState, str]] = []
        good: dict[int, GroupSeen] = {}
        for one in read:
            key = keys[one.source_id]
            if one.why:
                became.append((one, PARTIAL, one.why))
                continue
            if not may_shrink and (why := _shrank(had.get(key, {}), one)):
                became.append((one, SHRUNK, why))
                continue
            good[key] = one
            became.append((one, KNOWN, ""))
        self._members(good, had)
        self._settle(
            {keys[one.source_id]: (state, why) for one, state, why in became},
            before={keys[id]: row for id, row in before.items()},
            read={key: len(one.members) for key, one in good.items()},
            pending={
                keys[one.source_id]: len(one.members) for one, state, _ in became if state is SHRUNK
            },
        )  # fmt: skip
        return tuple(
            _change(before.get(one.source_id), one.name, one.source_id, state, why, self._now)
            for one, state, why in became
        )

    def finish(self, source: str, seen: Collection[str]) -> tuple[GroupChange, ...]:
        """After a whole pass of a source: what was not in it is not there any more."""
        were = set(seen)
        rows = [row for row in self._rows(ad_group.c.source == source) if row.source_id not in were]
        return self._doubt(rows, GONE, "the directory does not have it any more")

    def silence(self, source: str, why: str) -> tuple[GroupChange, ...]:
        """The source did not answer: nothing about its groups is known for now."""
        rows = self._rows(ad_group.c.source == source)
        return self._doubt([row for row in rows if row.state not in (GONE, SHRUNK)], SILENT, why)

    def only(self, sources: Iterable[str]) -> tuple[GroupChange, ...]:
        """Groups of other sources come from a directory that nobody reads any more."""
        rows = self._rows(ad_group.c.source.not_in(list(sources)))
        return self._doubt(rows, GONE, "its directory is not connected any more")

    def forget(self, keys: Collection[int]) -> None:
        """As if they had never been: a name that nobody has is not known either."""
        for table in (group_email, group_member, space_group):
            mine = within(self._connection, table.c.group_id, keys)
            self._connection.execute(delete(table).where(mine))
        self._connection.execute(
            delete(ad_group).where(within(self._connection, ad_group.c.id, keys))
        )

    def derive(self) -> None:
        """Puts right who is in which group by their addresses of now, and which spaces the
        groups are in."""
        self._leave()
        seating.derive(self._connection)

    # -- how --------------------------------------------------------------------------------

    def _is(self, name: str) -> ColumnElement[bool]:
        is_sqlite = self._connection.dialect.name == "sqlite"
        folded = (func.fold if is_sqlite else func.lower)(ad_group.c.name)
        return or_(folded.in_({fold(name), name.lower()}), ad_group.c.source_id == name)

    def _find(self, *which: ColumnElement[bool]) -> tuple[Group, ...]:
        found = select(ad_group).where(*which).order_by(func.lower(ad_group.c.name), ad_group.c.id)
        return tuple(self._group(row) for row in self._connection.execute(found))

    def _group(self, row: Row[Any]) -> Group:
        state, since = _state(row, self._now), row.since
        if state is OLD:
            since = row.read_at
        return Group(
            key=row.id, source=row.source, source_id=row.source_id, name=row.name, state=state,
            members=row.members, pending=row.pending, read_at=row.read_at, since=since,
            why="it was not read for too long" if state is OLD else row.why,
        )  # fmt: skip

    def _rows(self, which: ColumnElement[bool]) -> Sequence[Row[Any]]:
        return self._connection.execute(select(ad_group).where(which)).all()

    def _before(self, read: Sequence[GroupSeen]) -> dict[str, Row[Any]]:
        ids = [one.source_id for one in read]
        rows = self._rows(within(self._connection, ad_group.c.source_id, ids))
        return {row.source_id: row for row in rows}

    def _keys(self, ids: Iterable[str]) -> dict[str, int]:
        wanted = select(ad_group.c.source_id, ad_group.c.id).where(
            within(self._connection, ad_group.c.source_id, ids)
        )
        return {row[0]: int(row[1]) for row in self._connection.execute(wanted)}

    def _emails(self, keys: Iterable[int]) -> dict[int, dict[str, str]]:
        found: dict[int, dict[str, str]] = {}
        wanted = select(group_email).where(
            within(self._connection, group_email.c.group_id, list(keys))
        )
        for group, email, main in self._connection.execute(wanted):
            found.setdefault(group, {})[email] = main
        return found

    def _members(self, read: Mapping[int, GroupSeen], had: Mapping[int, Mapping[str, str]]) -> None:
        """Gives each group exactly the members that were read; what is the same stays."""
        new = [
            (key, email, main)
            for key, one in read.items()
            for email, main in one.emails.items()
            if had.get(key, {}).get(email) != main
        ]
        gone = [
            {"b_group": key, "b_email": email}
            for key, one in read.items()
            for email in had.get(key, {}).keys() - one.emails.keys()
        ]
        if gone:
            mine = group_email.c.group_id == bindparam("b_group")
            its = group_email.c.email == bindparam("b_email")
            self._connection.execute(delete(group_email).where(mine, its), gone)
        bulk.put(
            self._connection, group_email, ("group_id", "email", "main"), new,
            on=("group_id", "email"), change=("main",),
        )  # fmt: skip
        if left := {row["b_group"] for row in gone}:
            self._leave(within(self._connection, group_member.c.group_id, left))
        if came := {row[0] for row in new}:
            adopt(self._connection, within(self._connection, group_email.c.group_id, came))

    def _leave(self, *which: ColumnElement[bool]) -> None:
        """Nobody is in a group that none of its e-mails says they are in."""
        listed = exists().where(
            person.c.id == group_member.c.person_id, group_email.c.email == person.c.email,
            group_email.c.group_id == group_member.c.group_id,
        )  # fmt: skip
        self._connection.execute(delete(group_member).where(*which, ~listed))

    def _doubt(
        self, rows: Sequence[Row[Any]], state: GroupState, why: str
    ) -> tuple[GroupChange, ...]:
        self._settle({row.id: (state, why) for row in rows}, before={row.id: row for row in rows})
        return tuple(_change(row, row.name, row.source_id, state, why, self._now) for row in rows)

    def _settle(
        self, states: Mapping[int, tuple[GroupState, str]], *, before: Mapping[int, Row[Any]],
        read: Mapping[int, int] = {}, pending: Mapping[int, int] = {},
    ) -> None:  # fmt: skip
        """Writes what is known of each now; `since` stays where the state does."""
        rows = []
        for key, (state, why) in states.items():
            were = before.get(key)
            stays = were is not None and were.state == state and were.since is not None
            rows.append({
                "b_id": key, "is_known": state is KNOWN, "state": str(state), "why": why,
                "members": read.get(key, were.members if were is not None else None),
                "pending": pending.get(key),
                "read_at": self._now if key in read else were.read_at if were is not None else None,
                "since": were.since if stays and were is not None else self._now,
            })  # fmt: skip
        if rows:
            names: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "b_id"}
            mine = ad_group.c.id == bindparam("b_id")
            self._connection.execute(updating(ad_group).where(mine).values(names), rows)


def _shrank(had: Mapping[str, str], now: GroupSeen) -> str:
    """What is suspicious about it, or nothing. A member is lost when none of their addresses
    is left; a group that is emptied is one that was read badly, however small it was."""
    mains = set(had.values())
    lost = len(mains - {main for email, main in had.items() if email in now.emails})
    is_much = lost > SHRINK_PEOPLE and lost > SHRINK_SHARE * len(mains)
    if not is_much and not (mains and not now.emails):
        return ""
    left = f"{len(now.members):,}" if now.emails else "none"
    return f"it had {len(mains):,} members and has {left} now"


def _state(row: Row[Any], now: datetime) -> GroupState:
    """As the condition `group:` sees it (`query/conditions/group.py`)."""
    if not row.is_known:
        return GroupState(row.state or SILENT)
    is_fresh = row.read_at is not None and row.read_at > now - FRESH
    return KNOWN if is_fresh else OLD


def _change(
    before: Row[Any] | None, name: str, id: str, state: GroupState, why: str, now: datetime
) -> GroupChange:
    return GroupChange(
        name=name, source_id=id, after=state, why=why,
        before=None if before is None else _state(before, now),
        former_name=before.name if before is not None and before.name != name else "",
    )  # fmt: skip
