"""What can be undone, the latest first, each by a button of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cards.kit import Card, card, head, plain, press, row
from cards.words import ago, harmless
from domain.undoing import Undoable

_WIDTHS = (3, 2)


def undo_card(found: Sequence[Undoable], *, now: datetime) -> Card:
    """Args: found: up to 4 things; each is done by what a person could type."""
    if not found:
        return card(
            "Nothing to undo",
            plain("There is nothing of the last day that I could undo for you."),
            plain("What can be undone has a button on its own card; long work is stopped there."),
            actions=[press("Long work", "works")],
        )
    return card(
        "This can be undone",
        plain("I did nothing yet. The latest stands first."),
        head("What I would do", "You did the other", widths=_WIDTHS),
        *(
            row(f"{number}. {_what(one)}", ago(one.at, now), widths=_WIDTHS)
            for number, one in enumerate(found, 1)
        ),
        actions=[
            press(f"Undo {number}", one.command, typed=one.typed, given=one.args)
            for number, one in enumerate(found, 1)
        ],
    )


def _what(one: Undoable) -> str:
    rest = " ".join(
        value
        for name, value in one.args.items()
        if name != "space" and value != "yes" and len(value) <= 40
    )
    about = f": “{harmless(one.about, 60)}”" if one.about else ""
    return f"{one.command}{about}{f' ({harmless(rest, 60)})' if rest else ''}"
