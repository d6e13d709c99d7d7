"""`age:>1y`: how long ago the space was made."""

from __future__ import annotations

from query import comparing
from query.spec import Condition
from storage.schema import space

CONDITION = Condition(
    name="age",
    doc="Made that long ago: >1y, <30d.",
    example="age:>1y", label="Age", hint=">1y",
    parse=comparing.read_span, write=comparing.write_span,
    predicate=lambda value, moments: comparing.test_age(space.c.created, value, moments.now),
    sentence=lambda value: f"{comparing.say_age(value)} old",
)  # fmt: skip
