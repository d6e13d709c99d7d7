"""An alert to compliance: what happened, what it means, what to do; and how it stands.

Its buttons are the same for each: acknowledge, take, hand on, close, and what mends it. Once it
is closed it says so and has none but the way to the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from cards.kit import Action, Button, Card, Child, card, facts, fields, more, plain, press, row
from cards.parts import Bound
from cards.words import count, harmless, moment
from domain.alerts import Alert, AlertMoment, AlertState, AlertView, Mend
from domain.fields import Field, FieldKind

MOST_LINES = 12
MOST_MENDS = 2
WORKS_FOR = timedelta(days=30)
"""An alert may wait long; its buttons look again who presses and how it stands."""
ALONE = (
    "Nobody but you is of compliance, so there is nobody who could agree. Ask your operator to name"
    " a second person."
)
_BOUND = Bound(life=WORKS_FOR)


def alert_card(view: AlertView, zone: str = "UTC", *, whole: bool = False) -> Card:
    """An alert, for a reader in a time zone. `whole`: with its history."""
    one = view.alert
    rest = max(one.things, len(view.items)) - MOST_LINES
    return card(
        _title(one),
        *([plain(view.late, warns=True)] if view.late else []),
        *([plain(ALONE, warns=True, bold=True)] if view.is_alone and one.is_open else []),
        *([plain(one.means or one.nature.means)] if one.is_open else []),
        facts(
            *one.pairs,
            ("Since" if one.is_open else "Was first seen", moment(one.first_at, zone)),
            ("Last seen", moment(one.last_at, zone)) if one.last_at > one.first_at else None,
            ("Times", f"{one.times:,}") if one.times > 1 else None,
            ("State", _state(view, zone)),
            ("Alert", f"{one.key} ({one.kind})"),
        ),
        *(plain(line, longest=300) for line in view.items[:MOST_LINES]),
        *([plain(f"And {rest:,} more.")] if rest > 0 and view.items else []),
        *(
            [plain(one.to_do or one.nature.to_do, bold=True, warns=one.state is AlertState.OPEN)]
            if one.is_open
            else []
        ),
        *(_history(view.history, zone) if whole else ()),
        actions=_actions(view) if one.is_open else [press("Alerts", "alerts")],
    )


def _title(one: Alert) -> str:
    title = one.title[:1].upper() + one.title[1:]
    return f"Alert: {one.title}" if one.is_open else f"Closed: {title}"


def _state(view: AlertView, zone: str) -> str:
    one = view.alert
    since = f", {moment(one.state_at, zone)}" if one.state_at else ""
    match one.state:
        case AlertState.OPEN:
            return "open: nobody has looked yet"
        case AlertState.ACKNOWLEDGED:
            return f"acknowledged by {one.by}{since}"
        case AlertState.ASSIGNED:
            return f"assigned to {view.assigned or 'somebody who is gone'} by {one.by}{since}"
    still = "; its cause is still there" if one.is_on and one.lasts else ""
    if not one.by:
        return f"closed by itself{since}: {one.reason}"
    return f"closed by {one.by}{since}: {one.reason}{still}"


def _actions(view: AlertView) -> list[Action]:
    one, key = view.alert, f"{view.alert.key}"
    mends = (one.mends or one.nature.mends)[:MOST_MENDS]
    return [
        *(
            [press("Acknowledge", "alert acknowledge", once=True, bound=_BOUND, alert=key)]
            if one.state is AlertState.OPEN
            else []
        ),
        press(
            "Take it", "alert assign", once=True, bound=_BOUND, alert=key, to="me",
            typed=f"alert assign {key} to me",
        ),
        *map(mend_button, mends),
        more("Hand on, close", *_fields(view), actions=_handing(view)),
    ]  # fmt: skip


def _fields(view: AlertView) -> tuple[Child, ...]:
    asked = [Field(name="reason", label="Why it can be closed", kind=FieldKind.TEXT, longest=300)]
    if view.officers:
        asked.insert(
            0,
            Field(
                name="to", label="Hand on to", kind=FieldKind.CHOICE,
                choices=tuple((mail, f"{name} ({mail})") for mail, name in view.officers),
            ),
        )  # fmt: skip
    return (fields(*asked),)


def _handing(view: AlertView) -> list[Button]:
    key = f"{view.alert.key}"
    names = ("to", "reason") if view.officers else ("reason",)
    return [
        *(
            [
                press(
                    "Hand on", "alert assign", inputs=names, bound=_BOUND, alert=key,
                    typed=f"alert assign {key} to <e-mail>",
                )
            ]
            if view.officers
            else []
        ),
        press(
            "Close", "alert close", inputs=names, bound=_BOUND, alert=key,
            typed=f"alert close {key} because <why>",
        ),
    ]  # fmt: skip


def mend_button(mend: Mend) -> Button:
    return press(mend.title, mend.command, typed=mend.typed, bound=_BOUND, given=mend.args)


def _history(moments: Sequence[AlertMoment], zone: str) -> Iterator[Child]:
    yield plain("What happened to it", bold=True)
    for one in moments[:MOST_LINES]:
        by = f" by {harmless(one.by, 60)}" if one.by else ""
        said = f": {harmless(one.said, 200)}" if one.said else ""
        yield row(moment(one.at, zone), f"{one.word}{by}{said}", widths=(2, 5))
    if len(moments) > MOST_LINES:
        yield plain(f"And {count(len(moments) - MOST_LINES, 'earlier line')}.")
