from __future__ import annotations

from cards.done import done_card
from cards.second import second_card
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from retention.pausing import house_resume


@command(
    "resume", allow=COMPLIANCE, group="Policies", aliases=["resume everything"],
    help="Let what destroys go on. Who did not pause it needs a second person.",
    example="resume",
)  # fmt: skip
def resume(context: Context) -> Reply:
    asked = house_resume(context.house, context.actor)
    if asked is not None:
        return Reply(
            card=second_card(
                "Everything is to go on", until=asked.until, zone=context.caller.time_zone,
                typed="resume",
            )
        )  # fmt: skip
    return Reply(
        card=done_card("What destroys goes on.", note="The next night plans by what holds then.")
    )
