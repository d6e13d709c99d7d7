from __future__ import annotations

from cards.simulation import simulation_card
from commands.permissions import COMPLIANCE
from commands.policy_words import policy_arg
from commands.spec import Context, Reply, command
from retention.agreeing import simulate_policy


@command(
    "policy simulate", args=[policy_arg()], allow=COMPLIANCE, group="Policies",
    help="Show whom a policy would hit. Nothing is touched.", example="policy simulate cleanup",
)  # fmt: skip
def simulate(context: Context, policy: str) -> Reply:
    view = simulate_policy(context.house, context.actor, policy)
    return Reply(card=simulation_card(view, zone=context.caller.time_zone))
