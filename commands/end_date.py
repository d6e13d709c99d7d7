from __future__ import annotations

from cards.end_date import end_date_card
from commands.arguments import SpaceArg, UntilArg, is_elsewhere
from commands.following import follow
from commands.moments import Until
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.spaces import Space
from spaces.dating import set_end


@command(
    "end date",
    args=[SpaceArg(name="space", takes_rest=False), UntilArg(name="until", label="End date")],
    allow=MODERATOR, group="Keeping", aliases=["set end date"],
    help="Set the day on which a space has served its purpose: its owners are then asked.",
    example=['end date "Q3 plans" 2027-06-30', 'end date "Q3 plans" 90d'],
    details=[("on that day", "its owners are reminded; nothing is deleted by it alone")],
)  # fmt: skip
def end_date(context: Context, space: Space, until: Until) -> Reply:
    set_end(context.house, context.actor, space, until.at)
    follows, afterwards = follow(context, space)
    return Reply(
        card=end_date_card(
            space, until.at, reader=context.house.reader(context.caller), note=follows
        ),
        afterwards=afterwards,
        is_about_others=is_elsewhere(context, space),
    )
