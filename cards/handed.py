"""A space was handed over: to whom, and the way back."""

from __future__ import annotations

from cards.kit import Card, card, plain, press
from cards.speech import Speech
from cards.words import SHORT, harmless, named, typed_name
from domain.people import ANYBODY, Reader
from domain.spaces import Space


def handed_card(
    space: Space, *, name: str, reader: Reader = ANYBODY, can_undo: bool = True
) -> Card:
    say = Speech(reader)
    return card(
        say("handed.title", space=named(space, 60), name=harmless(name, 60)),
        plain(say("handed.means", name=harmless(name, SHORT))),
        actions=[
            press(say("handed.undo"), "mine", typed=f"mine {typed_name(space)}", once=True,
                  space=str(space.id))
        ] if can_undo else [],
        spoken=say.spoken,
    )  # fmt: skip
