from __future__ import annotations

from collections.abc import Sequence

from cards.blocking import unblocked_card
from cards.done import done_card
from cards.kit import press
from cards.words import typed_name
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
        card=done_card(
            "It is as it was before.", ("Space", space.shown_title),
            note="It can be written in again." + (" I tell its other owners." if owners else ""),
            undo=press("Block it again", "block", typed=f"block {typed_name(space)} now",
                       space=str(space.id), now="yes"),
        ),
        afterwards=lambda: _tell(context, space, owners),
    )  # fmt: skip


def _tell(context: Context, space: Space, owners: Sequence[Person]) -> None:
    at = context.house.clock.now()
    tell_people(
        context.house, owners,
        lambda reader: unblocked_card(
            space, by=context.caller.name, at=at, zone=reader.time_zone
        ),
        step=f"{context.step}/told", space=space.key, actor=context.actor,
    )  # fmt: skip
