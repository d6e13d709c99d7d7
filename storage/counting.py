"""The moments that periods count from, besides those in a space's own row.

A space that has none (it lost the tag, nobody planned its end) is left out; what follows from
that is the decision's to say.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, literal, select

from domain.policies import Basis, Counting
from storage.schema import planned_end, space, space_tag, tag
from storage.schema.columns import Moment


def moments_of(counting: Counting) -> Select[Any]:
    """(space_id, at) of each space that has such a moment.

    Raises:
        LookupError: this one stands in the space's own row, or is the same for all.
    """
    match counting.basis:
        case Basis.TAGGED:
            return (
                select(space_tag.c.space_id, space_tag.c.at)
                .join(tag, tag.c.id == space_tag.c.tag_id)
                .where(tag.c.name == counting.of)
            )
        case Basis.END_DATE:
            return select(planned_end.c.space_id, planned_end.c.at)
        case other:
            raise LookupError(f"{other} is no moment of a side table")


def counted(counting: Counting) -> ColumnElement[Any]:
    """The moment as an expression over a row of `space`; NULL where there is none."""
    match counting.basis:
        case Basis.ACTIVITY:
            return space.c.last_used
        case Basis.CREATED | Basis.MESSAGES:
            return space.c.created
        case Basis.DAY:
            return literal(counting.day, Moment)
        case _:
            found = moments_of(counting).subquery()
            mine = select(found.c.at).where(found.c.space_id == space.c.id)
            return mine.correlate(space).scalar_subquery()
