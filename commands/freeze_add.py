from __future__ import annotations

from cards.freezes import freeze_card
from commands.arguments import Text
from commands.freeze_words import FreezeDays
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.hours import Freeze
from retention.freezing import add_freeze


@command(
    "freeze add",
    args=[
        FreezeDays(name="days", label="Days"),
        Text(name="reason", label="Why", marker=("because",), longest=300),
    ],
    allow=COMPLIANCE, group="Policies", aliases=["freeze"],
    help="Set days on which nothing is destroyed, for the whole company. It holds at once.",
    example=[
        "freeze add 2026-12-24 to 2027-01-02 because of the turn of the year",
        "freeze add 12-25 because it is Christmas every year",
    ],
)  # fmt: skip
def add(context: Context, days: Freeze, reason: str) -> Reply:
    view = add_freeze(context.house, context.actor, days, reason=reason)
    return Reply(
        card=freeze_card(
            view, home=context.house.limits.hours.zone, zone=context.caller.time_zone,
            said="Nothing is destroyed on these days.",
            note="What is due then waits. To take it away again needs two people.",
        )
    )  # fmt: skip
