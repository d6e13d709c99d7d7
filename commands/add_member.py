from __future__ import annotations

from cards.done import done_card
from commands.arguments import PersonArg, SpaceArg
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.people import Person
from domain.spaces import Space
from spaces.members import add_member


@command(
    "add member",
    args=[PersonArg(name="person", label="Person"), SpaceArg(name="space", marker=("to",))],
    allow=MODERATOR, group="Spaces", help="Add a person to a space.",
    example='add member ben@example.com to "Q3 plans"', aliases=["add"],
)  # fmt: skip
def add(context: Context, person: Person, space: Space) -> Reply:
    add_member(context.house, context.actor, space, person, step=context.step)
    return Reply(card=done_card("Added.", ("Person", person.name), ("Space", space.shown_title)))
