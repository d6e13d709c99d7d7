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
from retention.byhand.judging import is_emptied


@command(
    "delete undo", args=[SpaceArg(name="space")], allow=MODERATOR, group="Ending",
    aliases=["undo delete", "undelete"],
    help="Take back a deletion that was asked for, while there is time.",
    example='delete undo "Q3 plans"',
)  # fmt: skip
def undo(context: Context, space: Space) -> Reply:
    ended = take_back(context.house, context.actor, space, is_compliance=context.is_compliance)
    with context.house.store.read() as tx:
        is_gone = is_emptied(tx, ended)
    note = "It is put back as it was before."
    return Reply(
        card=done_card(
            "The rest of it is not deleted." if is_gone else "It is not deleted.",
            ("Space", space.shown_title),
            note=("Its messages are deleted. " if is_gone else "") + note
            + " I tell whoever asked for it, and the others.",
        ),
        afterwards=partial(_go_on, context, ended),
    )  # fmt: skip


def _go_on(context: Context, ended: Request) -> None:
    put_back(context.house, ended)
    tell_stopped(context.house, ended, words_of(context.house))
