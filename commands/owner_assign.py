from __future__ import annotations

from cards.done import done_card
from cards.owner_ask import owner_assigned_card, owner_over_card
from commands.arguments import Flag, PersonArg, SpaceArg
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from commands.telling import ask_first, place_of
from domain.people import Person
from domain.spaces import Space
from retention.ownerless.assigning import assign_owner
from retention.ownerless.searching import tell_it_is_over
from retention.ownerless.taking import Taken
from spaces.changing import Change
from spaces.telling import tell_people


@command(
    "owner assign",
    args=[
        SpaceArg(name="space", takes_rest=False),
        PersonArg(name="person", label="Owner", marker=("to",), takes_rest=True),
        Flag(name="anyway", marker=("anyway",), is_asked=False),
    ],
    allow=COMPLIANCE, group="Owners", aliases=["assign owner"],
    help="Give a space that nobody owns an owner: a person of yours, who becomes its moderator.",
    example='owner assign "Q3 plans" to ben@example.com',
    details=[
        ("what follows", "who is not in it is added; they are told; what was due begins anew"),
        ("anyway", "does it at once; without it you first see what Webex does besides"),
    ],
)  # fmt: skip
def assign(context: Context, space: Space, person: Person, anyway: bool | None) -> Reply:
    house, actor = context.house, context.actor
    done = assign_owner(house, actor, space, person, anyway=bool(anyway))
    if done.taken is None:
        return Reply(
            card=ask_first(
                Change(consequences=done.consequences), space, title="Assign the owner",
                command="owner assign", space=str(space.id), person=str(person.id),
                said=f"owner assign {place_of(space)} to {person.email}",
            )
        )  # fmt: skip
    taken = done.taken
    how = "They moderate it now." if taken.is_moderator else "They own it by my record."
    return Reply(
        card=done_card(
            f"{person.name} owns it now.", ("Space", space.shown_title), ("Owner", person.email),
            note=" ".join((how, *taken.notes, "I tell them.")),
        ),
        afterwards=lambda: _tell(context, space, person, taken),
    )  # fmt: skip


def _tell(context: Context, space: Space, person: Person, taken: Taken) -> None:
    house = context.house
    tell_people(
        house, [person],
        lambda one: owner_assigned_card(
            space, by=context.caller.name, is_moderator=taken.is_moderator,
            was_due=taken.was_due, reader=house.reader(one),
        ),
        step=f"owner/{taken.search.key}/assigned", space=space.key, actor=context.actor,
    )  # fmt: skip
    tell_it_is_over(
        house, taken.search.key, lambda view, reader: owner_over_card(view, reader=reader)
    )
