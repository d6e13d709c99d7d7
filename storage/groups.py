"""AD groups and who is in them. A group that could not be read stays, and is not known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from domain.ids import PersonKey
from storage import seating
from storage.schema import ad_group, group_member, person
from storage.sql import pieces, upsert

SHRINK_SHARE, SHRINK_PEOPLE = 0.05, 50
"""A group that loses more than both at once was probably read badly (safety.md, rails)."""


class Groups:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def replace(self, source_id: str, name: str, emails: Iterable[str]) -> bool:
        """Gives a group exactly these members (those of them that are known people).

        Returns False when it shrank so much at once that it is taken for unknown; its last
        good members then stay, and serve protection only.
        """
        upsert(
            self._connection, ad_group,
            [{"source_id": source_id, "name": name, "is_known": False, "seen_at": self._now}],
            on=["source_id"], change=["name", "seen_at"],
        )  # fmt: skip
        key = self._connection.execute(
            select(ad_group.c.id).where(ad_group.c.source_id == source_id)
        ).scalar_one()
        members = self._people(emails)
        before = set(
            self._connection.scalars(
                select(group_member.c.person_id).where(group_member.c.group_id == key)
            )
        )
        lost = len(before - members)
        if lost > SHRINK_PEOPLE and lost > SHRINK_SHARE * len(before):
            self._known(key, False)
            return False
        for piece in pieces(before - members):
            self._connection.execute(
                delete(group_member).where(
                    group_member.c.group_id == key, group_member.c.person_id.in_(piece)
                )
            )
        rows = [{"group_id": key, "person_id": p} for p in sorted(members - before)]
        upsert(self._connection, group_member, rows, on=["group_id", "person_id"], change=[])
        self._known(key, True)
        return True

    def finish(self, seen: Sequence[str]) -> None:
        """After a whole pass: what was not in it is not known any more; spaces are derived."""
        for one in self._connection.execute(select(ad_group.c.id, ad_group.c.source_id)).all():
            if one.source_id not in set(seen):
                self._known(one.id, False)
        seating.derive(self._connection)

    def doubt_all(self) -> None:
        """The directory did not answer: nothing about groups is known for now."""
        self._connection.execute(update(ad_group).values(is_known=False))

    def names(self) -> tuple[str, ...]:
        return tuple(self._connection.scalars(select(ad_group.c.name).order_by(ad_group.c.name)))

    def is_in(self, who: PersonKey, name: str) -> bool | None:
        """None when the group is unknown or not known well."""
        row = self._connection.execute(
            select(ad_group.c.id, ad_group.c.is_known).where(
                func.lower(ad_group.c.name) == name.lower()
            )
        ).first()
        if row is None or not row.is_known:
            return None
        found = select(group_member.c.person_id).where(
            group_member.c.group_id == row.id, group_member.c.person_id == who
        )
        return self._connection.execute(found).first() is not None

    def _known(self, key: int, known: bool) -> None:
        self._connection.execute(
            update(ad_group).where(ad_group.c.id == key).values(is_known=known)
        )

    def _people(self, emails: Iterable[str]) -> set[int]:
        found: set[int] = set()
        for piece in pieces({email.lower() for email in emails}):
            found |= set(
                self._connection.scalars(select(person.c.id).where(person.c.email.in_(piece)))
            )
        return found
