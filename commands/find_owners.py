from __future__ import annotations

from collections.abc import Sequence

from commands.bulking import WHERE, Bulk, each, finish, is_officer, preview
from commands.permissions import COMPLIANCE
from commands.queries import Asked
from commands.spec import Context, Reply, command
from commands.working import Working, work
from domain.errors import Refusal
from domain.spaces import Space
from domain.works import Came, How, Item
from retention.ownerless.listing import owned_or_sought, seek_for


@command(
    "find owners", args=[WHERE], allow=COMPLIANCE, group="Owners",
    help="Look for owners of all spaces that a search finds and that nobody owns.",
    example=["find owners where owner:none", "find owners where tag:finance"],
    details=[
        ("what follows", "the most active members of each are asked by card, three at a time;"
         " nothing is blocked or deleted by it"),
    ],
)  # fmt: skip
def find_owners(context: Context, query: Asked) -> Reply:
    return preview(
        context, query.text,
        Bulk(
            work="find owners", does="Find owners", do="Find owners", params={},
            is_for_compliance=True, becomes="its most active members are asked",
            why_not=owned_or_sought,
            notes=("Three members of each are asked at a time, from the next morning on.",),
        ),
    )  # fmt: skip


@work("find owners", noun="spaces", finish=finish, columns=("Space", "What came of it"))
def seek_each(working: Working, items: Sequence[Item]) -> Sequence[Came]:
    return each(working, items, _seek)


def _seek(context: Context, space: Space, working: Working) -> Came:
    if not is_officer(working):
        raise Refusal("Not allowed: that is for compliance.")
    seek_for(context.house, context.actor, space)
    return Came(how=How.DONE, name=space.shown_title, said="Its members will be asked.")
