"""Tags: those of one space, and all of them with how often they are used."""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Button, Card, card, head, plain, press, row, text
from cards.parts import MOST_BUTTONS
from cards.words import count, listed, named, typed_name
from domain.spaces import Space

MOST = 50


def space_tags_card(space: Space, *, manages: bool) -> Card:
    """The tags of one space. `manages`: the caller may change them."""
    name, room = typed_name(space), str(space.id)
    return card(
        f"Tags of {named(space)}",
        plain(listed(space.tags, most=MOST, none="It has no tags.")),
        actions=[
            press("Tag …", "tag", typed=f"tag {name} <tags>", space=room),
            *(
                [press("Untag …", "untag", typed=f"untag {name} <tags>", space=room)]
                if space.tags
                else []
            ),
        ]
        if manages
        else [],
    )


def tags_card(counts: Sequence[tuple[str, int]]) -> Card:
    """All tags that the caller may see, with the number of their spaces, most used first."""
    rest = len(counts) - MOST
    return card(
        count(len(counts), "tag") if counts else "No tags yet",
        *([head("Tag", "Spaces", widths=(3, 1))] if counts else []),
        *(row(tag, f"{used:,}", widths=(3, 1)) for tag, used in counts[:MOST]),
        *([plain(f"And {rest:,} more, used less.")] if rest > 0 else []),
        text("“search tag:” and a tag finds its spaces, such as “search tag:finance”."),
        actions=[_find(tag) for tag, _ in counts[:MOST_BUTTONS]],
    )


def _find(tag: str) -> Button:
    return press(tag, "search", typed=f"search tag:{tag}", query=f"tag:{tag}")
