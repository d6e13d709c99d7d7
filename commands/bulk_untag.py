from __future__ import annotations

from collections.abc import Sequence

from cards.words import listed
from commands.bulking import WHERE, Bulk, finish, is_officer, preview, together
from commands.permissions import ANYONE
from commands.queries import Asked
from commands.spec import Context, Reply, command
from commands.tag import TAGS
from commands.working import Working, work
from domain.works import Came, Item
from retention.tag_meaning import say_policies
from spaces.many import stays_tagged
from spaces.tagging import tag_names
from spaces.tagging_many import untag_many


@command(
    "bulk untag", args=[TAGS, WHERE], allow=ANYONE, group="Bulk",
    help="Take tags off all spaces that a search finds and that you manage; you see them first.",
    example="bulk untag q3 where tag:finance", aliases=["untag all"],
)  # fmt: skip
def bulk_untag(context: Context, tags: tuple[str, ...], query: Asked) -> Reply:
    names, officer = tag_names(tags), context.is_compliance
    return preview(
        context, query.text,
        Bulk(
            work="bulk untag", does=f"Take off {listed(names)}", do="Take off",
            params={"tags": " ".join(names)}, becomes=f"loses {listed(names)}",
            why_not=stays_tagged(names, by_compliance=officer),
            notes=say_policies(context.house, names) if officer else (),
        ),
    )  # fmt: skip


@work("bulk untag", noun="spaces", batch=200, finish=finish,
      columns=("Space", "What came of it"))  # fmt: skip
def untag_each(working: Working, items: Sequence[Item]) -> Sequence[Came]:
    names = working.payload["tags"].split()
    return together(
        working, items, already="It has no such tag.",
        do=lambda keys: untag_many(
            working.house, working.actor, keys, names, by_compliance=is_officer(working)
        ),
    )  # fmt: skip
