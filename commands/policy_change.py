from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from cards.policy import policy_card
from commands.permissions import COMPLIANCE
from commands.policy_words import policy_parts
from commands.spec import Context, Reply, command
from domain.policies import Basis, Ending, draft_of
from retention.policies import show_policy, write_policy


@command(
    "policy change", args=policy_parts(is_new=False), allow=COMPLIANCE, group="Policies",
    help="Write a policy's next version; what is left out stays. The old one holds meanwhile.",
    example=["policy change cleanup cap 80", "policy change cleanup tag:finance,hr"],
)  # fmt: skip
def change(
    context: Context, policy: str, query: str | None, ending: Ending | None,
    period: timedelta | None, basis: Basis | None, cap: int | None,
    notices: tuple[int, ...] | None, grace: timedelta | None, priority: int | None,
    floor: bool | None, direct: bool | None,
) -> Reply:  # fmt: skip
    old = show_policy(context.house, policy).version
    said: dict[str, Any] = {
        "query": query, "ending": ending, "period": period, "basis": basis, "cap": cap,
        "notices": notices, "grace": grace, "priority": priority, "is_floor": floor,
        "includes_direct": direct,
    }  # fmt: skip
    given = {name: value for name, value in said.items() if value is not None}
    if ending is Ending.KEEP and period is None:
        given["period"] = None
    draft = replace(draft_of(old), **given)
    shown = write_policy(context.house, context.actor, old.name, draft, after=old.key)
    return Reply(
        card=policy_card(
            shown.version, sentence=shown.sentence, zone=context.caller.time_zone,
            holding=shown.holding,
            note="I understood it like this. Nothing changes until somebody else of compliance"
            " has agreed to whom it hits.",
        )
    )  # fmt: skip
