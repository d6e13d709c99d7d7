"""The rules of tags: which words are reserved, and of which sets every space has to have one.

A rule is about words, so that it holds for a word that no space has yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, func, literal, select, update

from domain.ids import PersonKey, TagKey
from domain.spaces import SpaceType
from storage.schema import required_set, required_tag, space, space_tag, tag


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredSet:
    """Every space of several people is to have one of `names`, which are sorted."""

    key: int
    names: tuple[str, ...]

    @property
    def said(self) -> str:
        return self.names[0] if len(self.names) == 1 else f"one of {', '.join(self.names)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`reserved` are given and taken by compliance alone."""

    reserved: frozenset[str]
    required: tuple[RequiredSet, ...]


class Vocabulary:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def rules(self) -> Rules:
        reserved = self._connection.scalars(select(tag.c.name).where(tag.c.is_reserved))
        return Rules(reserved=frozenset(reserved), required=self.required())

    def required(self) -> tuple[RequiredSet, ...]:
        """The oldest first."""
        found = (
            select(required_tag.c.set_id, tag.c.name)
            .join(tag, tag.c.id == required_tag.c.tag_id)
            .order_by(required_tag.c.set_id, tag.c.name)
        )
        sets: dict[int, list[str]] = {}
        for key, name in self._connection.execute(found):
            sets.setdefault(key, []).append(name)
        return tuple(RequiredSet(key=key, names=tuple(names)) for key, names in sets.items())

    def reserve(self, keys: Iterable[TagKey], *, on: bool) -> tuple[str, ...]:
        """Says which of the words it changes."""
        changed = self._connection.scalars(
            update(tag)
            .where(tag.c.id.in_(list(keys)), tag.c.is_reserved.is_not(on))
            .values(is_reserved=on)
            .returning(tag.c.name)
        )
        return tuple(sorted(changed))

    def require(self, keys: Iterable[TagKey], by: PersonKey | None) -> int:
        """A further set. Gives its key."""
        made: int = self._connection.execute(
            required_set.insert().values(by_id=by, at=self._now).returning(required_set.c.id)
        ).scalar_one()
        self.fill(made, keys)
        return made

    def fill(self, key: int, tags: Iterable[TagKey]) -> None:
        """Sets what a set consists of."""
        self._connection.execute(delete(required_tag).where(required_tag.c.set_id == key))
        rows = [{"set_id": key, "tag_id": one} for one in tags]
        self._connection.execute(required_tag.insert(), rows)

    def unrequire(self, key: int) -> None:
        self._connection.execute(delete(required_tag).where(required_tag.c.set_id == key))
        self._connection.execute(delete(required_set).where(required_set.c.id == key))

    def count_lacking(self) -> int:
        """How many live spaces lack a tag of some required set."""
        found = select(func.count()).select_from(space)
        wanted = found.where(
            space.c.state == 0, space.c.type == int(SpaceType.GROUP), lacks_a_required_tag()
        )
        return int(self._connection.execute(wanted).scalar_one())


def lacks_a_required_tag() -> ColumnElement[bool]:
    """True of a row of `space` that has none of the tags of some required set."""
    its = required_tag.join(space_tag, space_tag.c.tag_id == required_tag.c.tag_id)
    has_one = (
        select(literal(1))
        .select_from(its)
        .where(required_tag.c.set_id == required_set.c.id, space_tag.c.space_id == space.c.id)
        .correlate(space, required_set)
        .exists()
    )
    lacking = select(literal(1)).select_from(required_set).where(~has_one)
    return exists(lacking.correlate(space))
