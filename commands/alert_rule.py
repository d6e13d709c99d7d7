from __future__ import annotations

from functools import partial

from cards.alert_rules import alert_rules_card
from commands.alerting import tell_soon
from commands.arguments import Text
from commands.permissions import COMPLIANCE
from commands.policy_words import ConditionWords
from commands.spec import Context, Reply, command
from retention.alert_rules import add_rule, rules_of


@command(
    "alert rule",
    args=[
        Text(name="rule", label="Name of the rule", longest=100, takes_rest=False,
             hint="such as finance"),
        ConditionWords(name="query", label="No space may be", marker=("when",),
                       hint="such as tag:finance scope:external"),
    ],
    allow=COMPLIANCE, group="Policies", always_form=True, aliases=["new alert rule"],
    help="Say what no space may be like; you are alerted of each that is.",
    example="alert rule finance when tag:finance scope:external",
)  # fmt: skip
def make(context: Context, rule: str, query: str) -> Reply:
    made = add_rule(context.house, context.actor, rule, query)
    return Reply(
        card=alert_rules_card(
            rules_of(context.house), note=f"The rule “{made.name}” holds from now on."
        ),
        afterwards=partial(tell_soon, context),
    )  # fmt: skip
