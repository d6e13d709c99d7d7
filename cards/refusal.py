"""A no that the person can act on: what is the matter, and what to do next."""

from __future__ import annotations

import re

from cards.kit import Card, card, plain
from domain.errors import Refusal

_COMMAND = re.compile(r"`([^`]+)`")


def refusal_card(refusal: Refusal) -> Card:
    return card(
        "That did not work",
        plain(_said(refusal.reason)),
        *([plain(_said(refusal.next_step))] if refusal.next_step else []),
        *(plain(choice) for choice in refusal.choices),
    )


def _said(words: str) -> str:
    """Commands in backticks become quoted: where no markdown is read, backticks are noise."""
    return _COMMAND.sub(r"“\1”", words)
