from __future__ import annotations

from cards.work import works_card
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command

MOST = 10


@command(
    "works", allow=ANYONE, group="Help", only_reads=True, aliases=["long works", "progress"],
    help="Show what of yours takes long and goes on by itself.", example="works",
)  # fmt: skip
def works(context: Context) -> Reply:
    with context.house.store.read() as tx:
        found = tx.works.of(context.caller.key, count=MOST)
        each = [(one, sum(tx.works.counts(one.id).values())) for one in found]
    return Reply(card=works_card(each, zone=context.caller.time_zone))
