from __future__ import annotations

from functools import partial

from cards.keep import keep_card
from commands.arguments import SpaceArg, UntilArg
from commands.moments import Until
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.ids import CaseKey
from domain.spaces import Space
from retention.keeping import keep_space, put_back


@command(
    "keep until",
    args=[SpaceArg(name="space", takes_rest=False), UntilArg(name="until", label="Keep until")],
    allow=MODERATOR, group="Keeping", help="Keep a space until a day, whatever the policies say.",
    example=['keep until "Q3 plans" 2027-06-30', 'keep until "Q3 plans" 90d'],
)  # fmt: skip
def keep_until(context: Context, space: Space, until: Until) -> Reply:
    kept = keep_space(
        context.house, context.actor, space, until=until.at,
        by_compliance=context.is_compliance,
        case=CaseKey(context.press_case) if context.press_case else None,
    )  # fmt: skip
    back = partial(put_back, context.house, context.actor, space, step=context.step)
    return Reply(
        card=keep_card(
            space, until=kept.until, by=context.caller.name, zone=context.caller.time_zone,
            note=kept.note,
        ),
        afterwards=back if kept.is_blocked else None,
    )  # fmt: skip
