from __future__ import annotations

from commands.alerting import alert_arg, changed
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.alerts import AlertKey
from retention.alerting import acknowledge


@command(
    "alert acknowledge", args=[alert_arg()], allow=COMPLIANCE, group="Policies",
    aliases=["acknowledge"],
    help="Say that you look after an alert, so that nobody else has to.",
    example="alert acknowledge 12",
)  # fmt: skip
def take_note(context: Context, alert: int) -> Reply:
    return changed(context, acknowledge(context.house, context.actor, AlertKey(alert)))
