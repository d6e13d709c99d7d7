from __future__ import annotations

from cards.done import done_card
from cards.sheets import Cell, Sheet, stamp, xlsx
from cards.words import count
from commands.holding import HOLD
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from retention.reach import REACH_COLUMNS, reach_rows, show_hold


@command(
    "hold export", args=[HOLD], allow=COMPLIANCE, group="Holds",
    help="Put all spaces that a hold reaches into a file for counsel, each with the reason.",
    example="hold export lawsuit-12",
)  # fmt: skip
def export(context: Context, hold: str) -> Reply:
    found, rows = reach_rows(context.house, context.actor, hold)
    shown, zone = show_hold(context.house, found.name, most=100_000), context.caller.time_zone
    about: list[tuple[Cell, Cell]] = [
        ("Hold", found.name), ("Matter", found.matter), ("Reason", found.reason),
        ("Placed", found.at), ("By", shown.by), ("Ends", found.ends_at),
        ("Spaces reached", len(rows)), ("As of", context.house.clock.now()),
        ("For", context.caller.email),
        ("Control Hub", "Its own holds can't be read from outside and are not in this list."),
    ]  # fmt: skip
    file = xlsx(
        f"hold {found.name} {stamp(context.house.clock.now())}",
        Sheet(name="About", columns=("What", "Said"), rows=about),
        Sheet(name="Spaces", columns=REACH_COLUMNS, rows=rows),
        Sheet(name="Custodians", columns=("Person",), rows=[(one.email,) for one in shown.people]),
        Sheet(
            name="History", columns=("When", "Who", "What"),
            rows=[(one.at, by, one.said) for one, by in shown.history],
        ),
        zone=zone, says=f"What the hold {found.name} reaches: {count(len(rows), 'space')}.",
    )  # fmt: skip
    card = done_card(
        "Here is what it reaches.", ("Hold", found.name), ("Spaces", f"{len(rows):,}"),
        ("File", file.name), note="That you took it is on record.",
    )  # fmt: skip
    return Reply(card=card, files=(file,))
