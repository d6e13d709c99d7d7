"""Tags: free words on spaces. Kept folded, so that Finance and finance are one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from domain.errors import Refusal
from domain.ids import PersonKey, SpaceKey, TagKey
from storage.schema import membership, space, space_tag, tag
from storage.sql import upsert

LONGEST = 40
UNTAGGED = "none"
"""What a query calls having no tag."""
_ALLOWED = re.compile(r"[\w][\w.+-]*")


def tag_name(text: str) -> str:
    """A tag as it is kept. Raises Refusal when it can't be one."""
    name = text.strip().lstrip("#").casefold()
    if name == UNTAGGED:
        raise Refusal(f"“{UNTAGGED}” can't be a tag: `tag:{UNTAGGED}` finds what has no tag.")
    if not _ALLOWED.fullmatch(name) or len(name) > LONGEST:
        raise Refusal(
            f"“{text[:LONGEST]}” can't be a tag.",
            f"A tag is one word of letters, digits, - . _ or +, up to {LONGEST} long.",
        )
    return name


class Tags:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def of(self, space_key: SpaceKey) -> tuple[str, ...]:
        found = (
            select(tag.c.name)
            .join(space_tag, space_tag.c.tag_id == tag.c.id)
            .where(space_tag.c.space_id == space_key)
            .order_by(tag.c.name)
        )
        return tuple(self._connection.scalars(found))

    def counts(
        self, *, visible_to: PersonKey | None, limit: int = 100
    ) -> tuple[tuple[str, int], ...]:
        """(tag, how many live spaces), only over spaces that may be seen; the most used first."""
        found = (
            select(tag.c.name, func.count())
            .join(space_tag, space_tag.c.tag_id == tag.c.id)
            .join(space, space.c.id == space_tag.c.space_id)
            .where(space.c.state == 0)
        )
        if visible_to is not None:
            mine = select(membership.c.space_id).where(membership.c.person_id == visible_to)
            found = found.where(space_tag.c.space_id.in_(mine))
        found = found.group_by(tag.c.name).order_by(func.count().desc(), tag.c.name).limit(limit)
        return tuple((row[0], row[1]) for row in self._connection.execute(found))

    def add(
        self, space_key: SpaceKey, names: Sequence[str], by: PersonKey | None
    ) -> tuple[str, ...]:
        """Gives the tags; says which of them are new on the space."""
        before = set(self.of(space_key))
        wanted = [name for name in dict.fromkeys(names) if name not in before]
        upsert(self._connection, tag, [{"name": n, "is_reserved": False} for n in wanted],
               on=["name"], change=[])  # fmt: skip
        rows = [
            {"space_id": space_key, "tag_id": key, "by_id": by, "at": self._now}
            for key in self._connection.scalars(select(tag.c.id).where(tag.c.name.in_(wanted)))
        ]
        upsert(self._connection, space_tag, rows, on=["space_id", "tag_id"], change=[])
        return tuple(wanted)

    def remove(self, space_key: SpaceKey, names: Sequence[str]) -> tuple[str, ...]:
        """Takes the tags off; says which of them were on the space."""
        before = [name for name in self.of(space_key) if name in set(names)]
        keys = select(tag.c.id).where(tag.c.name.in_(before))
        self._connection.execute(
            delete(space_tag).where(space_tag.c.space_id == space_key, space_tag.c.tag_id.in_(keys))
        )
        return tuple(before)

    def key_of(self, name: str) -> TagKey | None:
        found = self._connection.execute(select(tag.c.id).where(tag.c.name == name)).scalar()
        return TagKey(found) if found is not None else None
