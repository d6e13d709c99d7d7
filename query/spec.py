"""What a condition is. One file in `query/conditions/` makes one; nothing else knows its name.

A condition has four faces from one object: its words in a query, its field on a card, its
predicate in SQL and its sentence; and its row in the docs is generated from them.

The predicate is three-valued: true, false, or NULL where a fact that it needs is not known.
A test on a side table must be NULL wherever the space's own row says that the table is not
complete for it, unless a row that *is* there already settles it as true.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select

from domain.fields import Field, FieldKind

ANY = "any"
"""The choice on a card that asks for nothing, since a choice once made can't be unmade."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """What "now" and "here" mean while a query is compiled.

    `zone` is the caller's, for what `2026-01-01` means; a policy is always read in UTC.
    `read` is the real moment where `now` is one to come: it says what is known and fresh.
    """

    now: datetime
    zone: str = "UTC"
    read: datetime | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """A condition with its value, ready to be asked.

    Two criteria with the same `key` are the same question, so a policy run asks it once.
    """

    condition: Condition
    value: object
    key: str
    """Canonical text, such as ``tag:finance`` or ``inactive:>90d``; parses back to itself."""

    def predicate(self, moments: Moments) -> ColumnElement[bool]:
        return self.condition.predicate(self.value, moments)

    @property
    def sentence(self) -> str:
        return self.condition.sentence(self.value)


Predicate = ColumnElement[bool]
"""May be NULL; SQLAlchemy's own types don't say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buckets:
    """How a condition divides the spaces of an answer, to be counted and narrowed down.

    Args:
        bands: (label, query) of each part that can be named before anything is read.
        values: the keys of the spaces to a statement of (value, label, number), for what only
            the data can name; a value is what stands after the condition's colon.
        unknown: true where the condition can't be answered; without it, where the first
            band's predicate is NULL.
        is_one: a space is in one part at most; tags and outside domains can be several.
    """

    bands: tuple[tuple[str, str], ...] = ()
    values: Callable[[Select[Any], Moments], Select[Any]] | None = None
    unknown: Callable[[Moments], Predicate] | None = None
    is_one: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One kind of test on a space.

    Args:
        name: the word before the colon.
        aliases: other words for it.
        doc: what it tests, one sentence; the row in the docs and the help.
        example: a query that uses it, parsed by a test.
        label, kind, choices, hint: its field on the search and policy cards.
        parse: the text after the colon to a value. Raises ValueError with a sentence.
        write: a value back to canonical text; ``parse(write(v)) == v``.
        predicate: the value to a three-valued SQL expression over `storage.schema.space`.
            The statement around it selects from `space` joined with `space_name`; anything
            else is reached by a correlated EXISTS or IN of its own.
        sentence: the value to words that fit after "spaces": "tagged “finance”".
        truth: for search and for the nightly pass, an expression that is true exactly where
            the predicate is, and elsewhere false or NULL, written so that an index serves it.
        doubt: true exactly where the predicate is NULL or where `truth` holds anyway; never
            NULL. Given together with `truth` (`query.sides` makes all three from two).
        renamed: given where the answer hangs on which tags a space has: the value with tags
            called by their new names.
        is_default: it takes the words that stand alone. One condition has it: the title.
        is_common: the search card asks for it at once, and for the others behind a button.
        buckets: how answers are counted by it (`query.facets`); None, not at all.
        is_for_policies: it may stand in a policy. What a decision itself brings about, such as
            being warned, may not: the policy would undo its own reason.
        changed_by: the command by which whoever manages a space changes its answer, where there
            is one that fits no other condition.
        sides: the completeness columns that it depends on ("members_known", …); docs, trace.
    """

    name: str
    aliases: tuple[str, ...] = ()
    doc: str
    example: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    parse: Callable[[str], Any]
    write: Callable[[Any], str]
    predicate: Callable[[Any, Moments], Predicate]
    sentence: Callable[[Any], str]
    changed_by: str = ""
    sides: tuple[str, ...] = ()
    needs: Mapping[str, str] = field(default_factory=dict)
    renamed: Callable[[Any, Mapping[str, str]], Any] | None = None
    truth: Callable[[Any, Moments], Predicate] | None = None
    doubt: Callable[[Any, Moments], Predicate] | None = None
    is_default: bool = False
    is_common: bool = False
    buckets: Buckets | None = None
    is_for_policies: bool = True

    @property
    def field(self) -> Field:
        """How a card asks for it; empty, or ANY, means that it does not matter."""
        choices = ((ANY, "Any"), *self.choices) if self.choices else ()
        return Field(
            name=self.name, label=self.label, kind=self.kind, hint=self.hint, choices=choices
        )

    def __hash__(self) -> int:
        return hash(self.name)
