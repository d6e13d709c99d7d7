from __future__ import annotations

from cards.done import done_card
from cards.kit import press
from cards.words import listed
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from commands.tag import TAGS
from retention.tag_rules import free_tags


@command(
    "tag unreserve", args=[TAGS], allow=COMPLIANCE, group="Tags",
    help="Let tags that were reserved be given and taken off by moderators again.",
    example="tag unreserve pii", aliases=["unreserve tag"],
)  # fmt: skip
def tag_unreserve(context: Context, tags: tuple[str, ...]) -> Reply:
    done = free_tags(context.house, context.actor, tags)
    changed = " ".join(done.changed)
    return Reply(
        card=done_card(
            "Not reserved any more." if done.changed else "They were not reserved.",
            ("Free now", listed(done.changed)), ("Reserved now", listed(done.now, most=50)),
            undo=press("Undo", "tag reserve", once=True, tags=changed,
                       typed=f"tag reserve {changed}")
            if done.changed else None,
        )
    )  # fmt: skip
