from __future__ import annotations

from cards.done import done_card
from cards.kit import press
from cards.words import moment
from commands.arguments import Text
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from retention.holds import release_hold


@command(
    "hold release", args=[Text(name="hold", label="Hold", longest=100, hint="its name")],
    allow=COMPLIANCE, group="Holds",
    help="Release a hold. It goes on holding for 7 days, in which that can be taken back.",
    example="hold release lawsuit-12",
)  # fmt: skip
def release(context: Context, hold: str) -> Reply:
    done = release_hold(context.house, context.actor, hold)
    return Reply(
        card=done_card(
            "It will be released.",
            ("Hold", done.name), ("Holds until", moment(done.ends_at, context.caller.time_zone)),
            note="After that its spaces are left alone for another 7 days.",
            undo=press("Hold on", "hold place", hold=done.name),
        )
    )  # fmt: skip
