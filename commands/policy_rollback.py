from __future__ import annotations

from cards.policy import policy_card
from commands.arguments import Number
from commands.permissions import COMPLIANCE
from commands.policy_words import policy_arg
from commands.spec import Context, Reply, command
from retention.policies import home_of, roll_back


@command(
    "policy rollback",
    args=[
        policy_arg(),
        Number(
            name="number", label="To version", marker=("to version", "to"), least=1,
            hint="as `policy history` numbers them", takes_rest=True,
        ),
    ],
    allow=COMPLIANCE, group="Policies",
    help="Write an earlier version of a policy anew. Somebody else has to agree, as for any.",
    example="policy rollback cleanup to 1", aliases=["policy restore"],
)  # fmt: skip
def rollback(context: Context, policy: str, number: int) -> Reply:
    shown = roll_back(context.house, context.actor, policy, number)
    return Reply(
        card=policy_card(
            shown.version, sentence=shown.sentence, zone=context.caller.time_zone,
            home=home_of(context.house), holding=shown.holding,
            note=f"Version {shown.version.number} says what version {number} said. Nothing"
            " changes until somebody else of compliance has agreed to whom it hits.",
        )
    )  # fmt: skip
