from __future__ import annotations

from cards.simulation import simulation_card
from commands.permissions import COMPLIANCE
from commands.policy_files import files_of
from commands.policy_words import policy_arg
from commands.spec import Context, Reply, command
from retention.agreeing import simulate_change


@command(
    "policy simulate", args=[policy_arg()], allow=COMPLIANCE, group="Policies",
    help="Show whom a policy would hit and what it changes: a card, a chart and a list.",
    example="policy simulate cleanup",
)  # fmt: skip
def simulate(context: Context, policy: str) -> Reply:
    made = simulate_change(context.house, context.actor, policy)
    card = simulation_card(made.view, zone=context.caller.time_zone)
    return Reply(card=card, files=files_of(context, made))
