from __future__ import annotations

from cards.done import done_card
from commands.arguments import SpaceArg, Words
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.spaces import Space
from spaces.tagging import tag_space


@command(
    "tag",
    args=[SpaceArg(name="space", takes_rest=False), Words(name="tags", label="Tags")],
    allow=MODERATOR, group="Spaces", help="Tag a space.", example='tag "Q3 plans" finance',
)  # fmt: skip
def tag(context: Context, space: Space, tags: tuple[str, ...]) -> Reply:
    now = tag_space(context.house, context.actor, space, tags)
    return Reply(card=done_card("Tagged.", ("Space", space.shown_title), ("Tags", ", ".join(now))))
