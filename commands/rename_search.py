from __future__ import annotations

from cards.done import done_card
from cards.kit import press
from commands.arguments import Text
from commands.permissions import ANYONE
from commands.save_search import NAME
from commands.spec import Context, Reply, command
from spaces.saving import rename_search, search_name


@command(
    "rename search", args=[
        NAME, Text(name="to", label="New name", marker=("to", "into"), hint="old finance"),
    ],
    allow=ANYONE, group="Finding", help="Give a saved search another name.",
    example='rename search "stale finance" to "old finance"',
)  # fmt: skip
def rename(context: Context, name: str, to: str) -> Reply:
    new = search_name(to)
    one = rename_search(context.house, context.actor, context.caller, name, new)
    return Reply(
        card=done_card(
            "Renamed.", ("Was", one.name), ("Is", new), ("It looks for", one.words),
            undo=press(
                "Undo", "rename search", once=True, typed=f'rename search "{new}" to "{one.name}"',
                name=new, to=one.name,
            ),
        )
    )  # fmt: skip
