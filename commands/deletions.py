from __future__ import annotations

from cards.deletion import deletions_card
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from retention.byhand.listing import pending_for


@command(
    "deletions", allow=ANYONE, group="Ending", aliases=["list deletions"], only_reads=True,
    help="List the spaces that somebody asked to delete, and how that stands.",
    example="deletions",
)  # fmt: skip
def deletions(context: Context) -> Reply:
    everything = None if context.is_compliance else context.caller
    return Reply(
        card=deletions_card(
            pending_for(context.house, everything), reader=context.house.reader(context.caller)
        )
    )  # fmt: skip
