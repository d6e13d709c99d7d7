"""What stands on every card to owners: why a policy ends a space, and how to know that the card is
genuine. No card of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cards.kit import plain
from cards.parts import Plain
from cards.speech import Speech
from domain.policies import Basis
from domain.views import Warned


def because(one: Warned, say: Speech) -> str:
    """In English the decision's own sentence; in other languages the policy's parts, with its
    condition as it is typed, since conditions know themselves in English only."""
    if say.is_english or not one.policy:
        return one.why
    if one.period is None:
        return say("because.no_span", policy=one.policy, condition=one.condition)
    said: dict[str, Any] = {
        "policy": one.policy,
        "condition": one.condition,
        "span": say.span(one.period),
    }
    match one.basis:
        case Basis.TAGGED if one.basis_of:
            return say("because.tag", tag=one.basis_of, **said)
        case Basis.TAGGED:
            return say("because.a_tag", **said)
        case Basis.END_DATE:
            return say("because.end_date", **said)
        case Basis.DAY:
            return say("because.day", day=one.basis_of, **said)
        case Basis.MESSAGES:
            return say("because.messages", **said)
        case Basis.CREATED:
            return say("because.created", **said)
        case Basis.ACTIVITY:
            return say("because.activity", **said)


def signed(say: Speech) -> Iterator[Plain]:
    """The card's own code, where it has one."""
    if say.reader.code:
        yield plain(say("genuine.code", code=say.reader.code), subtle=True)
