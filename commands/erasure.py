from __future__ import annotations

from cards.erasure import erasure_card
from commands.arguments import Text
from commands.erasing import whole_list
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from retention.erasing.agreeing import show
from retention.erasing.registering import find_erasure

NUMBER = Text(name="number", label="Number", longest=30, hint="ER-2026-000017", takes_rest=False)


@command(
    "erasure", args=[NUMBER], allow=COMPLIANCE, group="Erasing", only_reads=True,
    aliases=["show erasure"],
    help="Show a request to erase a person: what there is, who agreed, what is left and why.",
    example="erasure ER-2026-000017",
)  # fmt: skip
def erasure(context: Context, number: str) -> Reply:
    one = find_erasure(context.house, number)
    view = show(context.house, context.actor, one)
    return Reply(
        card=erasure_card(view, zone=context.caller.time_zone), files=whole_list(context, one)
    )
