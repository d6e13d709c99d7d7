from __future__ import annotations

from collections.abc import Sequence

from cards.form import form_card
from commands.answering import keep_one
from commands.arguments import REASON
from commands.bulking import WHERE, Bulk, each, finish, preview
from commands.permissions import ANYONE
from commands.queries import Asked
from commands.spec import Context, Reply, command
from commands.working import Working, work
from domain.works import Came, Item
from retention.keeping import needs_reason
from spaces.many import kept_already


@command(
    "bulk keep forever", args=[WHERE, REASON], allow=ANYONE, group="Bulk",
    help="Keep all spaces that a search finds and that you manage, for ever.",
    example="bulk keep forever where tag:finance because of the audit",
    aliases=["bulk keep for ever"],
)  # fmt: skip
def bulk_keep_forever(context: Context, query: Asked, reason: str | None) -> Reply:
    if needs_reason(context.house, None) and not reason:
        return Reply(
            card=form_card(
                "Bulk keep forever", "bulk keep forever", [REASON.field],
                given={"query": query.text}, shown=[("Where", query.text)],
                problem="A keep for ever needs a reason.",
                typed=f"bulk keep forever where {query.text} because <reason>",
            )
        )  # fmt: skip
    return preview(
        context, query.text,
        Bulk(
            work="bulk keep forever", does="Keep for ever", do="Keep",
            params={"reason": reason or ""}, becomes="is kept for ever",
            why_not=kept_already(None, by_compliance=context.is_compliance),
        ),
    )  # fmt: skip


@work("bulk keep forever", noun="spaces", finish=finish, columns=("Space", "What came of it"))
def keep_each(working: Working, items: Sequence[Item]) -> Sequence[Came]:
    reason = working.payload.get("reason", "")
    return each(working, items, lambda context, space, _: keep_one(context, space, None, reason))
