"""To the owners of a space: which messages a policy purged of it, and what goes on from now."""

from __future__ import annotations

from cards.because import signed
from cards.kit import Card, card, facts, plain, press
from cards.speech import Speech
from cards.words import named, typed_name
from domain.people import ANYBODY, Reader
from domain.views import Purged


def purged_card(told: Purged, *, reader: Reader = ANYBODY) -> Card:
    say, name, room = Speech(reader), typed_name(told.space), str(told.space.id)
    return card(
        say("purged.title", count=told.messages),
        facts(
            (say("purged.space"), named(told.space)), (say("purged.policy"), told.policy),
            (say("purged.files"), say.number(told.files)) if told.files else None,
            (say("purged.already"), say.number(told.already)) if told.already else None,
            (say("purged.oldest"), say.date(told.oldest)) if told.oldest else None,
            (say("purged.newest"), say.date(told.newest)) if told.newest else None,
            (say("purged.until"), say.moment(told.until)),
            (say("purged.certificate"), told.certificate) if told.certificate else None,
        ),
        *([plain(say("purged.left", why=say.retold(told.left)))] if told.left else []),
        plain(say("purged.stays")),
        *([plain(say("purged.from_now_on"))] if told.is_first else []),
        *signed(say),
        actions=[
            press(say("answer.details"), "space", typed=f"space {name}", space=room),
            press(say("answer.keep_forever"), "keep forever", typed=f"keep forever {name}",
                  space=room),
        ],
        spoken=say.spoken,
    )  # fmt: skip
