from __future__ import annotations

from cards.policy import policy_card
from cards.second import second_card
from cards.words import quoted
from commands.permissions import COMPLIANCE
from commands.policy_words import policy_arg
from commands.spec import Context, Reply, command
from retention.pausing import Asked, resume_policy
from retention.policies import home_of


@command(
    "policy resume", args=[policy_arg()], allow=COMPLIANCE, group="Policies",
    help="Let a paused policy go on. Who did not pause it needs a second person.",
    example="policy resume cleanup",
)  # fmt: skip
def resume(context: Context, policy: str) -> Reply:
    done, zone = resume_policy(context.house, context.actor, policy), context.caller.time_zone
    if isinstance(done, Asked):
        return Reply(
            card=second_card(
                f"“{policy}” is to go on", until=done.until, zone=zone,
                typed=f"policy resume {quoted(policy)}",
            )
        )  # fmt: skip
    return Reply(
        card=policy_card(
            done.version, sentence=done.sentence, holding=done.holding, zone=zone,
            home=home_of(context.house),
            note="It goes on. Spaces that were on their way begin anew, with all warnings.",
        )
    )  # fmt: skip
