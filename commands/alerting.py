"""What the commands on alerts share: naming one, and what goes on behind a change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from cards.alert import alert_card
from commands.arguments import Choice, Number
from commands.spec import Context, Reply
from domain.alerts import NATURES, AlertKey, AlertView
from domain.fields import FieldKind
from retention.alert_showing import show_anew
from retention.alert_telling import tell_alerts
from retention.alerting import about

KINDS = tuple((str(kind), nature.title) for kind, nature in NATURES.items())


def alert_arg() -> Number:
    return Number(name="alert", label="Alert", least=1, most=2_000_000_000, hint="its number")


@dataclass(frozen=True, slots=True, kw_only=True)
class KindArg(Choice):
    """A kind of alert, by its word."""

    choices: tuple[tuple[str, str], ...] = KINDS
    kind: FieldKind = FieldKind.CHOICE


def changed(context: Context, view: AlertView) -> Reply:
    """The alert as it stands now; its other cards are brought up to date afterwards."""
    return Reply(
        card=alert_card(view, context.caller.time_zone), about=about(view.alert.key),
        afterwards=partial(_show, context, view.alert.key),
    )  # fmt: skip


def _show(context: Context, key: AlertKey) -> None:
    is_here = context.is_press and context.is_private
    show_anew(context.house, key, alert_card, but_in=context.room if is_here else None)


def tell_soon(context: Context) -> None:
    tell_alerts(context.house, alert_card)
