"""To the owners of a space, and to compliance: members who still need it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from cards.kit import Bound, Card, card, facts, plain, press
from cards.parts import Plain
from cards.words import count, date, named, typed_name
from domain.cases import Case
from domain.ids import PersonKey
from domain.spaces import Space

LIFE = timedelta(days=60)
"""As of a warning: the case's next move voids the buttons anyway."""
_KEEPS_NOTHING = "That keeps nothing by itself: whoever owns the space decides."


def need_card(
    space: Space, case: Case, *, number: int, voices: Sequence[tuple[str, str]],
    owner: PersonKey, zone: str = "UTC",
) -> Card:  # fmt: skip
    """For one owner. Args: voices: the latest of them, with their reasons."""
    name, room = typed_name(space), str(space.id)
    bound = Bound(
        only_for=owner, space=space.key, case=case.key, cycle=case.cycle, version=case.version,
        life=LIFE,
    )  # fmt: skip
    return card(
        f"{_who(number)} {named(space, 60)}",
        facts(
            ("Its time is over on", date(case.due, zone)) if case.due else None
        ),
        *_said(voices),
        plain(f"{_KEEPS_NOTHING} If it may go all the same, do nothing."),
        actions=[
            press("Keep for ever", "keep forever", typed=f"keep forever {name}", bound=bound,
                  space=room),
            press("Keep until …", "keep until", typed=f"keep until {name} <date>", bound=bound,
                  space=room),
            press("Why?", "explain", typed=f"explain {name}", space=room),
        ],
    )  # fmt: skip


def need_said_card(space: Space, *, number: int, tells: bool, is_new: bool, owned: bool) -> Card:
    """To the member who said so."""
    return card(
        "I have told its owners." if tells and owned
        else "It is counted." if is_new else "You have said so already.",
        facts(("Space", space.shown_title), ("Still needed by", count(number, "member"))),
        plain(
            f"{_KEEPS_NOTHING} They see the number on their next warning; if none of them answers"
            " until the last one, compliance is told. Writing in the space says it, too."
            if owned
            else f"{_KEEPS_NOTHING} Nobody owns it just now, so compliance sees it."
        ),
        actions=[
            press("Why?", "explain", typed=f"explain {typed_name(space)}", space=str(space.id))
        ],
    )  # fmt: skip


def need_unanswered_card(
    space: Space, *, number: int, voices: Sequence[tuple[str, str]], due: datetime | None,
    zone: str = "UTC",
) -> Card:  # fmt: skip
    """To compliance, after the last warning."""
    name, room = typed_name(space), str(space.id)
    return card(
        f"{_who(number)} {named(space, 60)}, and no owner answers",
        plain("Its owners had all of their warnings. Without an answer it goes on its way."),
        facts(("Its next day", date(due, zone)) if due else None),
        *_said(voices),
        actions=[
            press("Keep until …", "keep until", typed=f"keep until {name} <date>", space=room),
            press("Keep for ever", "keep forever", typed=f"keep forever {name}", space=room),
            press("Why?", "explain", typed=f"explain {name}", space=room),
            press("Needs attention", "attention"),
        ],
    )  # fmt: skip


def _who(number: int) -> str:
    return "1 member still needs" if number == 1 else f"{count(number, 'member')} still need"


def _said(voices: Sequence[tuple[str, str]]) -> Iterator[Plain]:
    for name, reason in voices:
        yield plain(f"{name}: {reason or 'still needs it'}", longest=300)
