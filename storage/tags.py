"""Tags on spaces: which has which, who gave it and when; many at once in a few statements.

The words themselves and their rules are `storage.vocabulary`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from domain.ids import PersonKey, SpaceKey, TagKey
from storage.schema import membership, person, space, space_tag, tag
from storage.sql import upsert, within


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A tag on a space. `by` is a name or an address; empty where nobody in person gave it."""

    name: str
    by: str
    at: datetime
    is_reserved: bool = False


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

    def given_to(self, space_key: SpaceKey) -> tuple[Given, ...]:
        """The tags of a space with who gave each, by name."""
        found = (
            select(
                tag.c.name, tag.c.is_reserved, space_tag.c.at,
                func.coalesce(func.nullif(person.c.name, ""), person.c.email, "").label("who"),
            )
            .join(space_tag, space_tag.c.tag_id == tag.c.id)
            .join(person, person.c.id == space_tag.c.by_id, isouter=True)
            .where(space_tag.c.space_id == space_key)
            .order_by(tag.c.name)
        )  # fmt: skip
        return tuple(
            Given(name=row.name, by=row.who, at=row.at, is_reserved=row.is_reserved)
            for row in self._connection.execute(found)
        )

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
        new = self.add_to_many([space_key], names, by)
        return tuple(name for name in dict.fromkeys(names) if name in new.get(space_key, ()))

    def add_to_many(
        self, spaces: Iterable[SpaceKey], names: Sequence[str], by: PersonKey | None
    ) -> dict[SpaceKey, tuple[str, ...]]:
        """Gives the tags to all of `spaces`; says which are new on which of them."""
        wanted, each = tuple(dict.fromkeys(names)), list(dict.fromkeys(spaces))
        keys, had = self.ensure(wanted), self.among(each, wanted)
        new = {
            key: missing
            for key in each
            if (missing := tuple(name for name in wanted if name not in had.get(key, ())))
        }
        rows = [
            {"space_id": key, "tag_id": keys[name], "by_id": by, "at": self._now}
            for key, missing in new.items()
            for name in missing
        ]
        upsert(self._connection, space_tag, rows, on=["space_id", "tag_id"], change=[])
        return new

    def remove(self, space_key: SpaceKey, names: Sequence[str]) -> tuple[str, ...]:
        """Takes the tags off; says which of them were on the space."""
        return self.remove_from_many([space_key], names).get(space_key, ())

    def remove_from_many(
        self, spaces: Iterable[SpaceKey], names: Sequence[str]
    ) -> dict[SpaceKey, tuple[str, ...]]:
        """Takes the tags off all of `spaces`; says which of them were on which."""
        keys = list(dict.fromkeys(spaces))
        had = self.among(keys, names)
        gone = select(tag.c.id).where(tag.c.name.in_(list(names)))
        self._connection.execute(
            delete(space_tag).where(
                within(self._connection, space_tag.c.space_id, keys), space_tag.c.tag_id.in_(gone)
            )
        )
        return had

    def among(
        self, spaces: Iterable[SpaceKey], names: Iterable[str] | None = None
    ) -> dict[SpaceKey, tuple[str, ...]]:
        """Which of `names` (or of all tags) are on which of the spaces, sorted; a space without
        any is left out."""
        found = (
            select(space_tag.c.space_id, tag.c.name)
            .join(tag, tag.c.id == space_tag.c.tag_id)
            .where(within(self._connection, space_tag.c.space_id, spaces))
            .order_by(space_tag.c.space_id, tag.c.name)
        )
        if names is not None:
            found = found.where(tag.c.name.in_(list(names)))
        on: dict[SpaceKey, list[str]] = {}
        for key, name in self._connection.execute(found):
            on.setdefault(SpaceKey(key), []).append(name)
        return {key: tuple(some) for key, some in on.items()}

    def with_any(self, names: Iterable[str]) -> tuple[SpaceKey, ...]:
        """All spaces, whatever their state, that have one of the tags."""
        found = (
            select(space_tag.c.space_id)
            .join(tag, tag.c.id == space_tag.c.tag_id)
            .where(tag.c.name.in_(list(names)))
            .distinct()
            .order_by(space_tag.c.space_id)
        )
        return tuple(SpaceKey(key) for key in self._connection.scalars(found))

    def ensure(self, names: Iterable[str]) -> dict[str, TagKey]:
        """The keys of the tags, which are made where there are none of that name."""
        wanted = list(dict.fromkeys(names))
        upsert(self._connection, tag, [{"name": n, "is_reserved": False} for n in wanted],
               on=["name"], change=[])  # fmt: skip
        rows = self._connection.execute(select(tag.c.name, tag.c.id).where(tag.c.name.in_(wanted)))
        return {row[0]: TagKey(row[1]) for row in rows}

    def key_of(self, name: str) -> TagKey | None:
        found = self._connection.execute(select(tag.c.id).where(tag.c.name == name)).scalar()
        return TagKey(found) if found is not None else None
