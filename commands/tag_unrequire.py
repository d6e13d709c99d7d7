from __future__ import annotations

from cards.done import done_card
from cards.kit import press
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from commands.tag import TAGS
from retention.tag_rules import unrequire_tags


@command(
    "tag unrequire", args=[TAGS], allow=COMPLIANCE, group="Tags",
    help="Take back that every space has to have one of these tags; the spaces keep theirs.",
    example="tag unrequire finance, hr, legal", aliases=["unrequire tag", "unrequire tags"],
)  # fmt: skip
def tag_unrequire(context: Context, tags: tuple[str, ...]) -> Reply:
    gone = unrequire_tags(context.house, context.actor, tags)
    names = " ".join(gone.names)
    return Reply(
        card=done_card(
            "Not required any more.", ("It was", gone.said),
            undo=press("Undo", "tag require", once=True, tags=names,
                       typed=f"tag require {names}"),
        )
    )  # fmt: skip
