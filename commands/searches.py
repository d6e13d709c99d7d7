from __future__ import annotations

from cards.searches import PER_PAGE, searches_card
from commands.arguments import Number
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from spaces.saving import searches_of


@command(
    "searches", args=[Number(name="page", marker=("page",), required=False, least=1)],
    allow=ANYONE, group="Finding", only_reads=True,
    help="List your saved searches, and those that others shared with you.",
    example="searches", aliases=["saved searches", "my searches", "list searches"],
)  # fmt: skip
def searches(context: Context, page: int | None) -> Reply:
    own, others = searches_of(context.house, context.caller)
    every = [*own, *others]
    last = max(1, -(-len(every) // PER_PAGE))
    number = min(page or 1, last)
    some = every[(number - 1) * PER_PAGE : number * PER_PAGE]
    return Reply(card=searches_card(context.caller.key, some, total=len(every), page=number))
