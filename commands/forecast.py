from __future__ import annotations

from collections.abc import Iterator

from cards.charts import Bars, bar_charts
from cards.forecast import forecast_card
from cards.sheets import Cell, Sheet, stamp, xlsx
from commands.arguments import Text, UntilArg
from commands.moments import Until
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.outgoing import Attached
from domain.policies import Ending
from retention.forecasting import MOST_LISTED, Forecast, forecast, listed

SAID = {
    Ending.NOTIFY: "owners told",
    Ending.OUTSIDERS: "rid of outsiders",
    Ending.BLOCK: "blocked",
    Ending.PURGE: "purged of older messages",
    Ending.DELETE: "deleted",
}
COLUMNS = (
    "Space", "Id", "Policy", "Action", "At the earliest", "Last message", "Created", "Tags",
)  # fmt: skip
MOST_MONTHS = 18


@command(
    "forecast",
    args=[
        UntilArg(name="until", label="By", marker=("by", "until")),
        Text(name="policy", label="Policy alone", marker=("policy",), required=False, longest=80,
             hint="its name; without it, all that are in force"),
    ],
    allow=COMPLIANCE, group="Policies", only_reads=True, aliases=["what would go"],
    help="Show what would go by a day, if nobody did anything: a card, a chart and a list.",
    example=["forecast by 2027-12-31", "forecast by 90d policy cleanup"],
)  # fmt: skip
def show(context: Context, until: Until, policy: str | None) -> Reply:
    found = forecast(context.house, until.at, name=policy or "")
    zone = context.caller.time_zone
    card = forecast_card(
        found.at, ends=len(found.ends), inventory=found.inventory, unknown=found.unknown,
        by_ending=[(SAID[ending], found.of(ending)) for ending in SAID],
        by_policy=[(version.name, number) for version, number in found.by_policy],
        first=[(space, one.version.name, one.at) for space, one in found.first],
        idle=found.idle, shut=found.shut, only=policy or "", zone=zone,
    )  # fmt: skip
    return Reply(card=card, files=_files(context, found, zone) if found.ends else ())


def _files(context: Context, found: Forecast, zone: str) -> tuple[Attached, ...]:
    name = f"forecast {stamp(context.house.clock.now())}"
    months = found.by_month[-MOST_MONTHS:]
    chart = bar_charts(
        name, f"{len(found.ends):,} spaces would go by {found.at:%Y-%m-%d}",
        [
            Bars(title="By month", bars=months),
            Bars(title="By policy", bars=[(v.name, n) for v, n in found.by_policy[:12]]),
        ],
        says="By month: " + ", ".join(f"{month} {number:,}" for month, number in months),
    )  # fmt: skip
    more = len(found.ends) - MOST_LISTED
    says = f"All of them, with their dates{f'; {more:,} more are not in it' if more > 0 else ''}"
    sheet = Sheet(name="Forecast", columns=COLUMNS, rows=_rows(context, found), left_out=more)
    return (chart, xlsx(name, sheet, zone=zone, says=says))


def _rows(context: Context, found: Forecast) -> Iterator[tuple[Cell, ...]]:
    for space, one in listed(context.house, found.ends):
        yield (
            space.shown_title, str(space.id), one.version.name, str(one.version.ending), one.at,
            space.last_human, space.created, " ".join(space.tags),
        )  # fmt: skip
