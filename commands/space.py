from __future__ import annotations

from cards.space import space_card
from commands.permissions import ANYONE, may_manage
from commands.seeing import SeenSpaceArg
from commands.spec import Context, Reply, command
from domain.spaces import Space
from retention.explaining import space_view


@command(
    "space", args=[SeenSpaceArg(name="space")], allow=ANYONE, group="Spaces", only_reads=True,
    help="Show a space: what Webex knows of it, its owners and tags, and what becomes of it.",
    example='space "Q3 plans"', aliases=["details", "space details", "get space details"],
)  # fmt: skip
def show_space(context: Context, space: Space) -> Reply:
    return Reply(
        card=space_card(
            space_view(context.house, space), now=context.house.clock.now(),
            zone=context.caller.time_zone, manages=may_manage(context, space),
        )
    )  # fmt: skip
