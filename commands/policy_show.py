from __future__ import annotations

from cards.policy import policy_card
from commands.permissions import COMPLIANCE
from commands.policy_words import policy_arg
from commands.spec import Context, Reply, command
from retention.policies import home_of, show_policy


@command(
    "policy show", args=[policy_arg()], allow=COMPLIANCE, group="Policies", only_reads=True,
    help="Show what a policy says and how it stands.", example="policy show cleanup",
    aliases=["policy"],
)  # fmt: skip
def show(context: Context, policy: str) -> Reply:
    shown = show_policy(context.house, policy)
    return Reply(
        card=policy_card(
            shown.version, sentence=shown.sentence, holding=shown.holding,
            zone=context.caller.time_zone, home=home_of(context.house),
        )
    )  # fmt: skip
