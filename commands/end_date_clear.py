from __future__ import annotations

from cards.done import done_card
from cards.kit import press
from cards.words import date, typed_name
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
    undo = press(
        "Undo", "end date", once=True, typed=f"end date {typed_name(space)} {day}",
        space=str(space.id), until=day,
    )  # fmt: skip
    return Reply(
        card=done_card(
            "It has no end date any more.", ("Space", space.shown_title),
            ("It was", date(was, zone)),
            undo=undo if was > now else None,
        ),
        is_about_others=is_elsewhere(context, space),
    )  # fmt: skip
