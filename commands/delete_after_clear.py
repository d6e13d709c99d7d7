from __future__ import annotations

from cards.done import done_card
from cards.words import date, named
from commands.arguments import SpaceArg
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.spaces import Space
from retention.sooner import withdraw_sooner


@command(
    "delete after clear", args=[SpaceArg(name="space")], allow=MODERATOR, group="Keeping",
    help="Take back that a space goes sooner; its policy decides again.",
    example='delete after clear "Q3 plans"',
)  # fmt: skip
def clear(context: Context, space: Space) -> Reply:
    was = withdraw_sooner(context.house, context.actor, space)
    return Reply(
        card=done_card(
            "It does not go sooner.", ("Space", named(space)),
            ("It was to go after", date(was.after, context.caller.time_zone)),
            note="What its owners were promised only ever moves later.",
        )
    )  # fmt: skip
