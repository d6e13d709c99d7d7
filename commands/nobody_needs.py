from __future__ import annotations

from commands.owning import ASKED, decline
from commands.seeing import SeenSpaceArg
from commands.spec import Context, Reply, command
from domain.owning import Said
from domain.spaces import Space


@command(
    "nobody needs", args=[SeenSpaceArg(name="space")], allow=ASKED, group="Owners",
    help="Say that nobody needs a space, when I have asked you to take it over.",
    example='nobody needs "Q3 plans"', aliases=["nobody needs it"],
    details=[("what follows", "compliance sees it as a note; nothing is deleted by it")],
)  # fmt: skip
def nobody_needs(context: Context, space: Space) -> Reply:
    return decline(context, space, Said.NOT_NEEDED)
