"""A file of what was found: what it is, and what may be believed of it."""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Card, card, facts, plain, press


def exported_card(about: Sequence[tuple[str, str]], file: str) -> Card:
    """Args: about: the lines of its first sheet, in words."""
    return card(
        "Here is the file",
        plain(f"{file} comes as a message of its own. It is for you alone to pass on."),
        facts(*((label, said) for label, said in about if said)),
        actions=[press("Help", "help", typed="help export", about="export")],
    )
