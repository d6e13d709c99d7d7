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
from spaces.many import tagged_already
from spaces.tagging import meant, tag_names
from spaces.tagging_many import tag_many


@command(
    "bulk tag", args=[TAGS, WHERE], allow=ANYONE, group="Bulk",
    help="Tag all spaces that a search finds and that you manage; you see them first.",
    example="bulk tag audit where tag:finance", aliases=["tag all"],
)  # fmt: skip
def bulk_tag(context: Context, tags: tuple[str, ...], query: Asked) -> Reply:
    names, officer = tag_names(tags), context.is_compliance
    near = meant(context.house, names, visible_to=None if officer else context.caller.key)
    return preview(
        context, query.text,
        Bulk(
            work="bulk tag", does=f"Tag with {listed(names)}", do="Tag",
            params={"tags": " ".join(names)}, becomes=f"gets {listed(names)}",
            why_not=tagged_already(names, by_compliance=officer),
            warnings=tuple(
                f"“{new}” is a new tag, and looks like “{other[0]}”."
                for new, other in near.items()
            ),
            notes=say_policies(context.house, names) if officer else (),
        ),
    )  # fmt: skip


@work("bulk tag", noun="spaces", batch=200, finish=finish,
      columns=("Space", "What came of it"))  # fmt: skip
def tag_each(working: Working, items: Sequence[Item]) -> Sequence[Came]:
    names = working.payload["tags"].split()
    return together(
        working, items, already="It has that already.",
        do=lambda keys: tag_many(
            working.house, working.actor, keys, names, by_compliance=is_officer(working)
        ),
    )  # fmt: skip
