"""Which cards somebody was sent of our own accord: what makes a card known as ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.ids import PersonKey
from spaces.effects.cards import SIGNS, code_of
from spaces.spec import House
from webex.gateway import Lane

__all__ = ["SIGNS", "OwnCard", "our_name", "sent_cards"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCard:
    """`code` is printed on it; `title` was its first line."""

    code: str
    at: datetime
    title: str


def sent_cards(house: House, person: PersonKey) -> tuple[OwnCard, ...]:
    """The latest first. Answers to what somebody said are none of them."""
    with house.store.read() as tx:
        found = tx.presses.sent_to(person)
    return tuple(
        OwnCard(code=code_of(one.marker), at=one.at, title=one.title) for one in found if one.title
    )


def our_name(house: House) -> str:
    """As Webex shows it to people."""
    return house.webex.bot(Lane.CHAT).me().display_name
