from __future__ import annotations

from cards.done import done_card
from cards.kit import press
from cards.words import count
from commands.arguments import Number
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from spaces.watching.showing import tell_again


@command(
    "redeliver",
    args=[
        Number(name="delivery", label="Delivery", hint="its number in the log", required=False,
               most=10**12),
        Number(name="watch", label="Or all that a watch gave up", hint="the watch's number",
               required=False, marker=("of watch", "of", "watch")),
    ],
    allow=ANYONE, group="Watching", always_form=True,
    help="Tell a delivery again, or all that were given up of a watch.",
    example=["redeliver 170", "redeliver of watch 31"], aliases=["watch redeliver"],
)  # fmt: skip
def redeliver(context: Context, delivery: int | None, watch: int | None) -> Reply:
    found, many = tell_again(context.house, context.caller, delivery=delivery, watch=watch)
    said = "I tell it again" if many else "There is nothing to be told again"
    return Reply(
        card=done_card(
            said, ("Watch", str(found.key)), ("Told again", count(many, "delivery", "deliveries")),
            note="With the same id as before, so a receiver that had it knows it."
            if many
            else "",
            actions=[press("Log", "watch log", watch=str(found.key))],
        )
    )  # fmt: skip
