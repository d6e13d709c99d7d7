from __future__ import annotations

from collections.abc import Sequence

from commands.answering import keep_one
from commands.bulking import WHERE, Bulk, each, finish, preview
from commands.permissions import ANYONE
from commands.queries import Asked
from commands.spec import Context, Reply, command
from commands.working import Working, work
from domain.works import Came, Item
from spaces.many import kept_already


@command(
    "bulk keep forever", args=[WHERE], allow=ANYONE, group="Bulk",
    help="Keep all spaces that a search finds and that you manage, for ever.",
    example="bulk keep forever where tag:finance", aliases=["bulk keep for ever"],
)  # fmt: skip
def bulk_keep_forever(context: Context, query: Asked) -> Reply:
    return preview(
        context, query.text,
        Bulk(
            work="bulk keep forever", does="Keep for ever", do="Keep", params={},
            becomes="is kept for ever",
            why_not=kept_already(None, by_compliance=context.is_compliance),
        ),
    )  # fmt: skip


@work("bulk keep forever", noun="spaces", finish=finish, columns=("Space", "What came of it"))
def keep_each(working: Working, items: Sequence[Item]) -> Sequence[Came]:
    return each(working, items, lambda context, space, _: keep_one(context, space, None))
