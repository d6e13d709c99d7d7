from __future__ import annotations

from commands.permissions import COMPLIANCE
from commands.retagging import TagArg, preview
from commands.spec import Context, Reply, command
from retention.retagging import Retag


@command(
    "tag drop", args=[TagArg(name="tag", label="Tag")],
    allow=COMPLIANCE, group="Tags", aliases=["drop tag", "delete tag", "tag delete"],
    help="Take a tag off every space that has it; you see them first.",
    example="tag drop q3",
)  # fmt: skip
def tag_drop(context: Context, tag: str) -> Reply:
    return preview(context, Retag(kind="drop", names=(tag,)))
