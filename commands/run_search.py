from __future__ import annotations

from dataclasses import replace

from commands.permissions import ANYONE
from commands.queries import read_asked
from commands.save_search import NAME
from commands.search import PAGE, form, found
from commands.spec import Context, Reply, command
from query.faults import QueryFault
from spaces.saving import search_called


@command(
    "run search", args=[NAME, PAGE], allow=ANYONE, group="Finding", only_reads=True,
    help="Search by a saved search, one of yours or one that was shared with you.",
    example='run search "stale finance"', aliases=["saved search"],
)  # fmt: skip
def run(context: Context, name: str, page: int | None) -> Reply:
    one = search_called(context.house, context.caller, name)
    asked = replace(read_asked(one.words), page=page or 1)
    try:
        return found(context, asked)
    except QueryFault as fault:  # a condition that is no more
        return form(asked.text, fault, layout=asked.layout)
