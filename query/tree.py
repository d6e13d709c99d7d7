"""A query as a tree, and what can be said of a tree without a database.

Decides how nodes are put together, written back as text and said as a sentence. What a single
criterion means is left to its condition.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from query.spec import Criterion


@dataclass(frozen=True, slots=True)
class Nothing:
    """An empty query. It matches nothing, so that a lost selector can't mean everything."""


@dataclass(frozen=True, slots=True)
class All:
    """Every space; always spelled out."""


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]


Node = Nothing | All | Not | And | Or | Criterion


def both(parts: list[Node]) -> Node:
    """All of `parts`; an And within an And is the same And."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, And) else (part,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def either(parts: list[Node]) -> Node:
    flat = [one for part in parts for one in (part.parts if isinstance(part, Or) else (part,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def negate(part: Node) -> Node:
    return part.part if isinstance(part, Not) else Not(part)


def criteria(node: Node) -> Iterator[Criterion]:
    """Each criterion as often as it stands there, from left to right."""
    if isinstance(node, Criterion):
        yield node
    elif isinstance(node, Not):
        yield from criteria(node.part)
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from criteria(part)


def has_all(node: Node) -> bool:
    """Whether "all" is said anywhere."""
    if isinstance(node, Not):
        return has_all(node.part)
    if isinstance(node, And | Or):
        return any(has_all(part) for part in node.parts)
    return isinstance(node, All)


def write(node: Node) -> str:
    """The canonical text; reading it gives the same tree."""
    match node:
        case Nothing():
            return ""
        case All():
            return "all"
        case Not(part):
            return f"-{_write_inside(part)}"
        case And(parts):
            return " ".join(
                f"({write(part)})" if isinstance(part, Or) else write(part) for part in parts
            )
        case Or(parts):
            return " or ".join(write(part) for part in parts)
        case Criterion():
            return node.key


def _write_inside(part: Node) -> str:
    return f"({write(part)})" if isinstance(part, And | Or) else write(part)


def say(node: Node) -> str:
    """Words that fit after "spaces"."""
    match node:
        case Nothing():
            return "of no kind (an empty condition matches nothing)"
        case All():
            return "of every kind (all)"
        case Not(part):
            return f"not {_say_inside(part)}"
        case And(parts):
            return " and ".join(
                f"({say(part)})" if isinstance(part, Or) else say(part) for part in parts
            )
        case Or(parts):
            return " or ".join(say(part) for part in parts)
        case Criterion():
            return node.sentence


def _say_inside(part: Node) -> str:
    return f"({say(part)})" if isinstance(part, And | Or) else say(part)
