from __future__ import annotations

from commands.answering import answer_keep
from commands.arguments import REASON, SpaceArg, UntilArg
from commands.moments import Until
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.spaces import Space


@command(
    "keep until",
    args=[
        SpaceArg(name="space", takes_rest=False), UntilArg(name="until", label="Keep until"),
        REASON,
    ],
    allow=MODERATOR, group="Keeping", aliases=["keep for"],
    help="Keep a space until a day, or for a span from now, whatever the policies say.",
    example=[
        'keep until "Q3 plans" 2027-06-30', 'keep until "Q3 plans" 90d because of the audit',
        'keep for "Q3 plans" 6m',
    ],
)  # fmt: skip
def keep_until(context: Context, space: Space, until: Until, reason: str | None) -> Reply:
    return answer_keep(context, space, until.at, reason)
