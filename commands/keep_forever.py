from __future__ import annotations

from functools import partial

from cards.keep import keep_card
from commands.arguments import SpaceArg
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.ids import CaseKey
from domain.spaces import Space
from retention.keeping import keep_space, put_back


@command(
    "keep forever", args=[SpaceArg(name="space")], allow=MODERATOR, group="Keeping",
    help="Keep a space for ever, until somebody says otherwise.",
    example='keep forever "Q3 plans"', aliases=["keep for ever"],
)  # fmt: skip
def keep_forever(context: Context, space: Space) -> Reply:
    kept = keep_space(
        context.house,
        context.actor,
        space,
        until=None,
        by_compliance=context.is_compliance,
        case=CaseKey(context.press_case) if context.press_case else None,
    )
    back = partial(put_back, context.house, context.actor, space, step=context.step)
    return Reply(
        card=keep_card(space, until=None, by=context.caller.name, note=kept.note),
        afterwards=back if kept.is_blocked else None,
    )
