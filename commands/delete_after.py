from __future__ import annotations

from cards.kit import Card
from cards.sooner import sooner_card
from commands.arguments import SpaceArg, Text, UntilArg
from commands.moments import Until
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.spaces import Space
from retention.sooner import Wish, ask_sooner


@command(
    "delete after",
    args=[
        SpaceArg(name="space", takes_rest=False),
        UntilArg(name="after", label="Delete after"),
        Text(name="reason", label="Why", marker=("because",), longest=300),
    ],
    allow=MODERATOR, group="Keeping",
    help="Ask that a space goes sooner than its policy says; an officer has to agree.",
    example=[
        'delete after "Q3 plans" 2027-01-31 because the project is over',
        'delete after "Q3 plans" 60d because the project is over',
    ],
)  # fmt: skip
def delete_after(context: Context, space: Space, after: Until, reason: str) -> Reply:
    wish = ask_sooner(
        context.house, context.actor, space, after.at, by_compliance=context.is_compliance,
        reason=reason,
    )  # fmt: skip
    return Reply(card=wish_card(context, wish, is_mine=True))


def wish_card(context: Context, wish: Wish, *, is_mine: bool) -> Card:
    return sooner_card(
        wish.space, after=wish.sooner.after, without=wish.without, policy=wish.policy,
        asked_by=wish.asked_by, reason=wish.sooner.reason, code=wish.code,
        effective_at=wish.sooner.effective_at, is_mine=is_mine, zone=context.caller.time_zone,
    )  # fmt: skip
