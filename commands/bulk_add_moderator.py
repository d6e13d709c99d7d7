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
from spaces.many import seated_already
from spaces.members import add_people
from spaces.naming import Named


@command(
    "bulk add moderator", args=[PEOPLE, WHERE], allow=ANYONE, group="Bulk",
    help="Make people moderators of all spaces that a search finds and that you manage.",
    example="bulk add moderator ben@example.com where tag:finance",
)  # fmt: skip
def bulk_add_moderator(context: Context, people: Sequence[Named], query: Asked) -> Reply:
    names = names_of(all_known(people))
    return preview(
        context, query.text,
        Bulk(
            work="bulk add moderator", does=f"Make {names} moderator", do="Make moderator",
            params=params_of(people), becomes=f"gets {names} as moderator",
            why_not=seated_already(
                keys_of(people), moderating=True, all_known=len(keys_of(people)) == len(people)
            ),
            warnings=(
                "Where nobody moderates yet, Webex locks the space: then only moderators add and"
                " remove people and change it.",
            ),
        ),
    )  # fmt: skip


@work("bulk add moderator", noun="spaces", finish=finish, columns=("Space", "What came of it"))
def do_each(working: Working, items: Sequence[Item]) -> Sequence[Came]:
    return each(working, items, _do)


def _do(context: Context, space: Space, working: Working) -> Came:
    people = people_of(context, working)
    return came_of(
        space, add_people(
            context.house, context.actor, space, people, step=context.step, moderator=True,
            anyway=True,
        )
    )  # fmt: skip
