from __future__ import annotations

from collections.abc import Sequence

from commands.bulk_people import (
    PEOPLE,
    all_known,
    came_of,
    keys_of,
    names_of,
    params_of,
    people_of,
)
from commands.bulking import WHERE, Bulk, each, finish, preview
from commands.permissions import ANYONE
from commands.queries import Asked
from commands.spec import Context, Reply, command
from commands.working import Working, work
from domain.spaces import Space
from domain.works import Came, Item
from spaces.many import not_seated
from spaces.members import remove_people
from spaces.naming import Named


@command(
    "bulk remove member", args=[PEOPLE, WHERE], allow=ANYONE, group="Bulk",
    help="Take people out of all spaces that a search finds and that you manage.",
    example="bulk remove member ben@example.com where tag:finance",
)  # fmt: skip
def bulk_remove_member(context: Context, people: Sequence[Named], query: Asked) -> Reply:
    names = names_of(all_known(people))
    return preview(
        context, query.text,
        Bulk(
            work="bulk remove member", does=f"Remove {names}", do="Remove",
            params=params_of(people), becomes=f"loses {names}",
            why_not=not_seated(keys_of(people)),
            notes=("Where nobody would be left or nobody would moderate, I leave them in.",),
        ),
    )  # fmt: skip


@work("bulk remove member", noun="spaces", finish=finish, columns=("Space", "What came of it"))
def do_each(working: Working, items: Sequence[Item]) -> Sequence[Came]:
    return each(working, items, _do)


def _do(context: Context, space: Space, working: Working) -> Came:
    people = people_of(context, working)
    return came_of(
        space, remove_people(context.house, context.actor, space, people, step=context.step)
    )  # fmt: skip
