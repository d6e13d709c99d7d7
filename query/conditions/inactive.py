"""`inactive:>90d`: how long nobody has written.

Counted from the latest human message where one is known and nothing later is unexplained, else
from Webex's `lastActivity`, which the bot's own posts move too and so can only be later
(`storage.schema.inventory.LAST_USED`).
"""

from __future__ import annotations

from query import comparing
from query.spec import Condition
from storage.schema import space

CONDITION = Condition(
    name="inactive", aliases=("idle",), is_common=True,
    doc="Nobody has written for that long: >90d, 6m, 1y, 30d..90d.",
    example="inactive:>90d", label="Inactive for", hint=">90d",
    parse=comparing.read_span, write=comparing.write_span,
    predicate=lambda value, moments: comparing.test_age(
        space.c.last_used, value, moments.now
    ),
    sentence=lambda value: f"inactive for {comparing.say_age(value)}",
)  # fmt: skip
