"""A space's manual keep: set, for ever, cleared; said as “keep until”, never as a bare word."""

from __future__ import annotations

from datetime import datetime

from cards.kit import Card, card, facts, plain, press
from cards.speech import Speech
from cards.words import named, typed_name
from domain.people import ANYBODY, Reader
from domain.spaces import Space


def keep_card(
    space: Space, *, until: datetime | None, by: str, reader: Reader = ANYBODY, note: str = ""
) -> Card:
    """A keep was set. Args: until: None for ever. note: what the bounds made of it, a sentence."""
    say, name, room = Speech(reader), typed_name(space), str(space.id)
    title = (
        say("kept.title_until", space=named(space, 60), day=say.date(until)) if until
        else say("kept.title_forever", space=named(space, 60))
    )  # fmt: skip
    return card(
        title,
        facts(
            (say("kept.until"), say.date(until) if until else say("kept.forever")),
            (say("kept.by"), by),
        ),
        *([plain(say.retold(note))] if note and say.knows(note) else []),
        plain(say("kept.until_then") if until else say("kept.until_cleared")),
        actions=[
            press(say("kept.change"), "keep until", space=room,
                  typed=f"keep until {name} {say('answer.a_day')}"),
            press(say("kept.clear"), "keep clear", typed=f"keep clear {name}", space=room),
        ],
        spoken=say.spoken,
    )  # fmt: skip


def cleared_card(space: Space, *, not_before: datetime | None, reader: Reader = ANYBODY) -> Card:
    """A keep was taken off. `not_before`: until then nothing happens all the same."""
    say, name, room = Speech(reader), typed_name(space), str(space.id)
    return card(
        say("cleared.title", space=named(space, 60)),
        *([plain(say("cleared.not_before", day=say.date(not_before)))] if not_before else []),
        plain(say("cleared.warned_first")),
        actions=[
            press(say("answer.keep_forever"), "keep forever", typed=f"keep forever {name}",
                  space=room),
            press(say("answer.explain"), "explain", typed=f"explain {name}", space=room),
        ],
        spoken=say.spoken,
    )  # fmt: skip
