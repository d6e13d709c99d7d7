"""`size:>=10`: how many human beings are in the space."""

from __future__ import annotations

from query import comparing
from query.spec import Buckets, Condition
from storage.schema import space

CONDITION = Condition(
    name="size", aliases=("members",),
    doc="Number of people in it: 1, >=10, 2..5.",
    example="size:>=10", label="Number of people", hint=">=10",
    parse=lambda text: comparing.read(text, comparing.number),
    write=lambda value: comparing.write(value, str),
    predicate=lambda value, moments: comparing.test_number(space.c.size, value),
    buckets=Buckets(
        bands=(
            ("Nobody or one", "size:<=1"), ("2", "size:2"), ("3 to 10", "size:3..10"),
            ("11 to 50", "size:11..50"), ("51 to 200", "size:51..200"),
            ("Over 200", "size:>200"),
        )
    ),
    sentence=lambda value: f"with {comparing.say_number(value)} people",
)  # fmt: skip
