"""When spaces were last used, as events and readings tell it. Moments only go forward: an
earlier one is an echo, whoever brings it and however often."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, select, update

from domain.ids import RoomId, SpaceKey
from storage.schema import space, space_name
from storage.sql import pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What is newly known of a space. `human_known_until`: up to then no human message is
    missing, so what Webex calls activity was `last_human`, or none of a human's."""

    key: SpaceKey
    last_activity: datetime | None = None
    last_human: datetime | None = None
    human_known_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a space's use, and when its row was read."""

    key: SpaceKey
    is_live: bool
    created: datetime | None
    last_human: datetime | None
    human_known_until: datetime | None
    last_used: datetime | None
    read_at: datetime | None


class Activity:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, rooms: Iterable[RoomId]) -> dict[RoomId, Known]:
        """Those of the spaces that are known by these ids."""
        found: dict[RoomId, Known] = {}
        wanted = select(space, space_name.c.webex_id).join(space_name)
        for piece in pieces(rooms):
            for row in self._connection.execute(wanted.where(space_name.c.webex_id.in_(piece))):
                found[RoomId(row.webex_id)] = Known(
                    key=SpaceKey(row.id), is_live=row.state == 0, created=row.created,
                    last_human=row.last_human, human_known_until=row.human_known_until,
                    last_used=row.last_used, read_at=row.read_at,
                )  # fmt: skip
        return found

    def move(self, moved: Sequence[Moved]) -> None:
        move(self._connection, moved)


def move(connection: Connection, moved: Sequence[Moved]) -> None:
    if not moved:
        return
    names = ("last_activity", "last_human", "human_known_until")

    def later(name: str) -> Any:
        column, new = space.c[name], bindparam(f"b_{name}", type_=space.c[name].type)
        return case((column.is_(None), new), (new > column, new), else_=column)

    put = update(space).where(space.c.id == bindparam("b_key"))
    connection.execute(
        put.values({name: later(name) for name in names}),
        [
            {"b_key": one.key, **{f"b_{name}": getattr(one, name) for name in names}}
            for one in moved
        ],
    )
