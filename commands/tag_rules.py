from __future__ import annotations

from cards.tag_rules import tag_rules_card
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from spaces.tagging import rules_of


@command(
    "tag rules", allow=ANYONE, group="Tags", only_reads=True,
    help="Tell which tags compliance has reserved, and of which every space has to have one.",
    example="tag rules", aliases=["tags reserved", "tags required", "required tags"],
)  # fmt: skip
def tag_rules(context: Context) -> Reply:
    rules = rules_of(context.house)
    return Reply(
        card=tag_rules_card(
            reserved=sorted(rules.reserved), required=[one.said for one in rules.required],
            manages=context.is_compliance,
        ),
        is_about_others=False,
    )  # fmt: skip
