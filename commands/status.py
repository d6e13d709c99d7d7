from __future__ import annotations

from cards.status import status_card
from commands.arguments import visible_to
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from retention.standing import status_view


@command(
    "status", allow=ANYONE, group="Help", only_reads=True, help="Show how the whole stands.",
    example="status",
)  # fmt: skip
def status(context: Context) -> Reply:
    view = status_view(context.house, only_for=visible_to(context))
    return Reply(card=status_card(view, zone=context.caller.time_zone))
