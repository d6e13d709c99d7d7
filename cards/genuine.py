"""Whether a card is ours: which ones somebody was sent, and what was never sent to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cards.kit import Card, card, facts, plain
from cards.speech import Speech
from cards.words import harmless
from domain.people import ANYBODY, Reader

MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A card that its reader was sent. `title` is its first line."""

    code: str
    at: datetime
    title: str


def genuine_card(one: Sent, *, reader: Reader = ANYBODY) -> Card:
    """A card with that code was sent to its reader."""
    say = Speech(reader)
    return card(
        say("genuine.yes", code=one.code),
        plain(say("genuine.yes_means")),
        facts((say("genuine.at"), say.moment(one.at)), (say("genuine.said"), one.title)),
        spoken=say.spoken,
    )


def not_genuine_card(code: str, *, reader: Reader = ANYBODY) -> Card:
    say = Speech(reader)
    return card(
        say("genuine.no", code=harmless(code, 20)), plain(say("genuine.no_means"), warns=True),
        spoken=say.spoken,
    )  # fmt: skip


def sent_cards_card(
    sent: Sequence[Sent], *, name: str, older: int = 0, reader: Reader = ANYBODY
) -> Card:
    """Args: sent: the latest first, at most `MOST`. name: our own, as Webex shows it."""
    say = Speech(reader)
    return card(
        say("genuine.list"),
        *(
            plain(say("genuine.line", code=one.code, at=say.moment(one.at), title=one.title),
                  longest=200)
            for one in sent[:MOST]
        ),
        *([plain(say("genuine.none"))] if not sent else []),
        *([plain(say("genuine.older", count=older))] if older else []),
        plain(say("genuine.how", name=harmless(name, 60))),
        spoken=say.spoken,
    )  # fmt: skip
