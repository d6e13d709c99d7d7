from __future__ import annotations

from cards.freezes import freeze_card
from cards.second import second_card
from commands.freeze_words import FreezeDays
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.hours import Freeze
from retention.freezing import remove_freeze
from retention.pausing import Asked


@command(
    "freeze remove", args=[FreezeDays(name="days", label="Days")], allow=COMPLIANCE,
    group="Policies",
    help="Take freeze days away. A second person has to say the same, and then it cools off.",
    example="freeze remove 2026-12-24 to 2027-01-02",
)  # fmt: skip
def remove(context: Context, days: Freeze) -> Reply:
    done, zone = remove_freeze(context.house, context.actor, days), context.caller.time_zone
    if isinstance(done, Asked):
        return Reply(
            card=second_card(
                f"The freeze of {days.said} is to be taken away", until=done.until, zone=zone,
                typed=f"freeze remove {days.written}",
                changes=("What is due on those days could then be destroyed.",),
            )
        )  # fmt: skip
    return Reply(
        card=freeze_card(
            done, home=context.house.limits.hours.zone, zone=zone,
            said="Two people have taken these days away.",
            note="They count until that has cooled off; who sets them again keeps them.",
        )
    )  # fmt: skip
