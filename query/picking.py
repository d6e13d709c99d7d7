"""All spaces that a query matches, as keys: for what is done with every one of them."""

from __future__ import annotations

from sqlalchemy import select

from domain.ids import PersonKey, SpaceKey
from query.deadline import deadline
from query.language import Query
from query.sides import among
from query.spec import Moments
from storage.schema import membership, space
from storage.store import UnitOfWork

SECONDS = 10.0


def pick(
    tx: UnitOfWork, query: Query, *, visible_to: PersonKey | None, moments: Moments, most: int,
    seconds: float = SECONDS,
) -> tuple[SpaceKey, ...]:  # fmt: skip
    """The keys of the live spaces that `query` certainly matches, in their order; one more than
    `most` says that there are more.

    Args:
        visible_to: only spaces that this person is in; None for compliance, who see all.

    Raises:
        Refusal: it took longer than `seconds`.
    """
    where = [space.c.state == 0, query.where(moments)]
    if visible_to is not None:
        seats = select(membership.c.space_id).where(membership.c.person_id == visible_to)
        where.append(among(seats))
    found = select(space.c.id).where(*where).order_by(space.c.id).limit(most + 1)
    with deadline(tx, seconds):
        return tuple(SpaceKey(key) for key in tx.connection.scalars(found))
