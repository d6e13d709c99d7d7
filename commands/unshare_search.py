from __future__ import annotations

from cards.done import done_card
from cards.words import count, listed
from commands.permissions import ANYONE
from commands.save_search import NAME
from commands.spec import Context, Reply, command
from spaces.saving import unshare_search


@command(
    "unshare search", args=[NAME], allow=ANYONE, group="Finding",
    help="Take a saved search back from everybody that you shared it with.",
    example='unshare search "stale finance"',
)  # fmt: skip
def unshare(context: Context, name: str) -> Reply:
    one, gone = unshare_search(context.house, context.actor, context.caller, name)
    return Reply(
        card=done_card(
            f"Taken back from {count(gone, 'place')}." if gone else "It was shared with nobody.",
            ("Name", one.name), ("It was shared with", listed(one.shared, most=20)),
        )
    )  # fmt: skip
