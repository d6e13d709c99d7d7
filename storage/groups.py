"""AD groups and who is in them. A group that could not be read stays, and is not known.

A group's e-mails are kept as the directory has them: somebody whom the inventory learns of
tomorrow is in the group from that moment, and not only after the next reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from domain.ids import PersonKey
from storage import seating
from storage.adopting import adopt
from storage.schema import ad_group, group_email, group_member, person
from storage.sql import pieces, upsert

SHRINK_SHARE, SHRINK_PEOPLE = 0.05, 50
"""A group that loses more than both at once was probably read badly (safety.md, rails)."""


class Groups:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def replace(
        self, source_id: str, name: str, emails: Iterable[str], *, may_shrink: bool = False
    ) -> bool:
        """Gives a group exactly these members.

        Returns False when it shrank so much at once that it is taken for unknown; its last
        good members then stay. `may_shrink`: a person looked, and it did.
        """
        key = self._key(source_id, name)
        new = {email.lower() for email in emails}
        before = set(
            self._connection.scalars(
                select(group_email.c.email).where(group_email.c.group_id == key)
            )
        )
        lost = before - new
        if not may_shrink and len(lost) > SHRINK_PEOPLE and len(lost) > SHRINK_SHARE * len(before):
            self._known(key, False)
            return False
        for piece in pieces(lost):
            gone = group_email.c.email.in_(piece)
            self._connection.execute(delete(group_email).where(group_email.c.group_id == key, gone))
        rows = [{"group_id": key, "email": email} for email in sorted(new - before)]
        upsert(self._connection, group_email, rows, on=["group_id", "email"], change=[])
        self._members(key)
        self._known(key, True)
        return True

    def doubt(self, source_id: str, name: str) -> None:
        """The group is there and could not be read wholly: not known, its members stay."""
        self._known(self._key(source_id, name), False)

    def finish(self, seen: Sequence[str]) -> None:
        """After a whole pass: what was not in it is not known any more; spaces are derived."""
        were = set(seen)
        for one in self._connection.execute(select(ad_group.c.id, ad_group.c.source_id)).all():
            if one.source_id not in were:
                self._known(one.id, False)
        self.derive()

    def derive(self) -> None:
        """Puts right which spaces the groups are in."""
        seating.derive(self._connection)

    def doubt_all(self) -> None:
        """The directory did not answer: nothing about groups is known for now."""
        self._connection.execute(update(ad_group).values(is_known=False))

    def names(self) -> tuple[str, ...]:
        return tuple(self._connection.scalars(select(ad_group.c.name).order_by(ad_group.c.name)))

    def unknown(self) -> tuple[str, ...]:
        """Names of groups that were known once, or should be, and are not now."""
        found = select(ad_group.c.name).where(~ad_group.c.is_known).order_by(ad_group.c.name)
        return tuple(self._connection.scalars(found))

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

    def _key(self, source_id: str, name: str) -> int:
        upsert(
            self._connection, ad_group,
            [{"source_id": source_id, "name": name, "is_known": False, "seen_at": self._now}],
            on=["source_id"], change=["name", "seen_at"],
        )  # fmt: skip
        found = select(ad_group.c.id).where(ad_group.c.source_id == source_id)
        return int(self._connection.execute(found).scalar_one())

    def _known(self, key: int, known: bool) -> None:
        self._connection.execute(
            update(ad_group).where(ad_group.c.id == key).values(is_known=known)
        )

    def _members(self, key: int) -> None:
        """Its members are those people that the inventory knows by one of its e-mails."""
        listed = select(group_email.c.email).where(group_email.c.group_id == key)
        theirs = select(person.c.id).where(person.c.email.in_(listed))
        self._connection.execute(
            delete(group_member).where(
                group_member.c.group_id == key, group_member.c.person_id.not_in(theirs)
            )
        )
        adopt(self._connection, group_email.c.group_id == key)
