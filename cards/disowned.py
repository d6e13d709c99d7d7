"""Somebody said that a space is none of theirs: who is asked now, and the way back."""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Card, card, plain, press
from cards.speech import Speech
from cards.words import named, typed_name
from domain.people import ANYBODY, Reader
from domain.spaces import Space


def disowned_card(space: Space, *, left: Sequence[str], reader: Reader = ANYBODY) -> Card:
    """Args: left: names of those who own it now."""
    say = Speech(reader)
    return card(
        say("disowned.title", space=named(space, 60)),
        plain(say("disowned.others", owners=say.listed(left)) if left else say("disowned.nobody")),
        plain(say("disowned.means")),
        actions=[
            press(say("disowned.undo"), "mine", typed=f"mine {typed_name(space)}", once=True,
                  space=str(space.id))
        ],
        spoken=say.spoken,
    )  # fmt: skip


def owned_card(space: Space, *, reader: Reader = ANYBODY) -> Card:
    say = Speech(reader)
    return card(
        say("disowned.again", space=named(space, 60)), plain(say("disowned.again_means")),
        spoken=say.spoken,
    )  # fmt: skip
