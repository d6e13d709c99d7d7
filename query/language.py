"""One language for search and policy: text in, `Query` out.

Decides limits, faults and what an empty query means (nothing). Shape is left to `grammar`,
meaning to the conditions, canonical text and sentences to `tree`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from lark import Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedToken
from sqlalchemy import false, true
from sqlalchemy.sql import and_, func, not_, or_

from query import registry, tree
from query.faults import QueryFault
from query.grammar import parser
from query.spec import Condition, Criterion, Moments, Predicate
from query.values import PLAIN_WORD, RESERVED

LONGEST = 200
MOST_TERMS = 20

_SMART = str.maketrans(dict.fromkeys("“”„‟«»″", '"') | {"\u00a0": " ", "\t": " "})
_BARE = re.compile(r'"[^"]*"')
_NO_COLON = re.compile(r"([^\W\d_]+)([<>=≤≥].*)")


@dataclass(frozen=True)
class Query:
    """A query that was read.

    `text` is canonical: reading it gives an equal query. `typed` is what the person wrote.
    """

    tree: tree.Node
    text: str
    typed: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Query) and other.tree == self.tree

    def __hash__(self) -> int:
        return hash(self.text)

    @property
    def is_empty(self) -> bool:
        return isinstance(self.tree, tree.Nothing)

    @property
    def says_all(self) -> bool:
        """ "all" stands in it; a policy with it needs two people."""
        return tree.has_all(self.tree)

    @property
    def sentence(self) -> str:
        """Words that fit after "spaces"."""
        return tree.say(self.tree)

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """The distinct criteria, in the order in which they first stand there."""
        return tuple({one.key: one for one in tree.criteria(self.tree)}.values())

    def predicate(self, moments: Moments) -> Predicate:
        """The three-valued expression: true, false, or NULL where it is not known."""
        return _predicate(self.tree, moments)

    def where(self, moments: Moments) -> Predicate:
        """For a WHERE: true exactly where `predicate` is, written so that indexes serve it."""
        return _certain(self.tree, moments, holds=True)


def _predicate(node: tree.Node, moments: Moments) -> Predicate:
    match node:
        case tree.Nothing():
            return false()
        case tree.All():
            return true()
        case tree.Not(part):
            return not_(_predicate(part, moments))
        case tree.And(parts):
            return and_(*(_predicate(part, moments) for part in parts))
        case tree.Or(parts):
            return or_(*(_predicate(part, moments) for part in parts))
        case Criterion():
            return node.predicate(moments)


def _certain(node: tree.Node, moments: Moments, *, holds: bool) -> Predicate:
    """Where `node` is certainly true (`holds`) or certainly false; "not" goes to the leaves."""
    match node:
        case tree.Nothing() | tree.All():
            return true() if isinstance(node, tree.All) is holds else false()
        case tree.Not(part):
            return _certain(part, moments, holds=not holds)
        case tree.And(parts) | tree.Or(parts):
            join = and_ if isinstance(node, tree.And) is holds else or_
            return join(*(_certain(part, moments, holds=holds) for part in parts))
        case Criterion():
            return _leaf(node, moments, holds=holds)


def _leaf(one: Criterion, moments: Moments, *, holds: bool) -> Predicate:
    kind = one.condition
    if kind.truth is None or kind.doubt is None:
        return one.predicate(moments) if holds else not_(one.predicate(moments))
    truth = kind.truth(one.value, moments)
    if holds:
        return truth
    return and_(not_(func.coalesce(truth, false())), not_(kind.doubt(one.value, moments)))


@lru_cache(maxsize=2048)
def parse(text: str) -> Query:
    """Reads `text`. The empty text is a query that matches nothing.

    Raises:
        QueryFault: with a sentence, the place and what may have been meant.
    """
    typed = "".join(" " if ord(char) < 32 else char for char in text.translate(_SMART)).strip()
    if len(typed) > LONGEST:
        raise QueryFault(
            f"A query has at most {LONGEST} characters; this one has {len(typed)}.", text=typed,
            column=LONGEST,
        )  # fmt: skip
    node = _Reading(typed).node(_shape(typed))
    count = sum(1 for _ in tree.criteria(node))
    if count > MOST_TERMS:
        raise QueryFault(
            f"A query has at most {MOST_TERMS} terms; this one has {count}.", text=typed
        )
    canonical = tree.write(node)
    if len(canonical) > LONGEST:
        raise QueryFault(
            f"Written out, a query has at most {LONGEST} characters; this one has"
            f" {len(canonical)}.", text=typed,
        )  # fmt: skip
    return Query(node, canonical, typed)


def build(condition: Condition, text: str) -> Criterion:
    """The criterion of `condition` with what stands after the colon, as a form gives it.

    Raises:
        ValueError: with a sentence of the condition.
    """
    value = condition.parse(text)
    written = condition.write(value)
    bare = PLAIN_WORD.fullmatch(written) and written.lower() not in RESERVED
    alone = condition.is_default and (bare or _BARE.fullmatch(written))
    return Criterion(condition, value, written if alone else f"{condition.name}:{written}")


class _Reading:
    """lark's tree to ours, with the columns at hand for faults."""

    def __init__(self, text: str) -> None:
        self._text = text

    def node(self, shape: Tree[Token]) -> tree.Node:
        parts: list[Any] = list(shape.children)
        match shape.data:
            case "nothing":
                return tree.Nothing()
            case "all":
                return tree.All()
            case "negated":
                return tree.negate(self.node(parts[1]))
            case "either":
                return tree.either([self.node(part) for part in parts])
            case "both":
                return tree.both([self.node(part) for part in parts])
            case "criterion":
                return self._criterion(parts[0])
            case _:
                return self._words(parts[0])

    def _words(self, token: Token) -> tree.Node:
        slip = _NO_COLON.fullmatch(token)
        if slip and slip.group(1).lower() in registry.by_word():
            raise self._fault(
                f"“{slip.group(1)}” needs a colon.", token, (f"{slip.group(1)}:{slip.group(2)}",)
            )
        phrase = token if token.startswith('"') else f'"{token}"'
        if not phrase.strip('" '):
            raise self._fault("A word is missing between the quotes.", token)
        return self._build(registry.default(), phrase, token)

    def _criterion(self, token: Token) -> tree.Node:
        name, _, value = token.partition(":")
        condition = registry.by_word().get(name.lower())
        if condition is None:
            near = tuple(f"{word}:{value}" for word in registry.like(name))
            raise self._fault(
                f"There is no condition “{name}”."
                + ("" if near else f' To look for it in titles, write "{token}" in quotes.'),
                token, near,
            )  # fmt: skip
        if not value.strip('"'):
            raise self._fault(
                f"“{name}:” needs a value right after the colon.", token, (condition.example,)
            )
        return self._build(condition, value, token)

    def _build(self, condition: Condition, value: str, token: Token) -> Criterion:
        try:
            return build(condition, value)
        except ValueError as fault:
            raise self._fault(str(fault), token) from None

    def _fault(self, reason: str, token: Token, near: tuple[str, ...] = ()) -> QueryFault:
        return QueryFault(reason, text=self._text, column=token.start_pos or 0, suggestions=near)


