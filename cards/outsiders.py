"""To the owners of a space: who was removed from it, since they are of other organisations."""

from __future__ import annotations

from cards.because import signed
from cards.kit import Card, card, facts, plain, press
from cards.speech import Speech
from cards.words import named, typed_name
from domain.people import ANYBODY, Reader
from domain.views import Outsiders

MOST = 15


def outsiders_card(told: Outsiders, *, reader: Reader = ANYBODY) -> Card:
    say, name = Speech(reader), typed_name(told.space)
    rest = len(told.removed) - MOST
    return card(
        say("outsiders.title", count=len(told.removed)),
        facts(
            (say("outsiders.space"), named(told.space)), (say("outsiders.policy"), told.policy)
        ),
        *(plain(email) for email in told.removed[:MOST]),
        *([plain(say("outsiders.more", count=rest))] if rest > 0 else []),
        plain(say("outsiders.others_stay")),
        *signed(say),
        actions=[
            press(say("answer.details"), "space", typed=f"space {name}", space=str(told.space.id)),
            press(say("answer.keep_forever"), "keep forever", typed=f"keep forever {name}",
                  space=str(told.space.id)),
        ],
        spoken=say.spoken,
    )  # fmt: skip
