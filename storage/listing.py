"""Spaces listed in an order, among those that somebody is in at this moment or among all."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import Connection, func, select

from domain.ids import PersonKey, RoomId
from domain.spaces import Space, SpaceType
from storage.schema import membership, space, space_name
from storage.spaces import Spaces, _select
from storage.sql import within


class Order(StrEnum):
    """What a list is sorted by, as Webex names it."""

    ID = "id"
    ACTIVITY = "lastactivity"
    CREATED = "created"


_ORDERS = {
    Order.ID: (space_name.c.webex_id,),
    Order.ACTIVITY: (space.c.last_activity.desc().nulls_last(), space.c.id),
    Order.CREATED: (space.c.created.desc().nulls_last(), space.c.id),
}


class Listing:
    def __init__(self, connection: Connection, spaces: Spaces) -> None:
        self._connection = connection
        self._spaces = spaces

    def foreign_ids_with(self, who: PersonKey) -> frozenset[RoomId]:
        """The living spaces that somebody is known to be in, and that are not known to be our
        organisation's."""
        found = (
            select(space_name.c.webex_id)
            .join(membership, membership.c.space_id == space_name.c.space_id)
            .join(space, space.c.id == space_name.c.space_id)
            .where(
                membership.c.person_id == who, space.c.state == 0,
                ~func.coalesce(space.c.is_ours, False),
            )
        )  # fmt: skip
        return frozenset(RoomId(id) for id in self._connection.scalars(found))

    def known_ids(self, among: Iterable[RoomId]) -> frozenset[RoomId]:
        """Which of these rooms are spaces that we know."""
        column = space_name.c.webex_id
        found = select(column).where(within(self._connection, column, among))
        return frozenset(RoomId(id) for id in self._connection.scalars(found))

    def page(
        self, *, order: Order, among: Iterable[RoomId] | None, type: SpaceType | None,
        limit: int, skip: int = 0,
    ) -> tuple[tuple[Space, ...], int]:  # fmt: skip
        """Living spaces in an order, and how many there are. `among` None: of all."""
        tests = [space.c.state == 0]
        if among is not None:
            tests.append(within(self._connection, space_name.c.webex_id, among))
        if type is not None:
            tests.append(space.c.type == type)
        counted = (
            select(func.count())
            .select_from(space)
            .join(space_name, space_name.c.space_id == space.c.id)
        )
        total = self._connection.execute(counted.where(*tests)).scalar_one()
        found = _select().where(*tests).order_by(*_ORDERS[order]).limit(limit).offset(skip)
        return self._spaces._find(found), total
