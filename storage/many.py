"""What the inventory says of many spaces at once, for a preview of what would be done to them.

Nothing is done by this alone: each space is looked at again, live, when its turn comes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, exists, func, or_, select

from domain.cases import Keep
from domain.ids import PersonKey, SpaceKey
from domain.people import Person
from domain.spaces import SpaceType
from storage.schema import block_record, manual_keep, membership, person, space
from storage.sql import within


class Many:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def managed_by(self, who: Person, spaces: Sequence[SpaceKey]) -> frozenset[SpaceKey]:
        """Those that a person manages: as `spaces.looking.manages` reads it live."""
        mine, other = membership.alias("mine"), membership.alias("other")
        moderated = exists().where(
            other.c.space_id == space.c.id, other.c.is_moderator, other.c.person_id == person.c.id,
            ~person.c.is_bot,
        )  # fmt: skip
        found = (
            select(space.c.id)
            .join(mine, and_(mine.c.space_id == space.c.id, mine.c.person_id == who.key))
            .where(
                within(self._connection, space.c.id, spaces),
                or_(
                    mine.c.is_moderator,
                    space.c.type == int(SpaceType.DIRECT),
                    and_(
                        ~moderated,
                        or_(space.c.requested_by == who.key, space.c.creator_id == who.key),
                    ),
                ),
            )
        )
        led = {SpaceKey(key) for key in self._connection.scalars(found)}
        return frozenset(led | self._demoted(who, spaces))

    def _demoted(self, who: Person, spaces: Sequence[SpaceKey]) -> set[SpaceKey]:
        """Those that the person moderated until they were blocked."""
        rows = self._connection.execute(
            select(block_record.c.space_id, block_record.c.was)
            .join(membership, membership.c.space_id == block_record.c.space_id)
            .where(
                membership.c.person_id == who.key,
                within(self._connection, block_record.c.space_id, spaces),
            )
        )
        return {
            SpaceKey(row.space_id)
            for row in rows
            if str(who.id) in (json.loads(row.was).get("moderators") or ())
        }

    def kept(self, spaces: Sequence[SpaceKey]) -> dict[SpaceKey, Keep]:
        """The keeps that are set by hand and hold."""
        rows = self._connection.execute(
            select(manual_keep).where(
                within(self._connection, manual_keep.c.space_id, spaces),
                or_(manual_keep.c.until.is_(None), manual_keep.c.until > self._now),
            )
        )
        return {
            SpaceKey(row.space_id): Keep(
                space=SpaceKey(row.space_id), until=row.until, by=row.by_id, at=row.at,
                reason=row.reason, by_compliance=row.by_compliance,
            )
            for row in rows
        }  # fmt: skip

    def blocked(self, spaces: Sequence[SpaceKey]) -> frozenset[SpaceKey]:
        found = select(block_record.c.space_id).where(
            within(self._connection, block_record.c.space_id, spaces)
        )
        return frozenset(SpaceKey(key) for key in self._connection.scalars(found))

    def untouchable(self, spaces: Sequence[SpaceKey]) -> frozenset[SpaceKey]:
        """Not ours, a team's General space, or one that is never touched."""
        found = select(space.c.id).where(
            within(self._connection, space.c.id, spaces),
            or_(space.c.is_ours.is_(False), space.c.is_general, space.c.is_untouchable),
        )
        return frozenset(SpaceKey(key) for key in self._connection.scalars(found))

    def direct(self, spaces: Sequence[SpaceKey]) -> frozenset[SpaceKey]:
        found = select(space.c.id).where(
            within(self._connection, space.c.id, spaces), space.c.type == int(SpaceType.DIRECT)
        )
        return frozenset(SpaceKey(key) for key in self._connection.scalars(found))

    def with_all(
        self, spaces: Sequence[SpaceKey], people: Iterable[PersonKey], *, moderating: bool = False
    ) -> frozenset[SpaceKey]:
        """Those that all of the people are in, or moderate."""
        keys = frozenset(people)
        found = (
            select(membership.c.space_id)
            .where(
                within(self._connection, membership.c.space_id, spaces),
                membership.c.person_id.in_(keys),
            )
            .group_by(membership.c.space_id)
            .having(func.count() == len(keys))
        )
        if moderating:
            found = found.where(membership.c.is_moderator)
        return frozenset(SpaceKey(key) for key in self._connection.scalars(found))

    def with_any(
        self, spaces: Sequence[SpaceKey], people: Iterable[PersonKey]
    ) -> frozenset[SpaceKey]:
        """Those that one of the people is in."""
        found = select(membership.c.space_id).where(
            within(self._connection, membership.c.space_id, spaces),
            membership.c.person_id.in_(list(people)),
        )
        return frozenset(SpaceKey(key) for key in self._connection.scalars(found))
