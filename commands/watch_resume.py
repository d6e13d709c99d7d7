from __future__ import annotations

from cards.kit import press
from cards.watch import watch_card
from commands.arguments import Number
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from spaces.watching.making import resume_watch
from spaces.watching.showing import show_watch, sources


@command(
    "watch resume",
    args=[Number(name="watch", label="Watch", hint="its number in `watches`", least=1)],
    allow=ANYONE, group="Watching", help="Take up a watch again that was paused or ended.",
    example="watch resume 31",
)  # fmt: skip
def resume(context: Context, watch: int) -> Reply:
    resume_watch(context.house, context.caller, watch)
    mine = str(watch)
    return Reply(
        card=watch_card(
            f"Watch {watch} goes on", show_watch(context.house, context.caller, watch),
            zone=context.caller.time_zone, notes=sources(context.house),
            actions=[
                press("Tell again what was lost", "redeliver",
                      typed=f"redeliver of watch {mine}", watch=mine),
                press("End it", "unwatch", once=True, watch=mine),
            ],
        )
    )  # fmt: skip
