"""Small tenants put straight into the tables, for tests that ask what follows from them."""

from __future__ import annotations

import base64
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from storage.schema import (
    ad_group,
    block_record,
    classification,
    domain,
    hold,
    hold_target,
    manual_keep,
    membership,
    person,
    planned_end,
    retention_case,
    space,
    space_domain,
    space_group,
    space_name,
    space_tag,
    tag,
    team,
)
from storage.store import UnitOfWork

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def room_id(key: int) -> str:
    uri = f"ciscospark://us/ROOM/00000000-0000-4000-8000-{key:012d}"
    return base64.b64encode(uri.encode()).decode().rstrip("=")


def person_id(email: str) -> str:
    uri = f"ciscospark://us/PEOPLE/{uuid.uuid5(uuid.NAMESPACE_URL, email)}"
    return base64.b64encode(uri.encode()).decode().rstrip("=")


class Tenant:
    """Writes into one open unit of work; whatever is named is made when first named."""

    def __init__(self, tx: UnitOfWork) -> None:
        self._tx = tx
        self._next = 1
        self._keys: dict[tuple[str, str], int] = {}

    def space(
        self, *, title: str | None = "Plans", tags: tuple[str, ...] = (),
        groups: tuple[str, ...] = (), domains: tuple[str, ...] = (),
        members: tuple[str, ...] = (), moderators: tuple[str, ...] = (),
        classified: str | None = None, team: str | None = None, creator: str | None = None,
        running: str = "", blocked: tuple[str, ...] | None = None, held: bool = False,
        kept: bool = False,
        **facts: Any,
    ) -> int:  # fmt: skip
        """A live group space of ours of which everything is known, unless `facts` differ.

        Args:
            running: the state of its open case.
            blocked: it is; these moderated it before.
        """
        key, self._next = self._next, self._next + 1
        known: dict[str, Any] = {
            "type": 1, "is_ours": True, "members_known": True, "groups_known": True,
            "domains_known": True,
        }  # fmt: skip
        self._tx.connection.execute(
            insert(space).values(
                id=key,
                classification_id=self.classification(classified),
                team_id=self.team(team),
                creator_id=self.person(creator) if creator else None,
                **(known | facts),
            )
        )
        self._add(space_name, space_id=key, webex_id=room_id(key), title=title)
        for name in tags:
            self._add(space_tag, space_id=key, tag_id=self.tag(name), at=NOW)
        if running:
            self._add(
                retention_case, space_id=key, cycle=1, state=running, opened_at=NOW, state_at=NOW
            )
        if blocked is not None:
            ids = [person_id(email) for email in blocked if self.person(email)]
            self._add(block_record, space_id=key, was=json.dumps({"moderators": ids}), at=NOW)
        if held:
            self.hold(space_id=key)
        if kept:
            self._add(manual_keep, space_id=key, until=None, at=NOW)
        for name in groups:
            self._add(space_group, space_id=key, group_id=self.group(name))
        for name in domains:
            self._add(space_domain, space_id=key, domain_id=self._key(domain, "name", name))
        for email in {*members, *moderators}:
            self._add(
                membership, space_id=key, person_id=self.person(email),
                is_moderator=email in moderators,
            )  # fmt: skip
        return key

    def spaces(self, count: int, *, first: int = 1) -> list[int]:
        """So many live group spaces of ours at once, titled S0, S1 and so on."""
        keys = list(range(first, first + count))
        self._next = max(self._next, first + count)
        self._tx.connection.execute(
            insert(space),
            [
                {"id": key, "type": 1, "is_ours": True, "members_known": True,
                 "groups_known": True, "domains_known": True}
                for key in keys
            ],
        )  # fmt: skip
        self._tx.connection.execute(
            insert(space_name),
            [
                {"space_id": key, "webex_id": room_id(key), "title": f"S{number}"}
                for number, key in enumerate(keys)
            ],
        )  # fmt: skip
        return keys

    def counted(
        self, key: int, *, tagged: datetime | None = None, end_date: datetime | None = None
    ) -> None:
        """When a space got all of its tags, and when its people planned its end."""
        if tagged is not None:
            mine = space_tag.c.space_id == key
            self._tx.connection.execute(update(space_tag).where(mine).values(at=tagged))
        if end_date is not None:
            self._add(planned_end, space_id=key, at=end_date, made_at=NOW)

    def tag(self, name: str) -> int:
        return self._key(tag, "name", name)

    def person(self, email: str) -> int:
        return self._key(person, "email", email, webex_id=person_id(email))

    def group(
        self, name: str, *, is_known: bool = True, read_at: datetime | None = NOW, called: str = ""
    ) -> int:
        """`name` is also what its id is made of; `called` is another name for it to have."""
        key = self._key(
            ad_group, "name", name, source_id=f"test:{name}", is_known=is_known, read_at=read_at
        )
        if called:
            mine = ad_group.c.id == key
            self._tx.connection.execute(update(ad_group).where(mine).values(name=called))
        return key

    def hold(self, *, ends_at: datetime | None = None, **on: int) -> None:
        """A hold on `space_id`, `person_id` or `tag_id`."""
        made = insert(hold).values(name=str(uuid.uuid4()), at=NOW, ends_at=ends_at)
        key = self._tx.connection.execute(made.returning(hold.c.id)).scalar_one()
        self._add(hold_target, hold_id=key, **on)

    def classification(self, title: str | None) -> int | None:
        return self._or_none(classification, "title", title)

    def team(self, name: str | None) -> int | None:
        return self._or_none(team, "name", name)

    def _or_none(self, table: Any, column: str, value: str | None) -> int | None:
        if value is None:
            return None
        if value != "none":
            return self._key(table, column, value, webex_id=value)
        found = self._tx.connection.execute(select(table.c.id).where(table.c.id == 0)).scalar()
        if found is None:  # the migrations put it there; a bare metadata does not
            self._add(table, id=0, webex_id="none", **{column: "none"})
        return 0

    def _key(self, table: Any, column: str, value: str, **others: Any) -> int:
        place = (table.name, value)
        if place not in self._keys:
            # The database gives the key, so that the next one it gives is another.
            made = insert(table).values(**{column: value}, **others).returning(table.c.id)
            self._keys[place] = self._tx.connection.execute(made).scalar_one()
        return self._keys[place]

    def _add(self, table: Any, **values: Any) -> None:
        self._tx.connection.execute(insert(table).values(**values))
