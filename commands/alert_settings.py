from __future__ import annotations

from cards.alert_settings import alert_settings_card
from commands.alerting import KindArg
from commands.arguments import Choice, Text
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.alerts import NATURES, AlertKind, Way
from domain.errors import Refusal
from retention.alerting import set_way, way_of
from retention.quiet import quiet_of, read_quiet, set_quiet


@command(
    "alert settings",
    args=[
        KindArg(name="kind", label="About", required=False),
        Choice(
            name="way", label="Told", required=False,
            choices=tuple((str(way), str(way)) for way in Way), takes_rest=True,
        ),
        Text(name="quiet", label="My quiet hours", marker=("quiet",), required=False,
             hint="22:00-06:30, or off"),
    ],
    allow=COMPLIANCE, group="Policies",
    help="See and set how each kind of alert is told, and your own quiet hours.",
    example=[
        "alert settings", "alert settings ownerless digest", "alert settings quiet 22:00-06:30",
    ],
)  # fmt: skip
def settings(context: Context, kind: str | None, way: str | None, quiet: str | None) -> Reply:
    house, note = context.house, ""
    if kind and not way:
        nature = NATURES[AlertKind(kind)]
        raise Refusal(
            f"Alerts about {nature.title} can be told: {', '.join(nature.ways)}.",
            f"Such as: alert settings {kind} {nature.ways[-1]}",
        )
    if kind and way:
        set_way(house, context.actor, AlertKind(kind), Way(way))
        note = f"{NATURES[AlertKind(kind)].title}: {way}".capitalize()
    if quiet:
        hours = set_quiet(house, context.actor, context.caller, read_quiet(quiet))
        note = f"Your quiet hours: {hours.said}"
    with house.store.read() as tx:
        ways = [way_of(tx, one) for one in NATURES]
        mine = quiet_of(tx, context.caller)
    return Reply(card=alert_settings_card(ways, quiet=mine.said, note=note))
