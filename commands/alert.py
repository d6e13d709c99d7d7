from __future__ import annotations

from cards.alert import alert_card
from commands.alerting import alert_arg
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.alerts import AlertKey
from retention.alerting import about, no_alert, view_of


@command(
    "alert", args=[alert_arg()], allow=COMPLIANCE, group="Policies", only_reads=True,
    help="Look at one alert, with all that happened to it.", example="alert 12",
)  # fmt: skip
def alert(context: Context, alert: int) -> Reply:
    key = AlertKey(alert)
    with context.house.store.read() as tx:
        try:
            view = view_of(context.house, tx, key)
        except LookupError:
            raise no_alert(alert) from None
    card = alert_card(view, context.caller.time_zone, whole=True)
    return Reply(card=card, about=about(key))
