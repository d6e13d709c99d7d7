from __future__ import annotations

from cards.profile import profile_card
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from spaces.describing import describe_self


@command(
    "my details", allow=ANYONE, group="People", only_reads=True,
    help="Show what Webex tells of you: your names, addresses, presence and ids.",
    example="my details",
    aliases=["me", "who am i", "whoami", "my own details", "get my own details"],
)  # fmt: skip
def my_details(context: Context) -> Reply:
    profile = describe_self(context.house, context.caller)
    return Reply(card=profile_card(profile, zone=context.caller.time_zone, is_self=True))
