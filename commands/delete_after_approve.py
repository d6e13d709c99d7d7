from __future__ import annotations

from commands.arguments import SpaceArg, Text
from commands.delete_after import wish_card
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.spaces import Space
from retention.sooner import agree_sooner


@command(
    "delete after approve",
    args=[
        SpaceArg(name="space"),
        Text(name="code", label="Code", marker=("code",), required=False, longest=20),
    ],
    allow=COMPLIANCE, group="Keeping", aliases=["delete after agree"],
    help="Agree that a space goes sooner than its policy says, as somebody else asked.",
    example=['delete after approve "Q3 plans"', 'delete after approve "Q3 plans" code 482173'],
)  # fmt: skip
def approve(context: Context, space: Space, code: str | None) -> Reply:
    """Without a code it only shows what there is to agree to."""
    wish = agree_sooner(context.house, context.actor, space, code=code or "")
    return Reply(card=wish_card(context, wish, is_mine=False))
