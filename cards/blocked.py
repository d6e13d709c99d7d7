"""A space was blocked: what that means, until when, and how to get it back."""

from __future__ import annotations

from datetime import timedelta

from cards.because import because, signed
from cards.kit import Bound, Card, card, facts, plain, press
from cards.speech import Speech
from cards.words import named, typed_name
from domain.people import ANYBODY, Reader
from domain.policies import Ending
from domain.views import Warned

_LIFE = timedelta(days=60)
"""Longer than a space stays blocked; the case's next move voids the buttons anyway."""


def blocked_card(one: Warned, *, reader: Reader = ANYBODY) -> Card:
    """For an owner. `one.gone_at` is when it is deleted; keeping it unblocks it."""
    say = Speech(reader)
    name, room = typed_name(one.space), str(one.space.id)
    bound = Bound(
        space=one.space.key, case=one.case, cycle=one.cycle, version=one.version, life=_LIFE
    )
    deletes = one.ending is Ending.DELETE
    return card(
        say("blocked.title", space=named(one.space, 60)),
        plain(say("blocked.readable")),
        facts(
            (say("warning.deleted_on"), say.date(one.gone_at)) if deletes else None,
            (say("warning.why"), because(one, say)),
        ),
        *([plain(say("warning.for_good"), warns=True)] if deletes else []),
        plain(say("blocked.put_back")),
        *signed(say),
        actions=[
            press(say("answer.keep_forever"), "keep forever", typed=f"keep forever {name}",
                  bound=bound, space=room),
            press(say("answer.keep_until"), "keep until", bound=bound, space=room,
                  typed=f"keep until {name} {say('answer.a_day')}"),
            press(say("answer.explain"), "explain", typed=f"explain {name}", space=room),
        ],
        spoken=say.spoken,
    )  # fmt: skip
