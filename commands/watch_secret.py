from __future__ import annotations

from cards.watch import watch_card
from commands.arguments import Number
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from spaces.watching.making import change_secret
from spaces.watching.showing import show_watch


@command(
    "watch secret",
    args=[Number(name="watch", label="Watch", hint="its number in `watches`", least=1)],
    allow=ANYONE, group="Watching",
    help="Get a new secret for a watch that tells an address; the old one counts for a day more.",
    example="watch secret 31",
)  # fmt: skip
def secret(context: Context, watch: int) -> Reply:
    made = change_secret(context.house, context.caller, watch)
    return Reply(
        card=watch_card(
            f"Watch {watch} has a new secret", show_watch(context.house, context.caller, watch),
            zone=context.caller.time_zone, secret=made.secret,
            notes=("For 24 hours I sign with the old one, too.",),
        )
    )  # fmt: skip
