"""What stands in a warning's place once it was answered: by whom, and what holds now."""

from __future__ import annotations

from datetime import datetime

from cards.because import signed
from cards.kit import Card, card, facts, plain, press
from cards.speech import Speech
from cards.words import named, typed_name
from domain.people import ANYBODY, Reader
from domain.spaces import Space


def answered_card(
    space: Space, *, by: str, until: datetime | None, at: datetime, reader: Reader = ANYBODY,
    can_change: bool = True,
) -> Card:  # fmt: skip
    """It is kept. Args: until: None for ever. can_change: it did not take effect yet."""
    say, name, room = Speech(reader), typed_name(space), str(space.id)
    return card(
        say("answered.title", space=named(space, 60)),
        plain(
            say("answered.keep_until", day=say.date(until)) if until
            else say("answered.keep_forever")
        ),
        facts((say("answered.by"), by), (say("answered.at"), say.moment(at))),
        *signed(say),
        actions=[
            press(say("answer.keep_until"), "keep until", space=room,
                  typed=f"keep until {name} {say('answer.a_day')}"),
            press(say("answer.clear"), "keep clear", typed=f"keep clear {name}", space=room),
        ]
        if can_change
        else [],
        spoken=say.spoken,
    )  # fmt: skip


def void_card(space: Space, *, by: str, at: datetime, reader: Reader = ANYBODY) -> Card:
    """The warning no longer holds: somebody changed what was its reason."""
    say, name = Speech(reader), typed_name(space)
    return card(
        say("answered.void", space=named(space, 60)),
        plain(say("answered.changed")),
        facts((say("answered.by"), by), (say("answered.at"), say.moment(at))),
        *signed(say),
        actions=[
            press(say("answer.explain"), "explain", typed=f"explain {name}", space=str(space.id))
        ],
        spoken=say.spoken,
    )  # fmt: skip
