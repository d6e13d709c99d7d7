from __future__ import annotations

from commands.answering import answer_keep
from commands.arguments import SpaceArg
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.spaces import Space


@command(
    "keep forever", args=[SpaceArg(name="space")], allow=MODERATOR, group="Keeping",
    help="Keep a space for ever, until somebody says otherwise.",
    example='keep forever "Q3 plans"', aliases=["keep for ever"],
)  # fmt: skip
def keep_forever(context: Context, space: Space) -> Reply:
    return answer_keep(context, space, None)
