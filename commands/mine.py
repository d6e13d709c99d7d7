from __future__ import annotations

from cards.disowned import owned_card
from commands.arguments import SpaceArg
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.spaces import Space
from retention.disowning import own_again


@command(
    "mine", args=[SpaceArg(name="space")], allow=MODERATOR, group="Keeping",
    help="Take back that a space is none of yours: you are warned about it again.",
    example='mine "Q3 plans"', aliases=["mine after all"],
)  # fmt: skip
def mine(context: Context, space: Space) -> Reply:
    own_again(context.house, context.actor, space, context.caller)
    return Reply(card=owned_card(space, reader=context.house.reader(context.caller)))
