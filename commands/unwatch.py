from __future__ import annotations

from cards.kit import press
from cards.watch import watch_card
from commands.arguments import Number
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from spaces.watching.making import end_watch
from spaces.watching.showing import show_watch


@command(
    "unwatch", args=[Number(name="watch", label="Watch", hint="its number in `watches`", least=1)],
    allow=ANYONE, group="Watching", help="End a watch. Nothing of it is told any more.",
    example="unwatch 31", aliases=["watch end", "unsubscribe"],
)  # fmt: skip
def unwatch(context: Context, watch: int) -> Reply:
    ended = end_watch(context.house, context.caller, watch)
    return Reply(
        card=watch_card(
            f"Watch {watch} has ended", show_watch(context.house, context.caller, watch),
            zone=context.caller.time_zone,
            actions=[press("Take it up again", "watch resume", once=True, watch=str(watch))]
            if ended.maker == context.caller.key
            else [],
        )
    )  # fmt: skip
