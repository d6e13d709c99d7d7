"""Ways to look at a drawn card."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from cards.kit import Card

Drawn = Callable[[Card], dict[str, Any]]


def parts(node: Any) -> Iterator[dict[str, Any]]:
    """Every object of a card's JSON, the card itself first."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from parts(value)
    elif isinstance(node, list):
        for value in node:
            yield from parts(value)


def own_actions(card: dict[str, Any]) -> list[dict[str, Any]]:
    """The actions of a card, without those behind a *more*."""
    sets = [a for p in card["body"] if p["type"] == "ActionSet" for a in p["actions"]]
    return [*sets, *card.get("actions", [])]


def shown(node: Any) -> str:
    """All that a person reads on a card."""
    words = ("text", "title", "label", "placeholder")
    return "\n".join(str(p[w]) for p in parts(node) for w in words if w in p)
