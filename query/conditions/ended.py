"""`ended:>30d`: how long ago the end date was that people set for the space.

A space without one has not ended; that is known of it.
"""

from __future__ import annotations

from sqlalchemy import and_, select

from query import comparing
from query.spec import Condition, Moments, Predicate
from storage.schema import planned_end, space


def _predicate(value: comparing.Compared, moments: Moments) -> Predicate:  # type: ignore[type-arg]
    past = and_(
        planned_end.c.at <= moments.now,
        comparing.test_age(planned_end.c.at, value, moments.now),
    )
    return space.c.id.in_(select(planned_end.c.space_id).where(past))


CONDITION = Condition(
    name="ended",
    doc="Its end date, set by its people, was that long ago: >30d, <1y.",
    example="ended:>30d", label="End date passed", hint=">30d",
    parse=comparing.read_span, write=comparing.write_span, predicate=_predicate,
    sentence=lambda value: f"whose end date passed {comparing.say_age(value)} ago",
)  # fmt: skip
