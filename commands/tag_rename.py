from __future__ import annotations

from commands.permissions import COMPLIANCE
from commands.retagging import TagArg, preview
from commands.spec import Context, Reply, command
from retention.retagging import Retag


@command(
    "tag rename",
    args=[
        TagArg(name="tag", label="Tag"), TagArg(name="to", label="Its new name", marker=("to",))
    ],
    allow=COMPLIANCE, group="Tags", aliases=["rename tag"],
    help="Rename a tag on every space that has it; you see them first.",
    example="tag rename q3 to autumn",
)  # fmt: skip
def tag_rename(context: Context, tag: str, to: str) -> Reply:
    return preview(context, Retag(kind="rename", names=(tag,), target=to))
