"""`created:<2025-01-01`: when the space was made."""

from __future__ import annotations

from query import comparing
from query.spec import Condition
from storage.schema import space

CONDITION = Condition(
    name="created",
    doc="Made then: <2025-01-01, 2025-06, 2025-01..2025-06.",
    example="created:<2025-01-01", label="Created", hint="<2025-01-01",
    parse=comparing.read_day, write=comparing.write_day,
    predicate=lambda value, moments: comparing.test_day(space.c.created, value, moments.zone),
    sentence=lambda value: f"created {comparing.say_day(value)}",
)  # fmt: skip
