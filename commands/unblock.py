from __future__ import annotations

from collections.abc import Sequence

from cards.blocking import unblocked_card, unblocked_now_card
from commands.arguments import SpaceArg
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.people import Person
from domain.spaces import Space
from retention.blocking_by_hand import unblock_by_hand
from spaces.telling import tell_people


@command(
    "unblock", args=[SpaceArg(name="space")], allow=MODERATOR, group="Ending",
    aliases=["unblock space"],
    help="Put a blocked space back exactly as it was.",
    example='unblock "Q3 plans"',
)  # fmt: skip
def unblock(context: Context, space: Space) -> Reply:
    owners = unblock_by_hand(
        context.house, context.actor, space, by_compliance=context.is_compliance,
        step=context.step,
    )  # fmt: skip
    return Reply(
        card=unblocked_now_card(
            space, has_others=bool(owners), reader=context.house.reader(context.caller)
        ),
        afterwards=lambda: _tell(context, space, owners),
    )  # fmt: skip


def _tell(context: Context, space: Space, owners: Sequence[Person]) -> None:
    at = context.house.clock.now()
    tell_people(
        context.house, owners,
        lambda one: unblocked_card(
            space, by=context.caller.name, at=at, reader=context.house.reader(one)
        ),
        step=f"{context.step}/told", space=space.key, actor=context.actor,
    )  # fmt: skip
