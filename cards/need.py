"""To the owners of a space, and to compliance: members who still need it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from cards.kit import Bound, Card, card, facts, plain, press
from cards.parts import Plain
from cards.speech import Speech
from cards.words import SHORT, date, harmless, named, typed_name
from domain.cases import Case
from domain.ids import PersonKey
from domain.people import ANYBODY, Reader
from domain.spaces import Space

LIFE = timedelta(days=60)
"""As of a warning: the case's next move voids the buttons anyway."""


def need_card(
    space: Space, case: Case, *, number: int, voices: Sequence[tuple[str, str]],
    owner: PersonKey, reader: Reader = ANYBODY,
) -> Card:  # fmt: skip
    """For one owner. Args: voices: the latest of them, with their reasons."""
    say, name, room = Speech(reader), typed_name(space), str(space.id)
    bound = Bound(
        only_for=owner, space=space.key, case=case.key, cycle=case.cycle, version=case.version,
        life=LIFE,
    )  # fmt: skip
    return card(
        say("need.title", count=number, space=named(space, 60)),
        facts(
            (say("need.over_on"), say.date(case.due)) if case.due else None
        ),
        *_said(voices, say),
        plain(say("need.or_nothing")),
        actions=[
            press(say("answer.keep_forever"), "keep forever", typed=f"keep forever {name}",
                  bound=bound, space=room),
            press(say("answer.keep_until"), "keep until", bound=bound, space=room,
                  typed=f"keep until {name} {say('answer.a_day')}"),
            press(say("answer.why"), "explain", typed=f"explain {name}", space=room),
        ],
        spoken=say.spoken,
    )  # fmt: skip


def need_said_card(
    space: Space, *, number: int, tells: bool, is_new: bool, owned: bool, reader: Reader = ANYBODY
) -> Card:
    """To the member who said so."""
    say = Speech(reader)
    return card(
        say("need.told") if tells and owned
        else say("need.counted") if is_new else say("need.again"),
        facts(
            (say("ending.space"), space.shown_title),
            (say("warning.needed_by"), say("warning.needed", count=number)),
        ),
        plain(say("need.owned" if owned else "need.ownerless")),
        actions=[
            press(say("answer.why"), "explain", typed=f"explain {typed_name(space)}",
                  space=str(space.id))
        ],
        spoken=say.spoken,
    )  # fmt: skip


def need_unanswered_card(
    space: Space, *, number: int, voices: Sequence[tuple[str, str]], due: datetime | None,
    zone: str = "UTC",
) -> Card:  # fmt: skip
    """To compliance, after the last warning."""
    say, name, room = Speech(), typed_name(space), str(space.id)
    return card(
        f"{say('need.title', count=number, space=named(space, 60))}, and no owner answers",
        plain("Its owners had all of their warnings. Without an answer it goes on its way."),
        facts(("Its next day", date(due, zone)) if due else None),
        *_said(voices, say),
        actions=[
            press("Keep until …", "keep until", typed=f"keep until {name} <date>", space=room),
            press("Keep for ever", "keep forever", typed=f"keep forever {name}", space=room),
            press("Why?", "explain", typed=f"explain {name}", space=room),
            press("Needs attention", "attention"),
        ],
    )  # fmt: skip


def _said(voices: Sequence[tuple[str, str]], say: Speech) -> Iterator[Plain]:
    for name, reason in voices:
        who = harmless(name, SHORT)
        yield plain(
            say("need.voice", name=who, reason=harmless(reason, 300)) if reason
            else say("need.voice_alone", name=who),
            longest=300,
        )  # fmt: skip
