from __future__ import annotations

from cards.done import done_card
from commands.arguments import Text
from commands.erasure import NUMBER
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from retention.erasing.registering import cancel, find_erasure


@command(
    "erasure cancel",
    args=[
        NUMBER,
        Text(name="reason", label="Why", marker=("because",), required=False, longest=300,
             is_asked=False),
    ],
    allow=COMPLIANCE, group="Erasing", aliases=["cancel erasure"],
    help="Call off a person's erasure. What is erased already stays erased.",
    example="erasure cancel ER-2026-000017 because they took it back",
)  # fmt: skip
def cancel_erasure(context: Context, number: str, reason: str | None) -> Reply:
    one = cancel(
        context.house, context.actor, find_erasure(context.house, number), why=reason or ""
    )
    with context.house.store.read() as tx:
        gone = sum(each["gone"] for each in tx.erasures.totals(one.key).values())
    note = f"{gone:,} of their messages are erased already." if gone else "Nothing was erased."
    return Reply(card=done_card("It is called off.", ("Request", one.number), note=note))
