from __future__ import annotations

from cards.handed import handed_card
from cards.speech import Speech
from commands.arguments import Flag, PersonArg, SpaceArg
from commands.following import follow
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from commands.telling import ask_first, came_to, place_of
from domain.errors import Refusal
from domain.people import Person
from domain.spaces import Space
from retention.disowning import hand_over as pass_on
from retention.disowning import ready_to_own
from spaces.changing import Came
from spaces.moderating import make_moderators
from spaces.naming import Named


@command(
    "hand over",
    args=[
        SpaceArg(name="space", takes_rest=False),
        PersonArg(name="person", label="To whom", marker=("to",)),
        Flag(name="anyway", marker=("anyway",), is_asked=False),
    ],
    allow=MODERATOR, group="Keeping", aliases=["handover"],
    help="Hand a space over to somebody in it: they moderate it and are asked instead of you.",
    example='hand over "Q3 plans" to ben@example.com',
    details=[
        ("you", "stay in it; say `mine` to be asked again"),
        ("if it is on its way out", "its new owner is warned anew, with all the time there is"),
    ],
)  # fmt: skip
def hand_over(context: Context, space: Space, person: Person, anyway: bool | None) -> Reply:
    house, caller = context.house, context.caller
    if person.key == caller.key:
        raise Refusal("That is yourself.", "Name somebody else who is in it.")
    ready_to_own(house, space, person)
    made = make_moderators(
        house, context.actor, space, [Named(person=person, said=person.email)],
        step=context.step, anyway=bool(anyway),
    )  # fmt: skip
    if made.consequences:
        said = f"hand over {place_of(space)} to {person.email}"
        return Reply(
            card=ask_first(
                made, space, title=Speech(house.reader(caller))("handed.do"),
                command="hand over", said=said, reader=house.reader(caller),
                space=str(space.id), person=person.email,
            )
        )  # fmt: skip
    if not (came_to(made.each, Came.APPOINTED) or came_to(made.each, Came.ALREADY)):
        raise Refusal(made.each[0].why)
    was_mine = pass_on(house, context.actor, space, caller, person)
    _, afterwards = follow(context, space)
    return Reply(
        card=handed_card(space, name=person.name, reader=house.reader(caller), can_undo=was_mine),
        afterwards=afterwards,
    )
