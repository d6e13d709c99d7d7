from __future__ import annotations

from cards.attention import attention_one_card
from commands.arguments import SpaceArg
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.spaces import Space
from retention.attention import take_on, waiting_of


@command(
    "attention take", args=[SpaceArg(name="space")], allow=COMPLIANCE, group="Policies",
    help="Say that you are on a space that waits for compliance, for the others to see.",
    example='attention take "Q3 plans"',
)  # fmt: skip
def take(context: Context, space: Space) -> Reply:
    take_on(context.house, context.actor, space)
    one = waiting_of(context.house, space)
    return Reply(card=attention_one_card(one, zone=context.caller.time_zone))
