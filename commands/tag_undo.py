from __future__ import annotations

from cards.done import done_card
from cards.words import count, listed
from commands.arguments import Number
from commands.permissions import COMPLIANCE
from commands.retagging import TagArg
from commands.spec import Context, Reply, command
from retention.retagging import latest_change, undo_change


@command(
    "tag undo",
    args=[
        TagArg(name="tag", label="Tag that was changed", required=False),
        Number(name="change", required=False, is_typed=False, is_asked=False, most=2**62),
    ],
    allow=COMPLIANCE, group="Tags",
    always_form=True,
    help="Undo the latest renaming, merging or dropping of a tag: its spaces get it back.",
    example="tag undo q3",
)  # fmt: skip
def tag_undo(context: Context, tag: str | None, change: int | None) -> Reply:
    if change is None:
        change = latest_change(context.house, tag or "")
    done = undo_change(context.house, context.actor, change)
    return Reply(
        card=done_card(
            "Undone.", ("Given back", listed(done.change.names)),
            ("On", count(done.spaces, "space")),
            note="Where somebody has taken the tag off meanwhile, it stays off.",
        )
    )  # fmt: skip
