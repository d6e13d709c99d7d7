from __future__ import annotations

from cards.freezes import freezes_card
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from retention.freezing import list_freezes


@command(
    "freeze list", allow=COMPLIANCE, group="Policies", only_reads=True,
    help="Show the company's freeze days, and whether anything may be destroyed at this moment.",
    example="freeze list", aliases=["freezes", "freeze days"],
)  # fmt: skip
def show(context: Context) -> Reply:
    found = list_freezes(context.house)
    return Reply(
        card=freezes_card(
            found.ours, found.operators, home=found.zone, closed=found.closed,
            opens_at=found.opens_at, over=found.over, zone=context.caller.time_zone,
        )
    )  # fmt: skip
