from __future__ import annotations

from cards.holds import holds_card
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from retention.attesting import attested
from retention.reach import list_holds


@command(
    "holds", allow=COMPLIANCE, group="Holds", aliases=["hold list"],
    help="Show all holds and how many spaces each reaches.", example="holds",
)  # fmt: skip
def holds(context: Context) -> Reply:
    listed = [(one.hold, one.by, one.reach) for one in list_holds(context.house)]
    with context.house.store.read() as tx:
        said = attested(tx)
    return Reply(card=holds_card(listed, attested=said, zone=context.caller.time_zone))
