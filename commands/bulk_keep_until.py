from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cards.words import date
from commands.answering import keep_one
from commands.arguments import REASON, UntilArg
from commands.bulking import WHERE, Bulk, each, finish, preview
from commands.moments import Until
from commands.permissions import ANYONE
from commands.queries import Asked
from commands.spec import Context, Reply, command
from commands.working import Working, work
from domain.works import Came, Item
from spaces.many import kept_already


@command(
    "bulk keep until", args=[UntilArg(name="until", label="Keep until"), WHERE, REASON],
    allow=ANYONE, group="Bulk",
    help="Keep all spaces that a search finds and that you manage until a day.",
    example="bulk keep until 2027-06-30 where tag:finance",
)  # fmt: skip
def bulk_keep_until(context: Context, until: Until, query: Asked, reason: str | None) -> Reply:
    day = date(until.at, context.caller.time_zone)
    return preview(
        context, query.text,
        Bulk(
            work="bulk keep until", does=f"Keep until {day}", do="Keep",
            params={"until": until.at.isoformat(), "reason": reason or ""},
            becomes=f"is kept until {day}",
            why_not=kept_already(until.at, by_compliance=context.is_compliance),
        ),
    )  # fmt: skip


@work("bulk keep until", noun="spaces", finish=finish, columns=("Space", "What came of it"))
def keep_each(working: Working, items: Sequence[Item]) -> Sequence[Came]:
    until = datetime.fromisoformat(working.payload["until"])
    reason = working.payload.get("reason", "")
    return each(working, items, lambda context, space, _: keep_one(context, space, until, reason))
