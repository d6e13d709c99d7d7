from __future__ import annotations

from cards.policies import policies_card
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from retention.policies import list_policies, sentence_of


@command(
    "policy list", allow=COMPLIANCE, group="Policies", only_reads=True, aliases=["policies"],
    help="Show all policies, in the order in which they decide.", example="policy list",
)  # fmt: skip
def list_all(context: Context) -> Reply:
    found = list_policies(context.house)
    shown = [one.holding or one.version for one in found]
    waiting = {
        one.version.policy: one.version
        for one in found
        if one.holding is not None and one.holding.key != one.version.key
    }
    listed = [(version, sentence_of(version)) for version in shown]
    return Reply(card=policies_card(listed, waiting))
