from __future__ import annotations

from cards.attention import attention_card
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from retention.attention import waiting


@command(
    "attention", allow=COMPLIANCE, group="Policies", aliases=["needs attention"],
    help="List the spaces that can't go on by themselves, and why.", example="attention",
)  # fmt: skip
def show(context: Context) -> Reply:
    return Reply(card=attention_card(waiting(context.house), zone=context.caller.time_zone))
