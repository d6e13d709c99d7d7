from __future__ import annotations

from functools import partial

from cards.owner_ask import owner_over_card, owner_taken_card
from commands.owning import ASKED
from commands.seeing import SeenSpaceArg
from commands.spec import Context, Reply, command
from domain.spaces import Space
from retention.ownerless.searching import tell_it_is_over
from retention.ownerless.taking import take_over


@command(
    "take over", args=[SeenSpaceArg(name="space")], allow=ASKED, group="Owners",
    help="Take over a space that nobody owns, when I have asked you to.",
    example='take over "Q3 plans"', aliases=["i take it", "i take over"],
    details=[
        ("what follows", "you become its moderator, and are warned before anything happens to it"),
        ("the first yes counts", "whoever comes second is told who was faster"),
    ],
)  # fmt: skip
def take(context: Context, space: Space) -> Reply:
    taken = take_over(context.house, context.actor, space, context.caller)
    return Reply(
        card=owner_taken_card(
            space, is_moderator=taken.is_moderator, was_due=taken.was_due, notes=taken.notes,
            reader=context.house.reader(context.caller),
        ),
        afterwards=partial(
            tell_it_is_over, context.house, taken.search.key,
            lambda view, reader: owner_over_card(view, reader=reader),
            but_in=context.room if context.is_press and context.is_private else None,
        ),
    )  # fmt: skip