def _shape(text: str) -> Tree[Token]:
    try:
        return parser().parse(text)
    except UnexpectedCharacters as fault:
        raise QueryFault(
            _unreadable(text, fault.pos_in_stream or 0), text=text, column=fault.pos_in_stream or 0
        ) from None
    except UnexpectedToken as fault:
        at_end = fault.token.type == "$END"
        raise QueryFault(
            _misplaced(text, fault.token), text=text,
            column=len(text) if at_end else fault.token.start_pos or 0,
        ) from None  # fmt: skip
    except UnexpectedEOF:
        raise QueryFault(_misplaced(text, Token("$END", "")), text=text, column=len(text)) from None


def _unreadable(text: str, place: int) -> str:
    char = text[place]
    if char == '"':
        return "That quote is never closed."
    if char == ":":
        return "Put quotes around words with a colon in them, to look for them in titles."
    return "A minus must touch the word that it takes away, like -tag:finance."


def _misplaced(text: str, token: Token) -> str:
    if token.type == "$END":
        if text.count("(") > text.count(")"):
            return "A bracket is not closed."
        return "Something is missing at the end."
    if token.type == "RPAR":
        return "That bracket closes nothing." if "(" not in text else "Something is missing here."
    return f"“{token}” can't stand here; put quotes around it to look for it in titles."
