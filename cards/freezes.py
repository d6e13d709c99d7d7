"""The company's freeze days: whose they are, why, and which are about to be taken away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cards.kit import Button, Card, card, head, plain, press, row
from cards.words import count, harmless, moment
from domain.freezes import FreezeView

_WIDTHS = (2, 3)
MOST = 30
MOST_BUTTONS = 3


def freezes_card(
    ours: Sequence[FreezeView], operators: Sequence[FreezeView], *, home: str, closed: str = "",
    opens_at: datetime | None = None, over: int = 0, zone: str = "UTC",
) -> Card:  # fmt: skip
    """Args:
    ours: set by chat. operators: of the settings.
    home: the time zone in which the days are meant.
    closed: why nothing may be destroyed now. opens_at: from when it may again.
    over: how many are past.
    """
    number = len(ours) + len(operators)
    then = f" Again from {moment(opens_at, zone)}." if opens_at else " It is not open for a year."
    return card(
        f"{count(number, 'freeze')} of the company" if number else "No freeze days",
        plain(f"Now: {closed}.{then}", bold=True)
        if closed
        else plain("At this moment it is open: what is due may be destroyed."),
        plain(
            f"Nothing is destroyed on these days, as they are counted in {home}. What is due waits"
            " and is not lost; owners are warned as usual."
        ),
        *([head("Days", "Whose, and why", widths=_WIDTHS)] if number else []),
        *(row(one.days + _now(one), _whose(one, zone), widths=_WIDTHS) for one in ours[:MOST]),
        *([plain(f"And {len(ours) - MOST:,} more.")] if len(ours) > MOST else []),
        *(
            row(one.days + _now(one), "The operator’s, of the settings", widths=_WIDTHS)
            for one in operators[:MOST]
        ),
        *([plain(f"{count(over, 'freeze')} of the past {_are(over)} left out.")] if over else []),
        actions=[
            *_agree(ours),
            press("Add …", "freeze add", typed="freeze add <days> because <why>"),
            press("Status", "status"),
        ],
    )


def freeze_card(one: FreezeView, *, home: str, said: str, note: str, zone: str = "UTC") -> Card:
    """What came of one. Args: said: one sentence, past tense. note: what follows."""
    return card(
        said,
        row(one.days + _now(one), _whose(one, zone), widths=_WIDTHS),
        plain(f"{note} The days are counted in {home}."),
        actions=[
            *([press("Keep it", "freeze add", typed=f"freeze add {one.typed} because {_why(one)}",
                     days=one.typed, reason=_why(one))] if one.void_from else []),
            press("All freeze days", "freeze list"),
        ],
    )  # fmt: skip


def _why(one: FreezeView) -> str:
    return one.reason or "it stays"


def _now(one: FreezeView) -> str:
    return " (today)" if one.is_now else ""


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _whose(one: FreezeView, zone: str) -> str:
    said = f"{one.by}, {moment(one.at, zone)}: {harmless(one.reason, 120)}"
    if one.void_from is not None:
        return f"{said} – taken away by two people; it counts until {moment(one.void_from, zone)}"
    if one.asked_until is not None:
        return (
            f"{said} – {one.asked_by} wants it away; somebody else may agree until"
            f" {moment(one.asked_until, zone)}"
        )
    return said


def _agree(ours: Sequence[FreezeView]) -> list[Button]:
    return [
        press(
            f"Agree: remove {one.typed}", "freeze remove", typed=f"freeze remove {one.typed}",
            days=one.typed, style="destructive",
        )
        for one in ours
        if one.asked_until is not None
    ][:MOST_BUTTONS]  # fmt: skip
