from __future__ import annotations

from cards.watches import PER_PAGE, watches_card
from commands.arguments import Flag, Number
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from spaces.watching.showing import list_watches, sources


@command(
    "watches",
    args=[
        Flag(name="everyone", label="Everyone's (compliance)", marker=("of everyone", "all")),
        Number(name="page", required=False, least=1, most=10_000, marker=("page",), is_asked=False),
    ],
    allow=ANYONE, group="Watching", only_reads=True,
    help="See what you watch, and how each watch is doing.",
    example=["watches", "watches of everyone"], aliases=["my watches", "subscriptions"],
)  # fmt: skip
def watches(context: Context, everyone: bool | None, page: int | None) -> Reply:
    found = list_watches(context.house, context.caller, everyone=bool(everyone))
    last = max(1, -(-len(found) // PER_PAGE))
    number = min(page or 1, last)
    start = (number - 1) * PER_PAGE
    return Reply(
        card=watches_card(
            found[start : start + PER_PAGE], sources=sources(context.house), total=len(found),
            page=number, everyone=bool(everyone), zone=context.caller.time_zone,
        )
    )  # fmt: skip
