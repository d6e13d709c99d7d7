from __future__ import annotations

from cards.policy import policy_card
from commands.arguments import Text
from commands.permissions import COMPLIANCE
from commands.policy_words import policy_arg
from commands.spec import Context, Reply, command
from retention.pausing import pause_policy
from retention.policies import home_of


@command(
    "policy pause",
    args=[
        policy_arg(),
        Text(name="reason", label="Why", marker=("because",), required=False, longest=300),
    ],
    allow=COMPLIANCE, group="Policies",
    help="Stop a policy: nothing is done by it until it is resumed.",
    example=["policy pause cleanup", "policy pause cleanup because of the audit"],
)  # fmt: skip
def pause(context: Context, policy: str, reason: str | None) -> Reply:
    shown = pause_policy(context.house, context.actor, policy, reason=reason or "")
    return Reply(
        card=policy_card(
            shown.version, sentence=shown.sentence, holding=shown.holding,
            zone=context.caller.time_zone, home=home_of(context.house),
            note="Nothing is done by it from now on, and no agreement waits.",
        )
    )  # fmt: skip
