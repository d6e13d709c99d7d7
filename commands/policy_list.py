from __future__ import annotations

from cards.policies import policies_card
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from retention.policies import list_policies, sentence_of


@command(
    "policy list", allow=COMPLIANCE, group="Policies", aliases=["policies"],
    help="Show all policies, in the order in which they decide.", example="policy list",
)  # fmt: skip
def list_all(context: Context) -> Reply:
    shown = [(one.holding or one.version) for one in list_policies(context.house)]
    return Reply(card=policies_card([(version, sentence_of(version)) for version in shown]))
