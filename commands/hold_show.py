from __future__ import annotations

from cards.hold import hold_card
from commands.holding import HOLD
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from retention.reach import show_hold


@command(
    "hold show", args=[HOLD], allow=COMPLIANCE, group="Holds", aliases=["hold"], only_reads=True,
    help="Show a hold: what it is on, how far it reaches, its history.",
    example=["hold show lawsuit-12", "hold lawsuit-12"],
)  # fmt: skip
def show(context: Context, hold: str) -> Reply:
    shown = show_hold(context.house, hold)
    return Reply(
        card=hold_card(
            shown.hold, by=shown.by, reach=shown.reach, spaces=shown.spaces,
            space_count=len(shown.targets.spaces), people=[one.email for one in shown.people],
            person_count=len(shown.targets.people), tags=shown.targets.tags,
            searches=shown.targets.searches, now=context.house.clock.now(),
            history=[(one.at, by, one.said) for one, by in shown.history],
            zone=context.caller.time_zone,
        )
    )  # fmt: skip
