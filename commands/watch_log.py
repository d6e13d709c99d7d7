from __future__ import annotations

from cards.watch_log import watch_log_card
from commands.arguments import Number
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from spaces.watching.showing import read_log


@command(
    "watch log",
    args=[
        Number(name="watch", label="Watch", hint="its number in `watches`", least=1),
        Number(name="page", required=False, least=1, most=10_000, marker=("page",), is_asked=False),
    ],
    allow=ANYONE, group="Watching", only_reads=True,
    help="See what a watch told, when, and what came of each attempt.",
    example=["watch log 31", "watch log 31 page 2"], aliases=["deliveries", "watch deliveries"],
)  # fmt: skip
def log(context: Context, watch: int, page: int | None) -> Reply:
    found = read_log(context.house, context.caller, watch, page=page or 1)
    return Reply(
        card=watch_log_card(
            found.view, found.rows, counts=found.counts, page=found.page,
            has_more=found.has_more, zone=context.caller.time_zone,
        )
    )  # fmt: skip
