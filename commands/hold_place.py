from __future__ import annotations

from collections.abc import Sequence

from cards.done import done_card
from cards.kit import press
from cards.words import date
from commands.arguments import Text, UntilArg
from commands.holding import TARGETS, in_flight, on, said_of_flight, said_of_reach
from commands.moments import Until
from commands.permissions import COMPLIANCE
from commands.queries import Asked
from commands.spec import Context, Reply, command
from domain.spaces import Space
from retention.holds import place_hold
from spaces.naming import Named


@command(
    "hold place",
    args=[
        Text(name="hold", label="Name of the hold", longest=100, hint="such as lawsuit-12"),
        *TARGETS,
        Text(
            name="matter", label="Matter", marker=("matter",), required=False, longest=100,
            hint="the case's name or number",
        ),
        UntilArg(name="until", label="Ends by itself", marker=("until",), required=False),
        Text(name="reason", label="Why", marker=("because",), required=False, longest=300),
    ],
    allow=COMPLIANCE, group="Holds", always_form=True,
    help="Hold spaces: nothing in them is destroyed, by anyone, until released.",
    example=[
        "hold place lawsuit-12 tag finance matter 2026-881 because of the case",
        'hold place audit space "Q3 plans" until 2027-06-30',
        "hold place leaver person ben@example.com",
        "hold place merger search title:merger created:<2026-10",
    ],
    details=(
        (
            "people", "every space that they are or were in, also where they come into later;"
            " a list of many is imported by `hold import`",
        ),
        (
            "search", "asked at each decision and before each effect; what it once found stays"
            " held, and what it can't rule out is held, too",
        ),
    ),
)  # fmt: skip
def place(
    context: Context, hold: str, space: Space | None, people: Sequence[Named] | None,
    tags: tuple[str, ...] | None, query: Asked | None, matter: str | None, until: Until | None,
    reason: str | None,
) -> Reply:  # fmt: skip
    asked = on(space, people, tags, query)
    placed = place_hold(
        context.house, context.actor, hold, matter=matter or "", reason=reason or "",
        tags=asked.tags, spaces=asked.spaces, people=asked.people, searches=asked.searches,
        until=until.at if until else None,
    )  # fmt: skip
    zone, name = context.caller.time_zone, placed.hold.name
    return Reply(
        card=done_card(
            "It is held.",
            ("Hold", name), *([("Matter", placed.hold.matter)] if placed.hold.matter else []),
            ("Reaches now", said_of_reach(placed)), ("Since", date(placed.hold.at, zone)),
            *([("Ends by itself", date(placed.hold.ends_at, zone))] if placed.hold.ends_at else []),
            *in_flight(placed), note=said_of_flight(placed),
            actions=[press("Show it", "hold show", typed=f'hold show "{name}"', hold=name)],
        )
    )  # fmt: skip
