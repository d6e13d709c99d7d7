from __future__ import annotations

from cards.done import done_card
from commands.arguments import SpaceArg
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.spaces import Space
from retention.conflicting import see_conflicts


@command(
    "conflicts seen", args=[SpaceArg(name="space")], allow=COMPLIANCE, group="Policies",
    help="Mark what disagrees about a space as looked at, until somebody changes a side of it.",
    example='conflicts seen "Q3 plans"',
)  # fmt: skip
def seen(context: Context, space: Space) -> Reply:
    see_conflicts(context.house, context.actor, space)
    return Reply(
        card=done_card(
            "It is off the list.", ("Space", space.shown_title),
            note="It comes back when another policy, hold, keep or locked policy takes part.",
        )
    )  # fmt: skip
