from __future__ import annotations

from dataclasses import replace

from cards.bulk import bulk_card
from commands.arguments import visible_to
from commands.permissions import ANYONE
from commands.queries import QUERY, Asked
from commands.spec import Context, Reply, command
from domain.errors import Refusal
from query.faults import QueryFault
from spaces.finding import find_spaces


@command(
    "bulk", args=[replace(QUERY, required=True)], allow=ANYONE, group="Bulk", only_reads=True,
    help="Offer what can be done with all spaces that a search finds.",
    example="bulk tag:finance inactive:>90d", aliases=["bulk where", "do with all"],
)  # fmt: skip
def bulk(context: Context, query: Asked) -> Reply:
    try:
        found = find_spaces(
            context.house, query.text, visible_to=visible_to(context),
            zone=context.caller.time_zone, per_page=1,
        )  # fmt: skip
    except QueryFault as fault:
        raise Refusal(fault.reason, "`help search` tells what can be asked.") from None
    return Reply(
        card=bulk_card(
            found.query.text, sentence=found.query.sentence, total=found.total,
            is_bound=found.total_is_bound, is_compliance=context.is_compliance,
        )
    )  # fmt: skip
