from __future__ import annotations

from cards.kit import Button, press
from cards.members import members_card
from cards.membership import membership_card
from cards.words import typed_name
from commands.arguments import Flag, SpaceArg, is_elsewhere
from commands.people import PeopleArg
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.errors import Refusal
from domain.spaces import Space
from spaces.members import Came, One, add_people
from spaces.naming import Named


@command(
    "add member",
    args=[
        PeopleArg(name="people", label="People"),
        SpaceArg(name="space", marker=("to", "into")),
        Flag(name="moderator", label="As moderators",
             marker=("as moderator", "as a moderator", "as moderators")),
    ],
    allow=MODERATOR, group="Spaces", help="Add people to a space, also as its moderators.",
    example=[
        'add member ben@example.com to "Q3 plans"',
        "add members ben@example.com, cleo@example.com to here as moderators",
    ],
    aliases=["add", "add members", "add people", "invite"],
)  # fmt: skip
def add(context: Context, people: tuple[Named, ...], space: Space, moderator: bool | None) -> Reply:
    made = add_people(
        context.house, context.actor, space, people, step=context.step, moderator=bool(moderator)
    )
    new = [one for one in made.each if one.came is Came.ADDED]
    undo = _undo(space, new)
    if len(made.each) == 1 and (only := made.each[0]).membership is not None:
        card = membership_card(
            "Added." if new else only.why, only.membership, zone=context.caller.time_zone,
            where=space.shown_title, notes=made.notes, undo=undo,
        )  # fmt: skip
    elif len(made.each) == 1:
        raise Refusal(made.each[0].why)
    else:
        card = members_card(
            f"Added {len(new)} of {len(made.each)}.", space, [_row(one) for one in made.each],
            notes=made.notes, undo=undo,
        )  # fmt: skip
    return Reply(card=card, is_about_others=is_elsewhere(context, space))


def _undo(space: Space, new: list[One]) -> Button | None:
    ids = " ".join(one.membership.person_id for one in new if one.membership)
    emails = ", ".join(one.membership.email for one in new if one.membership)
    return press(
        "Undo", "remove member", once=True, people=ids, space=str(space.id),
        typed=f"remove member {emails} from {typed_name(space)}",
    ) if ids else None  # fmt: skip


def _row(one: One) -> tuple[str, str]:
    if one.came is not Came.ADDED:
        return one.named.name, one.why
    is_moderator = one.membership is not None and one.membership.is_moderator
    return one.named.name, "Added as moderator." if is_moderator else "Added."
