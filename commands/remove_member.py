from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cards.done import done_card
from cards.kit import Button, press
from cards.members import members_card
from commands.arguments import Flag, is_elsewhere
from commands.crowd import is_many, show_first
from commands.people import CrowdArg, PeopleArg
from commands.permissions import MODERATOR
from commands.spec import Context, Permission, Reply, command
from commands.teams import PlaceArg
from commands.telling import ask_first, came_to, emails_of, ids_of, place_of, row_of
from domain.errors import Refusal
from domain.people import Role
from domain.spaces import Space
from domain.verdicts import Verdict, yes
from spaces.changing import Came, One
from spaces.crowds import Doing
from spaces.members import remove_people
from spaces.naming import Named


def _may(context: Context, values: Mapping[str, Any]) -> Verdict:
    if not values.get("dismissed") and all(
        one.person and one.person.key == context.caller.key for one in values["people"]
    ):
        return yes("anybody may leave")
    return MODERATOR.check(context, values)


@command(
    "remove member",
    args=[
        CrowdArg(name="people", label="People"), PlaceArg(name="space", marker=("from",)),
        PeopleArg(name="dismissed", required=False, is_typed=False, is_asked=False),
        Flag(name="anyway", marker=("anyway",), is_asked=False),
    ],
    allow=Permission(role=Role.MODERATOR, check=_may, instead=MODERATOR.instead), group="Spaces",
    help="Take people out of a space, or yourself.",
    example=[
        'remove member ben@example.com from "Q3 plans"', 'remove me from "Q3 plans"',
    ],
    aliases=["remove", "remove members", "remove people", "kick"],
    details=[
        ("from team Finance", "Takes them out of the team, with all of its spaces; I ask before."),
    ],
)  # fmt: skip
def remove(
    context: Context, people: tuple[Named, ...], space: Space,
    dismissed: tuple[Named, ...] | None, anyway: bool | None,
) -> Reply:  # fmt: skip
    if is_many(people):
        return show_first(context, Doing.REMOVE, space, people)
    done = remove_people(
        context.house, context.actor, space, people, step=context.step, anyway=bool(anyway),
        dismissed=dismissed or (),
    )  # fmt: skip
    is_about_others = is_elsewhere(context, space)
    if done.consequences:
        card = ask_first(
            done, space, title="Remove anyway", command="remove member", people=ids_of(people),
            space=str(space.id), said=f"remove member {emails_of(people)} from {place_of(space)}",
        )  # fmt: skip
        return Reply(card=card, is_about_others=is_about_others)
    gone = came_to(done.each, Came.REMOVED)
    back = _undo(space, gone)
    if len(done.each) > 1:
        card = members_card(
            f"Removed {len(gone)} of {len(done.each)}.", space, [row_of(one) for one in done.each],
            notes=done.notes, undo=back,
        )  # fmt: skip
    elif gone:
        card = done_card(
            "Removed.", ("Person", gone[0].named.name), ("Space", space.shown_title),
            note=" ".join(done.notes), undo=back,
        )  # fmt: skip
    else:
        raise Refusal(done.each[0].why)
    return Reply(card=card, is_about_others=is_about_others)


def _undo(space: Space, gone: list[One]) -> Button | None:
    """They come back as what they were."""
    if not gone:
        return None
    were = [one.named for one in gone if one.was_moderator]
    all_were = len(were) == len(gone)
    as_what = " as moderators" if all_were else ""
    typed = f"add member {emails_of(one.named for one in gone)} to {place_of(space)}{as_what}"
    if were and not all_were:
        typed += f"; then make moderator {emails_of(were)} in {place_of(space)}"
    return press(
        "Undo", "add member", once=True, people=ids_of(one.named for one in gone),
        space=str(space.id), moderator="yes" if all_were else "no",
        moderators="" if all_were else ids_of(were), anyway="yes" if were else "", typed=typed,
    )  # fmt: skip
