"""What is known of single messages: those that were deleted, and those that were carried for
somebody. Texts are never kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from domain.ids import MessageId, PersonKey, RoomId
from storage.schema import carried_message, deleted_message
from storage.sql import upsert, within


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A message that the bot sent for somebody."""

    sender: PersonKey
    room: RoomId
    at: datetime


class Messages:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def note_deleted(self, messages: Mapping[MessageId, datetime]) -> None:
        """Said twice it is said once."""
        rows = [{"uuid": id.uuid, "at": at} for id, at in messages.items()]
        upsert(self._connection, deleted_message, rows, on=["uuid"], change=[])

    def deleted(self, messages: Iterable[MessageId]) -> frozenset[MessageId]:
        """Which of these are known to have been deleted."""
        by_uuid = {id.uuid: id for id in messages}
        if not by_uuid:
            return frozenset()
        column = deleted_message.c.uuid
        found = select(column).where(within(self._connection, column, by_uuid))
        return frozenset(by_uuid[uuid] for uuid in self._connection.scalars(found))

    def carry(self, message: MessageId, room: RoomId, sender: PersonKey) -> None:
        row = {"uuid": message.uuid, "room": str(room), "sender_id": sender, "at": self._now}
        upsert(self._connection, carried_message, [row], on=["uuid"], change=[])

    def carried(self, message: MessageId) -> Carried | None:
        row = self._connection.execute(
            select(carried_message).where(carried_message.c.uuid == message.uuid)
        ).first()
        if row is None:
            return None
        return Carried(sender=PersonKey(row.sender_id), room=RoomId(row.room), at=row.at)

    def carried_since(self, sender: PersonKey, since: datetime) -> int:
        """How many were carried for somebody since then."""
        found = (
            select(func.count())
            .select_from(carried_message)
            .where(carried_message.c.sender_id == sender, carried_message.c.at >= since)
        )
        return self._connection.execute(found).scalar_one()

    def carried_by(self, sender: PersonKey) -> dict[RoomId, tuple[str, ...]]:
        """The uuids of all that was carried for somebody, by space."""
        found = select(carried_message.c.room, carried_message.c.uuid).where(
            carried_message.c.sender_id == sender
        )
        rooms: dict[RoomId, tuple[str, ...]] = {}
        for room, uuid in self._connection.execute(found):
            rooms[RoomId(room)] = (*rooms.get(RoomId(room), ()), uuid)
        return rooms
