from __future__ import annotations

from cards.end_date import end_date_cleared_card
from commands.arguments import SpaceArg, is_elsewhere
from commands.moments import zone_of
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.spaces import Space
from spaces.dating import clear_end


@command(
    "end date clear", args=[SpaceArg(name="space")], allow=MODERATOR, group="Keeping",
    help="Take the end date off a space.", example='end date clear "Q3 plans"',
    aliases=["clear end date", "no end date"],
)  # fmt: skip
def end_date_clear(context: Context, space: Space) -> Reply:
    was = clear_end(context.house, context.actor, space)
    zone, now = context.caller.time_zone, context.house.clock.now()
    day = f"{was.astimezone(zone_of(zone)):%Y-%m-%d}"
    return Reply(
        card=end_date_cleared_card(
            space, was, undo_day=day if was > now else "",
            reader=context.house.reader(context.caller),
        ),
        is_about_others=is_elsewhere(context, space),
    )  # fmt: skip
