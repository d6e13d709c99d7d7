"""A no that the person can act on: what is the matter, and what to do next."""

from __future__ import annotations

import re

from cards.kit import Card, card, plain
from cards.speech import Speech
from domain.errors import Refusal
from domain.people import ANYBODY, Reader

_COMMAND = re.compile(r"`([^`]+)`")


def refusal_card(refusal: Refusal, *, reader: Reader = ANYBODY) -> Card:
    """In the reader's language where all of it can be said in that; else in English."""
    say = Speech(reader)
    if not (say.knows(refusal.reason) and say.knows(refusal.next_step)):
        say = Speech(Reader(zone=reader.zone))
    return card(
        say("refused.title"),
        plain(_said(say.retold(refusal.reason))),
        *([plain(_said(say.retold(refusal.next_step)))] if refusal.next_step else []),
        *(plain(choice) for choice in refusal.choices),
        spoken=say.spoken,
    )


def _said(words: str) -> str:
    """Commands in backticks become quoted: where no markdown is read, backticks are noise."""
    return _COMMAND.sub(r"“\1”", words)
