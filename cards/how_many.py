"""How many: one number, said with what was counted, and the way to the things themselves."""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Card, card, facts, plain, press
from cards.words import count


def how_many_card(
    total: int, *, query: str, sentence: str, parts: Sequence[tuple[str, int]] = (),
    meant: bool = False, only_theirs: bool = False,
) -> Card:  # fmt: skip
    """Spaces, counted.

    Args:
        parts: how they divide, label and number.
        meant: the query is what plain words were understood as.
        only_theirs: of the spaces that the reader is in.
    """
    return card(
        count(total, "space"),
        facts(
            ("Of the spaces", f"{sentence}{', that you are in' if only_theirs else ''}"),
            ("I looked for", query) if meant else None,
            *((label, f"{number:,}") for label, number in parts),
        ),
        actions=[
            press("Show them", "search", typed=f"search {query}", query=query),
            press("Count them by …", "facets", typed=f"facets {query}", query=query),
        ],
    )


def how_many_people_card(total: int, *, where: str, typed: str = "", room: str = "") -> Card:
    """People, counted. Args: where: of what. room: the space that they are in, if it is one."""
    return card(
        count(total, "person", "people"),
        plain(where),
        actions=[press("Show them", "members", typed=typed, space=room)] if room else [],
    )
