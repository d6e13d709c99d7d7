"""What the commands about holds share: how a hold is named, and what one is put on."""

from __future__ import annotations

from collections.abc import Sequence

from cards.words import count, named
from commands.arguments import SpaceArg, Text, Words
from commands.people import PeopleArg
from commands.queries import Asked, QueryArg
from domain.errors import Refusal
from domain.people import Person
from domain.spaces import Space
from retention.holds import On, Placed
from spaces.naming import Named

MOST_SHOWN = 20
HOLD = Text(name="hold", label="Hold", longest=100, hint="its name")
TARGETS = (
    SpaceArg(name="space", label="A space", marker=("space",), required=False),
    PeopleArg(
        name="people", label="All spaces of these people", marker=("people", "person"),
        required=False,
    ),
    Words(
        name="tags", label="All spaces with these tags", marker=("tag", "tags"), required=False,
    ),
    QueryArg(
        name="query", label="All spaces that a search finds", marker=("search", "where"),
        required=False, hint="title:merger created:<2026",
    ),
)  # fmt: skip


def on(
    space: Space | None, people: Sequence[Named] | None, tags: Sequence[str] | None,
    query: Asked | None,
) -> On:  # fmt: skip
    return On(
        spaces=(space,) if space else (), people=_all_known(people or ()), tags=tuple(tags or ()),
        searches=(query.text,) if query and query.text else (),
    )  # fmt: skip


def _all_known(people: Sequence[Named]) -> tuple[Person, ...]:
    """A hold that silently leaves one out would not be what was asked for."""
    for one in people:
        if one.person is None:
            raise one.refusal or Refusal(f"I don't know who “{one.said[:60]}” is.")
    return tuple(one.person for one in people if one.person is not None)


def in_flight(placed: Placed) -> list[tuple[str, str]]:
    """What had begun before, as rows of facts (I11)."""
    rest = len(placed.in_flight) - MOST_SHOWN
    return [
        *(
            ("Begun before", f"{intent.plan.kind}: {named(space)}, {intent.made_at:%H:%M} UTC")
            for space, intent in placed.in_flight[:MOST_SHOWN]
        ),
        *([("Begun before", f"and {rest:,} more")] if rest > 0 else []),
    ]


def said_of_flight(placed: Placed) -> str:
    if placed.in_flight:
        return "Something had begun before it and can't be called back; look at it now."
    return "Nothing was on its way to be destroyed there."


def said_of_reach(placed: Placed) -> str:
    return count(placed.reach, "space")


CONTROL_HUB = "Holds of Control Hub can't be read from outside; `attest` says that you looked."
