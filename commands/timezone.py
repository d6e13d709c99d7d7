from __future__ import annotations

from cards.preferences import time_zone_card
from commands.arguments import Flag, Text
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from domain.errors import Refusal
from spaces.reading import find_zone, said_zone, set_time_zone

AS_WEBEX = frozenset({"webex", "as in webex", "as webex"})


@command(
    "timezone",
    args=[
        Text(name="zone", label="Time zone", required=False, hint="such as Europe/Berlin",
             longest=100),
        Flag(name="ask", is_typed=False, is_asked=False),
    ],
    allow=ANYONE, group="Help", aliases=["time zone", "my timezone", "my time zone"],
    help="Show or set your own time zone, in which I tell you dates.",
    example=["timezone", "timezone Europe/Berlin", "timezone webex"],
    details=[("webex", "the one of your profile in Webex again")],
)  # fmt: skip
def timezone(context: Context, zone: str | None, ask: bool | None) -> Reply:
    house, caller = context.house, context.caller
    before, now = said_zone(house, caller.key), house.clock.now()
    if not zone:
        if ask:
            raise Refusal("Say which one.", "Such as: `timezone Europe/Berlin`")
        card = time_zone_card(house.reader(caller), now=now, is_own=bool(before))
        return Reply(card=card, is_about_others=False)
    wanted = "" if zone.casefold() in AS_WEBEX else find_zone(zone)
    changed = set_time_zone(house, caller.key, wanted)
    return Reply(
        card=time_zone_card(
            house.reader(changed), now=now, is_own=bool(wanted),
            before=before if wanted != before else None,
        ),
        is_about_others=False, changes_caller=True,
    )  # fmt: skip
