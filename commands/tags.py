from __future__ import annotations

from cards.tags import space_tags_card, tags_card
from commands.arguments import is_elsewhere, visible_to
from commands.permissions import ANYONE
from commands.seeing import SeenSpaceArg
from commands.spec import Context, Reply, command
from domain.spaces import Space
from spaces.looking import manages
from spaces.tagging import count_tags, rules_of, tags_given


@command(
    "tags", args=[SeenSpaceArg(name="space", required=False)],
    allow=ANYONE, group="Tags", only_reads=True,
    help="Tell which tags there are and how many spaces have each, or the tags of one space and"
    " who gave them.",
    example=["tags", 'tags of "Q3 plans"', "tags of here"],
    aliases=["tags of", "tags on", "list tags"],
)  # fmt: skip
def tags(context: Context, space: Space | None) -> Reply:
    if space is None:
        counts = count_tags(context.house, visible_to=visible_to(context))
        rules = rules_of(context.house)
        return Reply(card=tags_card(counts, has_rules=bool(rules.reserved or rules.required)))
    may = context.is_compliance or bool(manages(context.house, space.key, context.caller))
    given, missing = tags_given(context.house, space)
    return Reply(
        card=space_tags_card(
            space, manages=may, zone=context.caller.time_zone,
            given=[(one.name, one.by, one.at) for one in given],
            reserved=[one.name for one in given if one.is_reserved],
            lacking=[one.said for one in missing],
        ),
        is_about_others=is_elsewhere(context, space),
    )  # fmt: skip
