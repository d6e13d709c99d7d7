from __future__ import annotations

from cards.keep import cleared_card
from commands.arguments import SpaceArg
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.spaces import Space
from retention.keeping import clear_keep


@command(
    "keep clear", args=[SpaceArg(name="space")], allow=MODERATOR, group="Keeping",
    help="Take a keep off a space, so that the policies decide again.",
    example='keep clear "Q3 plans"', aliases=["clear keep"],
)  # fmt: skip
def keep_clear(context: Context, space: Space) -> Reply:
    cleared = clear_keep(context.house, context.actor, space, by_compliance=context.is_compliance)
    return Reply(
        card=cleared_card(
            space,
            not_before=cleared.left_alone_until,
            reader=context.house.reader(context.caller),
        )
    )
