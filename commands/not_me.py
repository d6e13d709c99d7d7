from __future__ import annotations

from commands.owning import ASKED, decline
from commands.seeing import SeenSpaceArg
from commands.spec import Context, Reply, command
from domain.owning import Said
from domain.spaces import Space


@command(
    "not me", args=[SeenSpaceArg(name="space")], allow=ASKED, group="Owners",
    help="Say that you don't take over a space that nobody owns, when I have asked you to.",
    example='not me "Q3 plans"',
)  # fmt: skip
def not_me(context: Context, space: Space) -> Reply:
    return decline(context, space, Said.NOT_ME)
