from __future__ import annotations

from cards.done import done_card
from commands.arguments import Text
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from spaces.creating import create_space


@command(
    "create space", args=[Text(name="title", longest=128)], allow=ANYONE, group="Spaces",
    help="Create a space with you in it.", example='create space "Q3 plans"',
    aliases=["new space"],
)  # fmt: skip
def create(context: Context, title: str) -> Reply:
    space = create_space(context.house, context.caller, title, step=context.step)
    return Reply(
        card=done_card("The space is there, and you are in it.", ("Title", space.shown_title))
    )
