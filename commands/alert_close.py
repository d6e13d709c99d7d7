from __future__ import annotations

from commands.alerting import alert_arg, changed
from commands.arguments import Text
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.alerts import AlertKey
from retention.alerting import close


@command(
    "alert close",
    args=[
        alert_arg(),
        Text(name="reason", label="Why", marker=("because",), longest=300),
        Text(name="to", label="To", required=False, is_typed=False, is_asked=False),
    ],
    allow=COMPLIANCE, group="Policies",
    help="Close an alert, and say why; it opens again when it happens again.",
    example='alert close 12 because "they all have owners now"',
)  # fmt: skip
def shut(context: Context, alert: int, reason: str, to: str | None) -> Reply:
    """`to` is the card's other field, for handing it on."""
    return changed(context, close(context.house, context.actor, AlertKey(alert), reason))
