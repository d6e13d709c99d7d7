from __future__ import annotations

from cards.policy import policy_card
from cards.simulation import simulation_card
from cards.words import moment
from commands.arguments import Text
from commands.permissions import COMPLIANCE
from commands.policy_files import files_of
from commands.policy_words import policy_arg
from commands.spec import Context, Reply, command
from retention.agreeing import AskedAgain, approve_policy
from retention.policies import home_of


@command(
    "policy approve",
    args=[
        policy_arg(),
        Text(name="code", label="Code", marker=("code",), required=False, longest=20),
    ],
    allow=COMPLIANCE, group="Policies", aliases=["policy agree"],
    help="Agree to somebody else's policy and exactly the spaces that you were shown.",
    example=["policy approve cleanup", "policy approve cleanup code 482173"],
)  # fmt: skip
def approve(context: Context, policy: str, code: str | None) -> Reply:
    """Without a code it only shows what there is to agree to."""
    made = approve_policy(context.house, context.actor, policy, code=code or "")
    zone = context.caller.time_zone
    if isinstance(made, AskedAgain):
        card = simulation_card(made.view, zone=zone, problem=made.why)
        return Reply(card=card, files=files_of(context, made))
    from_when = moment(made.version.effective_at, zone)
    return Reply(
        card=policy_card(
            made.version, sentence=made.sentence, holding=made.holding, zone=zone,
            home=home_of(context.house),
            note=f"You agreed to version {made.version.number}. It can come into force from"
            f" {from_when}; pausing it before takes the agreement back.",
        )
    )  # fmt: skip
