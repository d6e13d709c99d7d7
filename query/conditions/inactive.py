"""`inactive:>90d`: how long nobody has written.

Counted from the latest human message where one is known, else from Webex's `lastActivity`,
which the bot's own posts move too and so can only be later (webex-facts 1, consistency).
"""

from __future__ import annotations

from sqlalchemy import func

from query import comparing
from query.spec import Condition
from storage.schema import space

CONDITION = Condition(
    name="inactive", aliases=("idle",),
    doc="Nobody has written for that long: >90d, 6m, 1y, 30d..90d.",
    example="inactive:>90d", label="Inactive for", hint=">90d",
    parse=comparing.read_span, write=comparing.write_span,
    predicate=lambda value, moments: comparing.test_age(
        func.coalesce(space.c.last_human, space.c.last_activity), value, moments.now
    ),
    sentence=lambda value: f"inactive for {comparing.say_age(value)}",
)  # fmt: skip
