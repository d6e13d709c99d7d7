from __future__ import annotations

from collections.abc import Sequence

from cards.done import done_card
from cards.words import count, date, named
from commands.arguments import SpaceArg, Text, Words
from commands.people import PeopleArg
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.errors import Refusal
from domain.people import Person
from domain.spaces import Space
from retention.holds import Placed, place_hold
from spaces.naming import Named


@command(
    "hold place",
    args=[
        Text(name="hold", label="Name of the hold", longest=100, hint="such as lawsuit-12"),
        SpaceArg(name="space", label="A space", marker=("space",), required=False),
        PeopleArg(
            name="people", label="All spaces of these people", marker=("people", "person"),
            required=False,
        ),
        Words(
            name="tags", label="All spaces with these tags", marker=("tag", "tags"),
            required=False,
        ),
        Text(name="reason", label="Why", marker=("because",), required=False, longest=300),
    ],
    allow=COMPLIANCE, group="Holds", always_form=True,
    help="Hold spaces: nothing in them is destroyed, by anyone, until released.",
    example=[
        "hold place lawsuit-12 tag finance because of the case",
        'hold place audit space "Q3 plans"',
        "hold place leaver person ben@example.com",
    ],
)  # fmt: skip
def place(
    context: Context, hold: str, space: Space | None, people: Sequence[Named] | None,
    tags: tuple[str, ...] | None, reason: str | None,
) -> Reply:  # fmt: skip
    placed = place_hold(
        context.house, context.actor, hold, reason=reason or "", tags=tags or (),
        spaces=(space,) if space else (), people=_all_known(people or ()),
    )  # fmt: skip
    return Reply(
        card=done_card(
            "It is held.",
            ("Hold", placed.hold.name), ("Reaches now", count(placed.reach, "space")),
            ("Since", date(placed.hold.at, context.caller.time_zone)),
            *_in_flight(placed),
            note="Something had begun before it and can't be called back; look at it now."
            if placed.in_flight
            else "Nothing was on its way to be destroyed there.",
        )
    )  # fmt: skip


def _all_known(people: Sequence[Named]) -> tuple[Person, ...]:
    """A hold that silently leaves one out would not be what was asked for."""
    for one in people:
        if one.person is None:
            raise one.refusal or Refusal(f"I don't know who “{one.said[:60]}” is.")
    return tuple(one.person for one in people if one.person is not None)


def _in_flight(placed: Placed) -> list[tuple[str, str]]:
    return [
        ("Begun before", f"{intent.plan.kind}: {named(space)}, {intent.made_at:%H:%M} UTC")
        for space, intent in placed.in_flight[:20]
    ]
