"""Who said of which space that it is none of theirs; they are not warned about it any more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, select

from domain.ids import PersonKey, SpaceKey
from storage.schema import disowned
from storage.sql import pieces, upsert


class Disowned:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def add(self, space: SpaceKey, person: PersonKey) -> None:
        row = {"space_id": space, "person_id": person, "at": self._now}
        upsert(self._connection, disowned, [row], on=["space_id", "person_id"], change=[])

    def remove(self, space: SpaceKey, person: PersonKey) -> bool:
        """Whether they had said so."""
        gone = self._connection.execute(
            delete(disowned).where(disowned.c.space_id == space, disowned.c.person_id == person)
        )
        return gone.rowcount > 0

    def by(self, person: PersonKey, spaces: Iterable[SpaceKey]) -> frozenset[SpaceKey]:
        """Which of `spaces` somebody said are none of theirs."""
        found: set[SpaceKey] = set()
        for piece in pieces(spaces):
            wanted = select(disowned.c.space_id).where(
                disowned.c.person_id == person, disowned.c.space_id.in_(piece)
            )
            found |= {SpaceKey(key) for key in self._connection.scalars(wanted)}
        return frozenset(found)

    def of(self, space: SpaceKey) -> frozenset[PersonKey]:
        found = select(disowned.c.person_id).where(disowned.c.space_id == space)
        return frozenset(PersonKey(key) for key in self._connection.scalars(found))
