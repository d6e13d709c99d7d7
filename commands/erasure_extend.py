from __future__ import annotations

from cards.done import done_card
from cards.words import date
from commands.arguments import Text
from commands.erasure import NUMBER
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from retention.erasing.registering import extend, find_erasure


@command(
    "erasure extend",
    args=[NUMBER, Text(name="reason", label="Why", marker=("because",), longest=300)],
    allow=COMPLIANCE, group="Erasing", aliases=["extend erasure"],
    help="Give a request two further months, once, before its month is over.",
    example="erasure extend ER-2026-000017 because there are very many spaces",
)  # fmt: skip
def extend_erasure(context: Context, number: str, reason: str) -> Reply:
    one = extend(context.house, context.actor, find_erasure(context.house, number), reason=reason)
    return Reply(
        card=done_card(
            "It has two further months.",
            ("Request", one.number),
            ("To be answered by", date(one.due, context.caller.time_zone)),
            note="Tell the person so, and why, before the first month is over (GDPR Art. 12(3)).",
        )
    )  # fmt: skip
