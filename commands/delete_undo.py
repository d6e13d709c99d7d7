from __future__ import annotations

from functools import partial

from cards.deletion import deletion_undone_card
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
    return Reply(
        card=deletion_undone_card(
            space, is_emptied=is_gone, reader=context.house.reader(context.caller)
        ),
        afterwards=partial(_go_on, context, ended),
    )  # fmt: skip


def _go_on(context: Context, ended: Request) -> None:
    put_back(context.house, ended)
    tell_stopped(context.house, ended, words_of(context.house))
