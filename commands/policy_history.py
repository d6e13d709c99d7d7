from __future__ import annotations

from cards.history import history_card
from commands.permissions import COMPLIANCE
from commands.policy_words import policy_arg
from commands.spec import Context, Reply, command
from retention.policies import history_of


@command(
    "policy history", args=[policy_arg()], allow=COMPLIANCE, group="Policies", only_reads=True,
    help="Show a policy's versions: who wrote and agreed to each, when, and what it changed.",
    example="policy history cleanup", aliases=["policy versions"],
)  # fmt: skip
def history(context: Context, policy: str) -> Reply:
    found = history_of(context.house, policy)
    return Reply(card=history_card(found, zone=context.caller.time_zone))
