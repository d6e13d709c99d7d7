from __future__ import annotations

from cards.done import done_card
from cards.kit import press
from commands.permissions import ANYONE
from commands.save_search import NAME
from commands.spec import Context, Reply, command
from spaces.saving import delete_search


@command(
    "delete search", args=[NAME], allow=ANYONE, group="Finding",
    help="Forget a saved search; whoever you shared it with has it no more.",
    example='delete search "stale finance"', aliases=["forget search"],
)  # fmt: skip
def delete(context: Context, name: str) -> Reply:
    one = delete_search(context.house, context.actor, context.caller, name)
    return Reply(
        card=done_card(
            "Forgotten.", ("Name", one.name), ("It looked for", one.words),
            note="It was shared; shared again it is only by you." if one.shared else "",
            undo=press(
                "Undo", "save search", once=True, typed=f'save search "{one.name}" as {one.words}',
                name=one.name, query=one.words,
            ),
        )
    )  # fmt: skip
