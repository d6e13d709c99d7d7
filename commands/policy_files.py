"""The list behind a simulation: a picture of what changes, and all of it by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from cards.charts import Bars, bar_charts
from cards.sheets import Cell, Sheet, stamp, xlsx
from commands.spec import Context
from domain.outgoing import Attached
from retention.agreeing import MOST_LISTED, Simulated, listed
from retention.differing import Difference, Side

COLUMNS = (
    "Space", "Id", "What changes", "Action before", "Date before", "Policy before", "Action then",
    "Date then", "Policy then", "Outsiders", "Hold", "Last message", "Created", "Tags",
)  # fmt: skip
MOST_MONTHS = 18


def files_of(context: Context, made: Simulated) -> tuple[Attached, ...]:
    """Nothing where nothing is hit and nothing changes."""
    change, view = made.difference, made.view
    number = len(change.keys())
    if not number:
        return ()
    name = f"{view.policy} {view.number} {stamp(context.house.clock.now())}"
    more = number - MOST_LISTED
    says = f"All of them, before and then{f'; {more:,} more are not in it' if more > 0 else ''}"
    sheet = Sheet(name="Simulation", columns=COLUMNS, rows=_rows(context, change), left_out=more)
    zone = context.caller.time_zone
    return (_chart(made, name), xlsx(name, sheet, zone=zone, says=says))


def _chart(made: Simulated, name: str) -> Attached:
    view = made.view
    dated = (one.due for one in made.difference.targets if one.due is not None)
    months = sorted(Counter(f"{due:%Y-%m}" for due in dated).items())[:MOST_MONTHS]
    changes = view.changes or (("as now", view.targets),)
    return bar_charts(
        name, f"{view.policy}, version {view.number}",
        [
            Bars(title="What changes", bars=changes),
            *([Bars(title="When their time is over", bars=months)] if months else []),
        ],
        says=", ".join(f"{how} {number:,}" for how, number in changes),
    )  # fmt: skip


def _rows(context: Context, change: Difference) -> Iterator[tuple[Cell, ...]]:
    for space, one in listed(context.house, change):
        yield (
            space.shown_title, str(space.id), str(one.how or ""), *_side(one.was), *_side(one.now),
            "yes" if one.has_outsiders else "", "yes" if one.is_held else "", space.last_human,
            space.created, " ".join(space.tags),
        )  # fmt: skip


def _side(side: Side) -> tuple[Cell, ...]:
    version = side.version
    return str(side.ending or side.ruling), side.due, version.name if version else ""
