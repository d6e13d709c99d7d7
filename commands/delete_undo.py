from __future__ import annotations

from functools import partial

from cards.done import done_card
from commands.arguments import SpaceArg
from commands.deleting import words_of
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.endings import Request
from domain.spaces import Space
from retention.byhand.cooling import put_back, take_back, tell_stopped


@command(
    "delete undo", args=[SpaceArg(name="space")], allow=MODERATOR, group="Ending",
    aliases=["undo delete", "undelete"],
    help="Take back a deletion that was asked for, while there is time.",
    example='delete undo "Q3 plans"',
)  # fmt: skip
def undo(context: Context, space: Space) -> Reply:
    ended = take_back(context.house, context.actor, space, is_compliance=context.is_compliance)
    return Reply(
        card=done_card(
            "It is not deleted.", ("Space", space.shown_title),
            note="It is put back as it was before. I tell whoever asked for it, and the others.",
        ),
        afterwards=partial(_go_on, context, ended),
    )  # fmt: skip


def _go_on(context: Context, ended: Request) -> None:
    put_back(context.house, ended)
    tell_stopped(context.house, ended, words_of(context.house))
