from __future__ import annotations

from cards.policy import policy_card
from cards.second import second_card
from cards.words import quoted
from commands.permissions import COMPLIANCE
from commands.policy_words import policy_arg
from commands.spec import Context, Reply, command
from retention.agreeing import retiring
from retention.pausing import Asked, retire_policy
from retention.policies import home_of


@command(
    "policy retire", args=[policy_arg()], allow=COMPLIANCE, group="Policies",
    help="Take a policy away for good. One that is in force needs a second person.",
    example="policy retire cleanup",
)  # fmt: skip
def retire(context: Context, policy: str) -> Reply:
    done, zone = retire_policy(context.house, context.actor, policy), context.caller.time_zone
    if isinstance(done, Asked):
        changes, first = retiring(context.house, policy)
        return Reply(
            card=second_card(
                f"“{policy}” is to be taken away", until=done.until, zone=zone,
                typed=f"policy retire {quoted(policy)}", changes=changes, first=first,
            )
        )  # fmt: skip
    return Reply(
        card=policy_card(
            done.version, sentence=done.sentence, zone=zone, home=home_of(context.house),
            note="It is taken away. What it decided is left alone for 7 days.",
        )
    )  # fmt: skip
