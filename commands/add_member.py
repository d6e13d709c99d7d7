from __future__ import annotations

from dataclasses import replace

from cards.kit import Button, press
from cards.members import members_card
from cards.membership import membership_card
from commands.arguments import Flag, is_elsewhere
from commands.crowd import is_many, show_first
from commands.people import CrowdArg, PeopleArg
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from commands.teams import PlaceArg
from commands.telling import (
    added_of,
    ask_first,
    came_to,
    emails_of,
    ids_of,
    named,
    place_of,
    row_of,
)
from domain.errors import Refusal
from domain.people import Person
from domain.spaces import Space
from spaces.changing import Came, Change
from spaces.crowds import Doing
from spaces.members import add_people
from spaces.naming import Named

MANY_SAID = (
    "Paste addresses, up to 7,439 bytes of a message or 60,000 characters of the form; or attach a"
    " CSV or text file of up to 5,000 lines with a column e-mail and, if you like, one moderator"
    " (yes or no). More than 20 people are shown first, and done while you do something else."
)


@command(
    "add member",
    args=[
        CrowdArg(name="people", label="People"),
        PlaceArg(name="space", marker=("to", "into")),
        Flag(name="moderator", label="As moderators",
             marker=("as moderator", "as a moderator", "as moderators")),
        PeopleArg(name="moderators", required=False, is_typed=False, is_asked=False),
        Flag(name="anyway", marker=("anyway",), is_asked=False),
    ],
    allow=MODERATOR, group="Spaces", help="Add people to a space, also as its moderators.",
    example=[
        'add member ben@example.com to "Q3 plans"',
        "add members ben@example.com, cleo@example.com to here as moderators",
    ],
    aliases=["add", "add members", "add people", "invite"],
    details=[
        ("a list", MANY_SAID),
        ("group Finance", "Everybody of that group of the directory, if it is known well."),
        ("to team Finance", "Adds them to the team: who is in its General space is in the team."),
        ("as moderators", "The first moderator of a space locks it; I ask before that."),
    ],
)  # fmt: skip
def add(
    context: Context, people: tuple[Named, ...], space: Space, moderator: bool | None,
    moderators: tuple[Named, ...] | None, anyway: bool | None,
) -> Reply:  # fmt: skip
    own = {one.key: replace(one, moderator=True) for one in moderators or ()}
    people = tuple(({one.key: one for one in people} | own).values())
    if is_many(people):
        return show_first(context, Doing.ADD, space, people, moderator=bool(moderator))
    made = add_people(
        context.house, context.actor, space, people, step=context.step,
        moderator=bool(moderator), anyway=bool(anyway),
    )  # fmt: skip
    is_about_others = is_elsewhere(context, space)
    if made.consequences:
        as_what = " as moderators" if moderator else ""
        card = ask_first(
            made, space, title="Add anyway", command="add member", people=ids_of(people),
            space=str(space.id), moderator="yes" if moderator else "no",
            said=f"add member {emails_of(people)} to {place_of(space)}{as_what}",
        )  # fmt: skip
        return Reply(card=card, is_about_others=is_about_others)
    undo = _undo(space, made)
    if len(made.each) == 1 and (only := made.each[0]).membership is not None:
        card = membership_card(
            added_of(made.each), only.membership, zone=context.caller.time_zone,
            where=space.shown_title, notes=made.notes, undo=undo,
        )  # fmt: skip
    elif len(made.each) == 1:
        raise Refusal(made.each[0].why)
    else:
        card = members_card(
            added_of(made.each), space, [row_of(one) for one in made.each],
            notes=made.notes, undo=undo,
        )  # fmt: skip
    return Reply(card=card, is_about_others=is_about_others)


def _undo(space: Space, made: Change) -> Button | None:
    """They go again, and whoever came to moderate it besides does so no more."""
    new = [one.membership for one in came_to(made.each, Came.ADDED) if one.membership]
    if not new and came_to(made.each, Came.APPOINTED):
        back = named(made.appointed)
        return press(
            "Undo", "unmake moderator", once=True, people=ids_of(back), space=str(space.id),
            anyway="yes", typed=f"unmake moderator {emails_of(back)} in {place_of(space)} anyway",
        ) if back else None  # fmt: skip
    if not new:
        return None
    gone = {one.person_id for one in new}
    besides = [one for one in made.appointed if str(one.id) not in gone]
    return press(
        "Undo", "remove member", once=True, people=" ".join(one.person_id for one in new),
        space=str(space.id), dismissed=ids_of(named(besides)), anyway="yes" if besides else "",
        typed=_typed(space, ", ".join(one.email for one in new), besides),
    )  # fmt: skip


def _typed(space: Space, emails: str, besides: list[Person]) -> str:
    back = f"remove member {emails} from {place_of(space)}"
    if not besides:
        return back
    others = emails_of(named(besides))
    return f"{back}; then unmake moderator {others} in {place_of(space)}"
