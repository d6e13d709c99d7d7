from __future__ import annotations

from collections.abc import Sequence

from cards.words import date
from commands.bulking import WHERE, Bulk, each, finish, preview
from commands.permissions import ANYONE
from commands.queries import Asked
from commands.spec import Context, Reply, command
from commands.working import Working, work
from domain.spaces import Space
from domain.works import Came, How, Item
from retention.keeping import clear_keep
from spaces.many import not_kept


@command(
    "bulk keep clear", args=[WHERE], allow=ANYONE, group="Bulk",
    help="Take the keeps off all spaces that a search finds and that you manage.",
    example="bulk keep clear where tag:finance", aliases=["bulk clear keep"],
)  # fmt: skip
def bulk_keep_clear(context: Context, query: Asked) -> Reply:
    return preview(
        context, query.text,
        Bulk(
            work="bulk keep clear", does="Take the keeps off", do="Take off", params={},
            becomes="is not kept by hand any more",
            why_not=not_kept(by_compliance=context.is_compliance),
            warnings=("The policies decide about them again, after a week.",),
        ),
    )  # fmt: skip


@work("bulk keep clear", noun="spaces", finish=finish, columns=("Space", "What came of it"))
def clear_each(working: Working, items: Sequence[Item]) -> Sequence[Came]:
    return each(working, items, _clear)


def _clear(context: Context, space: Space, working: Working) -> Came:
    done = clear_keep(context.house, context.actor, space, by_compliance=context.is_compliance)
    day = date(done.left_alone_until, context.caller.time_zone)
    return Came(how=How.DONE, name=space.shown_title, said=f"Nothing happens before {day}.")
