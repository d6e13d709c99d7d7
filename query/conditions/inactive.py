"""`inactive:>90d`: how long nobody has written.

Counted from the latest human message where one is known and nothing later is unexplained, else
from Webex's `lastActivity`, which the bot's own posts move too and so can only be later
(`storage.schema.inventory.LAST_USED`).
"""

from __future__ import annotations

from query import comparing
from query.spec import Buckets, Condition
from storage.schema import space

CONDITION = Condition(
    name="inactive", aliases=("idle",), is_common=True,
    doc="Nobody has written for that long: >90d, 6m, 1y, 30d..90d.",
    example="inactive:>90d", label="Inactive for", hint=">90d",
    parse=comparing.read_span, write=comparing.write_span,
    predicate=lambda value, moments: comparing.test_age(
        space.c.last_used, value, moments.now
    ),
    buckets=Buckets(
        bands=(
            ("Under 30 days", "inactive:<30d"), ("30 to 90 days", "inactive:30d inactive:<90d"),
            ("90 days to 6 months", "inactive:90d inactive:<180d"),
            ("6 months to 1 year", "inactive:180d inactive:<365d"),
            ("1 to 2 years", "inactive:365d inactive:<730d"),
            ("2 years and more", "inactive:730d"),
        )
    ),
    sentence=lambda value: f"inactive for {comparing.say_age(value)}",
)  # fmt: skip
