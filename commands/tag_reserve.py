from __future__ import annotations

from cards.done import done_card
from cards.kit import press
from cards.words import listed
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from commands.tag import TAGS
from retention.tag_rules import reserve_tags


@command(
    "tag reserve", args=[TAGS], allow=COMPLIANCE, group="Tags",
    help="Reserve tags: from then on compliance alone gives them and takes them off.",
    example=["tag reserve pii", "tag reserve pii, secret"], aliases=["reserve tag"],
)  # fmt: skip
def tag_reserve(context: Context, tags: tuple[str, ...]) -> Reply:
    done = reserve_tags(context.house, context.actor, tags)
    changed = " ".join(done.changed)
    return Reply(
        card=done_card(
            "Reserved." if done.changed else "They were reserved already.",
            ("New", listed(done.changed)), ("Reserved now", listed(done.now, most=50)),
            note="Where they are, they stay.",
            undo=press("Undo", "tag unreserve", once=True, tags=changed,
                       typed=f"tag unreserve {changed}")
            if done.changed else None,
        )
    )  # fmt: skip
