from __future__ import annotations

from cards.policy import policy_card
from cards.retiring import retiring_card
from commands.arguments import Text
from commands.permissions import COMPLIANCE
from commands.policy_words import policy_arg
from commands.spec import Context, Reply, command
from retention.policies import home_of
from retention.retiring import TakingAway, retire_policy


@command(
    "policy retire",
    args=[
        policy_arg(),
        Text(name="code", label="Code", marker=("code",), required=False, longest=20),
    ],
    allow=COMPLIANCE, group="Policies",
    help="Take a policy away for good. One in force needs a second person, who sees what follows.",
    example=["policy retire cleanup", "policy retire cleanup code 482173"],
)  # fmt: skip
def retire(context: Context, policy: str, code: str | None) -> Reply:
    done = retire_policy(context.house, context.actor, policy, code=code or "")
    zone = context.caller.time_zone
    if isinstance(done, TakingAway):
        return Reply(card=retiring_card(done.view, zone=zone, problem=done.why))
    return Reply(
        card=policy_card(
            done.version, sentence=done.sentence, zone=zone, home=home_of(context.house),
            note="It is taken away. What it decided is left alone for 7 days.",
        )
    )  # fmt: skip
