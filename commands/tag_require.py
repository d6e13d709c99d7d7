from __future__ import annotations

from cards.done import done_card
from cards.kit import press
from cards.words import count
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from commands.tag import TAGS
from retention.tag_rules import require_tags


@command(
    "tag require", args=[TAGS], allow=COMPLIANCE, group="Tags",
    help="Require that every space of several people has one of these tags: it is asked for"
    " where a space is made, and the last of them can't be taken off.",
    example="tag require finance, hr, legal", aliases=["require tag", "require tags"],
)  # fmt: skip
def tag_require(context: Context, tags: tuple[str, ...]) -> Reply:
    done = require_tags(context.house, context.actor, tags)
    names = " ".join(done.one.names)
    return Reply(
        card=done_card(
            "Required." if done.is_new else "That was required already.",
            ("Every space has to have", done.one.said),
            ("Lack a required tag now", count(done.lacking, "space")),
            undo=press("Undo", "tag unrequire", once=True, tags=names,
                       typed=f"tag unrequire {names}")
            if done.is_new else None,
            actions=[press("Show those", "search", query="required:missing")]
            if done.lacking else [],
        )
    )  # fmt: skip
