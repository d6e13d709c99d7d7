"""Buttons of a long list of spaces: those behind “Open 11–15”."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cards.kit import Action, more, press
from cards.parts import MOST_BUTTONS
from cards.words import harmless, typed_name
from domain.spaces import Space


def each_space(
    spaces: Sequence[Space], first: int, command: str, *, word: str = "Open", also: str = ""
) -> Iterator[Action]:
    """A button for each space, as many behind one as a card may have.

    Args:
        first: the number of the first one in the whole list.
        command: what the button says of the space.
        word: what it is called, before its numbers.
        also: what whoever types it adds behind the space.
    """
    for start in range(0, len(spaces), MOST_BUTTONS):
        some = spaces[start : start + MOST_BUTTONS]
        low = first + start
        yield more(
            f"{word} {low}–{low + len(some) - 1}" if len(some) > 1 else f"{word} {low}",
            actions=[
                press(
                    f"{n}. {harmless(one.shown_title, 40)}", command, space=str(one.id),
                    typed=f"{command} {typed_name(one)}{also}",
                )
                for n, one in enumerate(some, low)
            ],
        )  # fmt: skip
