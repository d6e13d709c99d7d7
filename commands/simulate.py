from __future__ import annotations

from collections.abc import Iterator

from cards.charts import Bars, bar_charts
from cards.sheets import Cell, Sheet, stamp, xlsx
from cards.tonight import tonight_card
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.outgoing import Attached
from retention.tonight import MOST_LISTED, Tonight, listed, tonight

MOST_REASONS = 5
COLUMNS = (
    "Space", "Id", "What", "Policy", "Date", "Warnings so far", "Last message", "Created", "Tags",
)  # fmt: skip


@command(
    "simulate", allow=COMPLIANCE, group="Policies", only_reads=True,
    help="Show what the next run would do, by all policies: a card, a chart and a list.",
    example="simulate", aliases=["simulate all", "simulate tonight"],
)  # fmt: skip
def simulate(context: Context) -> Reply:
    found = tonight(context.house)
    zone = context.caller.time_zone
    card = tonight_card(
        found.counts, opened=found.opened, unknown=found.unknown, left=found.left,
        first=[(space, p.what, p.version.name, p.case.due) for space, p in found.first],
        in_the_way=tuple(_in_the_way(found)), idle=found.idle, zone=zone,
    )  # fmt: skip
    return Reply(card=card, files=_files(context, found, zone) if found.planned else ())


def _in_the_way(found: Tonight) -> Iterator[str]:
    if found.stopped:
        yield f"Nothing of it would be done: {found.stopped}."
    if found.brake:
        yield f"The brake would be pulled: {found.brake}."
    for why in (*([found.hours] if found.hours else []), *found.own_hours[:MOST_REASONS]):
        yield f"What destroys would wait: {why}."


def _files(context: Context, found: Tonight, zone: str) -> tuple[Attached, ...]:
    name = f"simulation {stamp(context.house.clock.now())}"
    policies: dict[str, int] = {}
    for one in found.planned:
        policies[one.version.name] = policies.get(one.version.name, 0) + 1
    most = sorted(policies.items(), key=lambda pair: -pair[1])[:12]
    chart = bar_charts(
        name, f"{len(found.planned):,} spaces in the next run",
        [Bars(title="What", bars=found.counts), Bars(title="By policy", bars=most)],
        says=", ".join(f"{what} {number:,}" for what, number in found.counts),
    )  # fmt: skip
    more = len(found.planned) - MOST_LISTED
    says = f"All of them{f'; {more:,} more are not in it' if more > 0 else ''}"
    sheet = Sheet(name="Next run", columns=COLUMNS, rows=_rows(context, found), left_out=more)
    return (chart, xlsx(name, sheet, zone=zone, says=says))


def _rows(context: Context, found: Tonight) -> Iterator[tuple[Cell, ...]]:
    for space, one in listed(context.house, found.planned):
        yield (
            space.shown_title, str(space.id), one.what, one.version.name, one.case.due,
            one.case.notices, space.last_human, space.created, " ".join(space.tags),
        )  # fmt: skip
