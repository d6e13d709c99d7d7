from __future__ import annotations

from cards.alert_rules import alert_rules_card
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from retention.alert_rules import rules_of


@command(
    "alert rules", allow=COMPLIANCE, group="Policies", only_reads=True,
    help="List the rules about what no space may be like, and how many spaces are.",
    example="alert rules",
)  # fmt: skip
def rules(context: Context) -> Reply:
    return Reply(card=alert_rules_card(rules_of(context.house)))
