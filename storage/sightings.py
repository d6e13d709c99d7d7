"""What was heard of Webex, each word of it once, written down in the transaction that takes it in.

A sighting only says that something happened, by whichever way; what it was is looked at after.
Rows are claimed for a while of real time: two processes never look at the same one at the same
time, and what a dead process held comes free.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from domain.ids import RoomId, SpaceKey
from domain.spaces import SpaceType
from domain.watches import Sighting, Trigger, webex_moment
from storage.schema import person, sighting, space, space_name, team
from storage.sql import insert, pieces

MOST_HEARD = 100_000
"""Sightings that wait to be looked at; from there on a webhook is turned away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A sighting that was claimed, with how often it was looked at already."""

    sighting: Sighting
    heard_at: datetime
    attempts: int


class Sightings:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def hear(self, sightings: Iterable[Sighting], *, after: timedelta = timedelta()) -> int:
        """Writes sightings down, each once; says how many were new.

        Args:
            after: they are looked at so much later, since a fuller word may come meanwhile.
        """
        unique = {one.id: one for one in sightings}
        rows = [
            {
                "id": one.id, "kind": int(one.trigger), "at": one.at, "heard_at": self._now,
                "is_done": False, "attempts": 0, "free_at": _real_now() + after, "body": _body(one),
            }
            for _, one in sorted(unique.items())
        ]  # fmt: skip
        new = 0
        for piece in pieces(rows, 100):
            put = insert(self._connection, sighting).values(piece)
            made = put.on_conflict_do_nothing(index_elements=["id"]).returning(sighting.c.id)
            new += len(self._connection.execute(made).all())
        return new

    def hear_end(self, space_key: SpaceKey) -> None:
        """A space is gone, as was seen: in the transaction that writes that down."""
        row = self._connection.execute(
            select(space, space_name.c.webex_id, space_name.c.title, team.c.webex_id.label("team"),
                   person.c.webex_id.label("creator"))
            .join(space_name, space_name.c.space_id == space.c.id)
            .outerjoin(team, team.c.id == space.c.team_id)
            .outerjoin(person, person.c.id == space.c.creator_id)
            .where(space.c.id == space_key)
        ).one()  # fmt: skip
        data = {
            "id": row.webex_id, "title": row.title,
            "type": None if row.type is None else SpaceType(row.type).name.lower(),
            "isLocked": row.is_locked, "teamId": row.team or None,
            "lastActivity": webex_moment(row.last_activity), "creatorId": row.creator,
            "created": webex_moment(row.created),
        }  # fmt: skip
        room = RoomId(row.webex_id)
        self.hear(
            [Sighting(id=f"gone/{room.uuid}", trigger=Trigger.SPACE_DELETED, room=str(room),
                      at=self._now, data=data, is_whole=True)]
        )  # fmt: skip

    def count(self) -> int:
        """How many sightings wait."""
        found = select(func.count()).select_from(sighting).where(~sighting.c.is_done)
        return int(self._connection.execute(found).scalar_one())

    def left(self, *, limit: int) -> tuple[str, ...]:
        found = select(sighting.c.id).where(~sighting.c.is_done, sighting.c.free_at <= _real_now())
        return tuple(
            self._connection.scalars(
                found.order_by(sighting.c.heard_at, sighting.c.at, sighting.c.id).limit(limit)
            )
        )

    def take(self, id: str, *, span: timedelta) -> Heard | None:
        """Claims one; None when somebody else has it or it is done."""
        now = _real_now()
        row = self._connection.execute(
            update(sighting)
            .where(sighting.c.id == id, ~sighting.c.is_done, sighting.c.free_at <= now)
            .values(free_at=now + span, attempts=sighting.c.attempts + 1)
            .returning(sighting)
        ).first()
        return None if row is None else _heard(row)

    def looked_at(self, id: str) -> None:
        self._connection.execute(
            update(sighting).where(sighting.c.id == id).values(is_done=True, body="{}")
        )

    def look_again(self, id: str, *, after: timedelta) -> None:
        self._connection.execute(
            update(sighting).where(sighting.c.id == id).values(free_at=_real_now() + after)
        )

    def sweep(self, *, before: datetime) -> int:
        """Forgets those that were looked at."""
        gone = delete(sighting).where(sighting.c.is_done, sighting.c.heard_at < before)
        return int(self._connection.execute(gone).rowcount)


def _real_now() -> datetime:
    return datetime.now(UTC)


def _body(one: Sighting) -> str:
    return json.dumps(
        {
            "room": one.room, "message": one.message, "person": one.person,
            "data": None if one.data is None else dict(one.data), "is_whole": one.is_whole,
        },
        ensure_ascii=False,
    )  # fmt: skip


def _heard(row: Any) -> Heard:
    body = json.loads(row.body)
    return Heard(
        sighting=Sighting(
            id=row.id, trigger=Trigger(row.kind), room=body["room"], at=row.at,
            message=body["message"], person=body["person"], data=body["data"],
            is_whole=body["is_whole"],
        ),
        heard_at=row.heard_at, attempts=row.attempts,
    )  # fmt: skip
