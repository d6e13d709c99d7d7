from __future__ import annotations

from commands.permissions import COMPLIANCE
from commands.retagging import NAMES, TagArg, preview
from commands.spec import Context, Reply, command
from retention.retagging import Retag
from spaces.tagging import tag_names


@command(
    "tag merge",
    args=[NAMES, TagArg(name="into", label="Into the tag", marker=("into",))],
    allow=COMPLIANCE, group="Tags", aliases=["merge tag", "merge tags"],
    help="Make one tag of several, on every space that has one of them; you see them first.",
    example="tag merge pii, q3 into audit",
)  # fmt: skip
def tag_merge(context: Context, tags: tuple[str, ...], into: str) -> Reply:
    return preview(context, Retag(kind="merge", names=tag_names(tags), target=into))
