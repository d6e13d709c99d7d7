from __future__ import annotations

from cards.done import done_card
from cards.kit import press
from cards.words import moment
from commands.arguments import Text
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from retention.pausing import house_pause


@command(
    "pause",
    args=[Text(name="reason", label="Why", required=False, longest=300)],
    allow=COMPLIANCE, group="Policies", aliases=["pause everything", "stop everything"],
    help="Stop everything that destroys, at once, until resumed.",
    example=["pause", "pause the audit asks for it"],
)  # fmt: skip
def pause(context: Context, reason: str | None) -> Reply:
    made = house_pause(context.house, context.actor, reason or "")
    return Reply(
        card=done_card(
            "Everything that destroys stands still.",
            ("Paused by", made.by), ("Since", moment(made.at, context.caller.time_zone)),
            *([("Why", made.reason)] if made.reason else []),
            note="It takes two people to go on." if made.needs_second
            else "You can let it go on; anybody else needs a second person.",
            actions=[press("Resume", "resume")],
        )
    )  # fmt: skip
