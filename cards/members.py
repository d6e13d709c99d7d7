"""A change of several people in a space: what came of it for each, and what would follow.

Decides the look only; what came of it, and whether something has to be confirmed first, is
found before.
"""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Button, Card, card, head, plain, row
from cards.speech import Speech
from cards.words import named
from domain.people import ANYBODY, Reader
from domain.spaces import Space

_WIDTHS = (2, 3)


def members_card(
    said: str, space: Space, each: Sequence[tuple[str, str]], *, notes: Sequence[str] = (),
    undo: Button | None = None,
) -> Card:  # fmt: skip
    """Args: said: what was done, past tense. each: a person, and what came of it for them."""
    return card(
        said,
        plain(f"Space: {named(space)}"),
        head("Person", "What came of it", widths=_WIDTHS),
        *(row(person, came, widths=_WIDTHS) for person, came in each),
        *(plain(note) for note in notes),
        actions=[undo] if undo else [],
    )


def consequences_card(
    space: Space, follows: Sequence[str], *, anyway: Button, reader: Reader = ANYBODY
) -> Card:
    """What would follow of a removal that was asked for. Nothing has been done."""
    say = Speech(reader)
    return card(
        say("follows.nothing_yet"),
        plain(say("follows.think", space=named(space))),
        *(plain(say.retold(one), warns=True) for one in follows),
        actions=[anyway],
        spoken=say.spoken,
    )
