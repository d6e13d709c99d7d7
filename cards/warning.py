"""The warning: one card for one owner, with every space of theirs that is due, and the answers.

Bugs here hurt people: what the card names counts as told (I2), so nothing is left out to save
room. A card of more spaces than `MOST` is refused; the caller sends several. Each space's own
buttons are bound to its case and cycle, so that an old card answers nothing. A deletion is
never said without its date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from cards.kit import Bound, Button, Card, Child, card, facts, fields, more, plain, press
from cards.parts import MOST_BUTTONS
from cards.words import date, harmless, named, typed_name
from domain.fields import Field, FieldKind
from domain.ids import PersonKey
from domain.policies import Ending
from domain.views import Warned

MOST = 15
"""Spaces on one card: with the longest titles the fallback still names each with its date."""
_LIFE = timedelta(days=60)
"""Longer than the time between two notices; the case's next move voids the buttons anyway."""


def warning_card(warned: Sequence[Warned], *, owner: PersonKey, zone: str = "UTC") -> Card:
    """The warning for one owner.

    Args:
        warned: from 1 to `MOST` spaces, the soonest first.
        owner: only they may press.

    Raises:
        ValueError: no space, or more than `MOST`.
    """
    if not 1 <= len(warned) <= MOST:
        raise ValueError(f"a warning is about 1 to {MOST} spaces")
    if len(warned) == 1:
        return _for_one(warned[0], owner, zone)
    return card(
        f"{len(warned)} spaces of yours have reached the end of their time",
        # The date stands first: whatever is cut short, it is not.
        *(plain(f"{n}. {_brief(one, zone)}", longest=200) for n, one in enumerate(warned, 1)),
        *_how_to_answer(warned),
        actions=[
            more(
                f"{number}. {harmless(one.space.shown_title, 40)}",
                *_told(one, zone),
                actions=[*_keeps(one, owner), _details(one, owner)],
            )
            for number, one in enumerate(warned[:MOST_BUTTONS], 1)
        ],
    )


def _for_one(one: Warned, owner: PersonKey, zone: str) -> Card:
    comes, when = _end(one)
    keep, keep_until = _keeps(one, owner)
    until = Field(name="until", label="Keep until", kind=FieldKind.DATE, required=True)
    return card(
        f"{named(one.space, 60)} {comes} on {date(when, zone)}",
        *_told(one, zone),
        plain(_or(one)),
        actions=[
            keep,
            more(
                "Keep until …",
                fields(until),
                actions=[
                    press(
                        "Keep until that day", "keep until", typed=keep_until.typed,
                        inputs=("until",), bound=_bound(one, owner), space=str(one.space.id),
                    )
                ],
            ),
            _details(one, owner),
        ],
    )  # fmt: skip


def _end(one: Warned) -> tuple[str, datetime]:
    """What comes of it in the end, and when."""
    match one.ending:
        case Ending.DELETE:
            return "will be deleted", one.gone_at or one.due
        case Ending.BLOCK:
            return "will be blocked", one.due
        case Ending.OUTSIDERS:
            return "loses its outsiders", one.due
        case Ending.NOTIFY | Ending.KEEP:
            return "has reached the end of its time", one.due


def _brief(one: Warned, zone: str) -> str:
    comes, when = _end(one)
    return f"{date(when, zone)}: {named(one.space, 40)} {comes}"


def _told(one: Warned, zone: str) -> Iterator[Child]:
    deletes = one.ending is Ending.DELETE
    blocks = one.ending is Ending.BLOCK or (deletes and one.gone_at not in (None, one.due))
    yield facts(
        ("Blocked on", f"{date(one.due, zone)}: readable, nothing new") if blocks else None,
        ("Deleted on", date(one.gone_at or one.due, zone)) if deletes else None,
        None
        if blocks or deletes
        else (_OTHERWISE.get(one.ending, "End of its time"), date(one.due, zone)),
        ("Why", one.why),
        ("Last used", date(one.space.last_used, zone)),
        ("Notice", f"number {one.number}"),
    )
    if one.ending is Ending.OUTSIDERS:
        yield plain("People of other organisations are removed then; everybody else stays.")
    if deletes:
        yield plain("It goes with all that is in it, and can't be brought back.", warns=True)


def _or(one: Warned) -> str:
    """What else there is to do."""
    if one.ending is Ending.OUTSIDERS:
        return "Keep the space, and they stay for now. If they may go, do nothing."
    return "Writing in the space keeps it too. If it may go, do nothing."


_WRITING = " Writing in a space keeps it too."
_OTHERWISE = {Ending.OUTSIDERS: "Outsiders removed on"}


def _how_to_answer(warned: Sequence[Warned]) -> Iterator[Child]:
    also = "" if any(one.ending is Ending.OUTSIDERS for one in warned) else _WRITING
    yield plain(f"Open one to answer.{also} Those that may go need no answer.")
    if len(warned) > MOST_BUTTONS:
        name = typed_name(warned[MOST_BUTTONS].space)
        yield plain(
            f"From number {MOST_BUTTONS + 1} on, type for example: keep until {name} 1y",
            longest=300,
        )


def _keeps(one: Warned, owner: PersonKey) -> tuple[Button, Button]:
    """For ever, and until a date: without one the command answers with its form."""
    name, room, bound = typed_name(one.space), str(one.space.id), _bound(one, owner)
    return (
        press("Keep for ever", "keep forever", typed=f"keep forever {name}", bound=bound,
              space=room),
        press("Keep until …", "keep until", typed=f"keep until {name} <date>", bound=bound,
              space=room),
    )  # fmt: skip


def _details(one: Warned, owner: PersonKey) -> Button:
    return press(
        "Details", "space", typed=f"space {typed_name(one.space)}", space=str(one.space.id),
        bound=Bound(only_for=owner, space=one.space.key, life=_LIFE),
    )  # fmt: skip


def _bound(one: Warned, owner: PersonKey) -> Bound:
    return Bound(
        only_for=owner, space=one.space.key, case=one.case, cycle=one.cycle, version=one.version,
        life=_LIFE,
    )  # fmt: skip
