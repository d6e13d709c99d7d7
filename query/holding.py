"""Whether one space matches a query: for those who are told of it as something happens."""

from __future__ import annotations

from sqlalchemy import select

from domain.ids import SpaceKey
from query.deadline import deadline
from query.language import Query
from query.spec import Moments
from storage.schema import space, space_name
from storage.store import UnitOfWork

SECONDS = 3.0


def holds(tx: UnitOfWork, query: Query, key: SpaceKey, moments: Moments) -> bool:
    """Whether the space certainly matches; what is not known of it is no match.

    Raises:
        Refusal: it took too long to find out.
    """
    found = (
        select(space.c.id)
        .join(space_name, space_name.c.space_id == space.c.id)
        .where(space.c.id == key, query.where(moments))
    )
    with deadline(tx, SECONDS):
        return tx.connection.execute(found).first() is not None
