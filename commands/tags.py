from __future__ import annotations

from cards.tags import space_tags_card, tags_card
from commands.arguments import is_elsewhere, visible_to
from commands.permissions import ANYONE
from commands.seeing import SeenSpaceArg
from commands.spec import Context, Reply, command
from domain.spaces import Space
from spaces.looking import manages
from spaces.tagging import count_tags


@command(
    "tags", args=[SeenSpaceArg(name="space", required=False)],
    allow=ANYONE, group="Finding", only_reads=True,
    help="Tell which tags there are and how many spaces have each, or the tags of one space.",
    example=["tags", 'tags of "Q3 plans"', "tags of here"],
    aliases=["tags of", "tags on", "list tags"],
)  # fmt: skip
def tags(context: Context, space: Space | None) -> Reply:
    if space is None:
        counts = count_tags(context.house, visible_to=visible_to(context))
        return Reply(card=tags_card(counts))
    may = context.is_compliance or bool(manages(context.house, space.key, context.caller))
    return Reply(
        card=space_tags_card(space, manages=may), is_about_others=is_elsewhere(context, space)
    )
