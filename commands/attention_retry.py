from __future__ import annotations

from cards.done import done_card
from commands.arguments import SpaceArg
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.spaces import Space
from retention.retrying import retry


@command(
    "attention retry", args=[SpaceArg(name="space")], allow=COMPLIANCE, group="Policies",
    help="Try again what a space waits for: look, ask its members anew, or begin anew.",
    example='attention retry "Q3 plans"',
    details=[("it destroys nothing", "what begins anew has all of its warnings before it")],
)  # fmt: skip
def retry_it(context: Context, space: Space) -> Reply:
    said = retry(context.house, context.actor, space)
    return Reply(card=done_card("Tried again.", ("Space", space.shown_title), note=said))
