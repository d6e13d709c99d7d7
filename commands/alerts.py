from __future__ import annotations

from collections import Counter

from cards.alerts import PER_PAGE, alerts_card
from commands.alerting import KindArg
from commands.arguments import Choice, Number
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.alerts import AlertKind, AlertState
from retention.alerting import LIVING

STATES = {
    "open": LIVING, "mine": LIVING, "closed": (AlertState.CLOSED,), "all": tuple(AlertState)
}  # fmt: skip


@command(
    "alerts",
    args=[
        Choice(
            name="which", label="Which", required=False,
            choices=(
                ("open", "open: not closed yet"), ("mine", "mine: assigned to me"),
                ("closed", "closed"), ("all", "all"),
            ),
        ),
        KindArg(name="kind", label="About", required=False, marker=("about",)),
        Number(name="page", required=False, least=1, most=10_000, marker=("page",), is_asked=False),
    ],
    allow=COMPLIANCE, group="Policies", only_reads=True, aliases=["list alerts", "my alerts"],
    help="List what waits for compliance, by state and kind.",
    example=["alerts", "alerts about ownerless", "alerts closed page 2", "alerts mine"],
)  # fmt: skip
def alerts(context: Context, which: str | None, kind: str | None, page: int | None) -> Reply:
    which, states = which or "open", STATES[which or "open"]
    only = (AlertKind(kind),) if kind else None
    mine = context.caller.key if which == "mine" else None
    with context.house.store.read() as tx:
        counts: Counter[AlertKind] = Counter()
        for (one, state), number in sorted(tx.alerts.counts().items()):
            counts[one] += number if state in LIVING else 0
        total = tx.alerts.count(states, kinds=only, assigned=mine)
        number = min(page or 1, max(1, -(-total // PER_PAGE)))
        rows = tx.alerts.listed(
            states, kinds=only, assigned=mine, limit=PER_PAGE, offset=(number - 1) * PER_PAGE
        )
    return Reply(
        card=alerts_card(
            rows, counts={one: n for one, n in counts.items() if n}, total=total, page=number,
            which=which, kind=only[0] if only else None, zone=context.caller.time_zone,
        )
    )  # fmt: skip
