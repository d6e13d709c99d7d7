from __future__ import annotations

from cards.groups import group_card, groups_card
from commands.arguments import Text
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from spaces.sync.groups import find_groups


@command(
    "groups", args=[Text(name="name", label="Group", required=False, hint="a part of its name",
                         longest=256)],
    allow=COMPLIANCE, group="Directory", only_reads=True, aliases=["ad groups", "directory groups"],
    help="Show the directory's groups: which are known, with how many members, and which are not.",
    example=["groups", "groups finance"],
)  # fmt: skip
def groups(context: Context, name: str | None) -> Reply:
    found = find_groups(context.house, name or "")
    now = context.house.clock.now()
    if name and len(found) == 1:
        return Reply(card=group_card(found[0], now=now, zone=context.caller.time_zone))
    return Reply(
        card=groups_card(
            found, words=name or "", now=now, directory=context.house.directory.name
        )
    )  # fmt: skip
