from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cards.done import done_card
from cards.kit import press
from cards.members import consequences_card, members_card
from cards.words import typed_name
from commands.arguments import Flag, SpaceArg, is_elsewhere
from commands.people import PeopleArg
from commands.permissions import MODERATOR
from commands.spec import Context, Permission, Reply, command
from domain.errors import Refusal
from domain.people import Role
from domain.spaces import Space
from domain.verdicts import Verdict, yes
from spaces.members import Came, One, remove_people
from spaces.naming import Named


def _may(context: Context, values: Mapping[str, Any]) -> Verdict:
    if all(one.person and one.person.key == context.caller.key for one in values["people"]):
        return yes("anybody may leave")
    return MODERATOR.check(context, values)


@command(
    "remove member",
    args=[
        PeopleArg(name="people", label="People"), SpaceArg(name="space", marker=("from",)),
        Flag(name="anyway", marker=("anyway",), is_asked=False),
    ],
    allow=Permission(role=Role.MODERATOR, check=_may, instead=MODERATOR.instead), group="Spaces",
    help="Take people out of a space, or yourself.",
    example=[
        'remove member ben@example.com from "Q3 plans"', 'remove me from "Q3 plans"',
    ],
    aliases=["remove", "remove members", "remove people"],
)  # fmt: skip
def remove(context: Context, people: tuple[Named, ...], space: Space, anyway: bool | None) -> Reply:
    done = remove_people(
        context.house, context.actor, space, people, step=context.step, anyway=bool(anyway)
    )
    is_about_others = is_elsewhere(context, space)
    if done.consequences:
        again = press(
            "Remove anyway", "remove member", once=True, style="destructive",
            people=_ids(people), space=str(space.id), anyway="yes",
            typed=f"remove member {_emails(people)} from {typed_name(space)} anyway",
        )  # fmt: skip
        card = consequences_card(space, done.consequences, anyway=again)
        return Reply(card=card, is_about_others=is_about_others)
    gone = [one for one in done.each if one.came is Came.REMOVED]
    moderated = [one for one in gone if one.was_moderator]
    people_back, is_moderator = [one.named for one in gone], len(moderated) == len(gone)
    as_what = " as moderators" if is_moderator else ""
    back = press(
        "Undo", "add member", once=True, people=_ids(people_back),
        space=str(space.id), moderator="yes" if is_moderator else "no",
        typed=f"add member {_emails(people_back)} to {typed_name(space)}{as_what}",
    ) if gone else None  # fmt: skip
    if len(done.each) > 1:
        card = members_card(
            f"Removed {len(gone)} of {len(done.each)}.", space, [_row(one) for one in done.each],
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


def _ids(people: list[Named] | tuple[Named, ...]) -> str:
    return " ".join(str(one.person.id) if one.person else one.email for one in people)


def _row(one: One) -> tuple[str, str]:
    return one.named.name, "Removed." if one.came is Came.REMOVED else one.why


def _emails(people: list[Named] | tuple[Named, ...]) -> str:
    return ", ".join(one.person.email if one.person else one.email for one in people)
