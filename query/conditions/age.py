"""`age:>1y`: how long ago the space was made."""

from __future__ import annotations

from query import comparing
from query.spec import Buckets, Condition
from storage.schema import space

CONDITION = Condition(
    name="age",
    doc="Made that long ago: >1y, <30d.",
    example="age:>1y", label="Age", hint=">1y",
    parse=comparing.read_span, write=comparing.write_span,
    predicate=lambda value, moments: comparing.test_age(space.c.created, value, moments.now),
    buckets=Buckets(
        bands=(
            ("Under 30 days", "age:<30d"), ("30 days to 6 months", "age:30d age:<180d"),
            ("6 months to 1 year", "age:180d age:<365d"), ("1 to 2 years", "age:365d age:<730d"),
            ("2 to 3 years", "age:730d age:<1095d"), ("3 years and more", "age:1095d"),
        )
    ),
    sentence=lambda value: f"{comparing.say_age(value)} old",
)  # fmt: skip
