from __future__ import annotations

from functools import partial

from cards.alert import alert_card
from commands.alerting import alert_arg, changed
from commands.arguments import PersonArg, Text
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from domain.alerts import AlertKey, AlertView
from domain.errors import Refusal
from domain.people import Person
from retention.alert_telling import tell_assigned
from retention.alerting import assign


@command(
    "alert assign",
    args=[
        alert_arg(),
        PersonArg(name="to", label="To", marker=("to",), required=False, hint="e-mail, or “me”"),
        Text(name="reason", label="Why", required=False, is_typed=False, is_asked=False),
    ],
    allow=COMPLIANCE, group="Policies",
    help="Take an alert, or hand it on to somebody else of compliance.",
    example=["alert assign 12 to me", "alert assign 12 to dora@example.com"],
)  # fmt: skip
def hand_on(context: Context, alert: int, to: Person | None, reason: str | None) -> Reply:
    """`reason` is the card's other field, for closing."""
    if to is None:
        raise Refusal("To whom?", f"Such as: alert assign {alert} to me")
    view = assign(context.house, context.actor, AlertKey(alert), to)
    reply = changed(context, view)
    after = reply.afterwards
    return Reply(
        card=reply.card,
        about=reply.about,
        afterwards=partial(_go_on, context, view, to, after) if after else None,
    )


def _go_on(context: Context, view: AlertView, to: Person, after: object) -> None:
    if callable(after):
        after()
    if to.key != context.caller.key:
        tell_assigned(context.house, view, to, alert_card)
