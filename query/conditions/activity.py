"""`activity:<2025-01-01`, `activity:2025-01..2025-06`: when somebody last wrote.

The moment is the one that `inactive` counts from.
"""

from __future__ import annotations

from domain.fields import FieldKind
from query import comparing
from query.spec import Condition
from storage.schema import space

CONDITION = Condition(
    name="activity", aliases=("active", "lastactivity"),
    doc="The last activity was then: <2025-01-01, 2025-06, 2025-01..2025-06.",
    example="activity:2025-01..2025-06", label="Last activity", kind=FieldKind.TEXT,
    hint="2025-01..2025-06",
    parse=comparing.read_day, write=comparing.write_day,
    predicate=lambda value, moments: comparing.test_day(
        space.c.last_used, value, moments.zone
    ),
    sentence=lambda value: f"last active {comparing.say_day(value)}",
)  # fmt: skip
