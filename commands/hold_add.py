from __future__ import annotations

from collections.abc import Sequence

from cards.done import done_card
from commands.holding import HOLD, TARGETS, in_flight, on, said_of_flight, said_of_reach
from commands.permissions import COMPLIANCE
from commands.queries import Asked
from commands.spec import Context, Reply, command
from domain.spaces import Space
from retention.holds import add_to_hold
from spaces.naming import Named


@command(
    "hold add", args=[HOLD, *TARGETS], allow=COMPLIANCE, group="Holds",
    aliases=["hold extend"],
    help="Put a hold on more: spaces, people, tags, a search. It never lets go of anything.",
    example=[
        "hold add lawsuit-12 person ben@example.com", "hold add lawsuit-12 search title:merger",
    ],
)  # fmt: skip
def add(
    context: Context, hold: str, space: Space | None, people: Sequence[Named] | None,
    tags: tuple[str, ...] | None, query: Asked | None,
) -> Reply:  # fmt: skip
    placed = add_to_hold(context.house, context.actor, hold, on(space, people, tags, query))
    return Reply(
        card=done_card(
            "It holds more." if placed.added else "It holds that already.",
            ("Hold", placed.hold.name), ("Reaches now", said_of_reach(placed)),
            *in_flight(placed), note=said_of_flight(placed),
        )
    )  # fmt: skip
