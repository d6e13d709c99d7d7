from __future__ import annotations

from functools import partial

from cards.done import done_card
from cards.owner_ask import owner_over_card
from commands.arguments import SpaceArg
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.spaces import Space
from retention.ownerless.assigning import leave_ownerless
from retention.ownerless.searching import tell_it_is_over


@command(
    "owner leave", args=[SpaceArg(name="space")], allow=COMPLIANCE, group="Owners",
    help="Stop looking for an owner of a space, and leave it as it is for now.",
    example='owner leave "Q3 plans"',
)  # fmt: skip
def leave(context: Context, space: Space) -> Reply:
    house = context.house
    search = leave_ownerless(house, context.actor, space)
    days = house.limits.immunity.days
    return Reply(
        card=done_card(
            "It stays as it is.", ("Space", space.shown_title),
            note=f"It is left alone for {days} days; then the policies decide about it again, and"
            " without an owner you are asked again.",
        ),
        afterwards=partial(
            tell_it_is_over, house, search,
            lambda view, reader: owner_over_card(view, reader=reader),
        ),
    )  # fmt: skip
