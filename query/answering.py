"""Which spaces a criterion is true of, and of which it can't be said: whole columns at a time.

Decides how many questions go into one statement and how a million answers come out of it: as
texts of numbers, which is the fast way out of SQLite (numbers.md) and a good one out of
PostgreSQL. What the sets are used for is left to those who ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import (
    BigInteger,
    Connection,
    FromClause,
    Integer,
    Select,
    Text,
    cast,
    func,
    select,
    type_coerce,
)
from sqlalchemy.sql import ColumnElement

from query.spec import Criterion, Moments, Predicate
from storage.schema import space

Numbers = npt.NDArray[np.int64]

MISSING = -(2**60)
"""What a NULL is in a column of numbers; no key and no moment is that small."""

_TRUE, _UNKNOWN = 1, 2
_IN_ONE = 24
"""Criteria in one statement: two bits each, in a signed integer of 64."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Keys of the spaces for which a criterion is true, and for which it is not known."""

    true: Numbers
    unknown: Numbers


def columns(
    connection: Connection, what: Sequence[ColumnElement[Any]], source: FromClause,
    *where: ColumnElement[Any],
) -> list[Numbers]:  # fmt: skip
    """Integer columns of `source`, row for row, in no order; NULL comes as MISSING.

    All aggregates of one statement see its rows in the same order, so the columns fit.
    """
    return read(connection, asking(what, source, *where))


def asking(
    what: Sequence[ColumnElement[Any]], source: FromClause, *where: ColumnElement[Any]
) -> Select[Any]:
    """The statement of `columns`, to be kept and given to `read`."""
    texts = [
        func.aggregate_strings(cast(func.coalesce(_plain(one), MISSING), Text), ",") for one in what
    ]
    found: Any = select(*texts)
    asked: Select[Any] = found.select_from(source).where(*where)
    return asked


def read(
    connection: Connection, asked: Select[Any], values: Mapping[str, Any] | None = None
) -> list[Numbers]:
    """The columns that a statement of `asking` gives, with values for its parameters."""
    row = connection.execute(asked, values).one()
    return [np.array([], dtype=np.int64) if not text else _numbers(text) for text in row]


def _plain(one: ColumnElement[Any]) -> ColumnElement[int]:
    """A moment as the milliseconds that it is kept in."""
    return type_coerce(one, BigInteger)


def _numbers(text: str) -> Numbers:
    return np.fromstring(text, dtype=np.int64, sep=",")


def differing(one: Answer, other: Answer) -> int:
    """Of how many spaces two answers to the same question say something else."""
    known = np.setxor1d(one.true, other.true, assume_unique=True)
    doubts = np.setxor1d(one.unknown, other.unknown, assume_unique=True)
    return int(np.union1d(known, doubts).size)


def answers(
    connection: Connection, criteria: Iterable[Criterion], moments: Moments
) -> dict[str, Answer]:
    """The answer to each criterion, over all live spaces, by the criterion's key."""
    found: dict[str, Answer] = {}
    doubts: dict[str, Numbers] = {}
    distinct = {one.key: one for one in criteria}
    simple = [one for one in distinct.values() if one.condition.truth is None]
    for one in distinct.values():
        if one.condition.truth is not None and one.condition.doubt is not None:
            true = _where(connection, one.condition.truth(one.value, moments))
            doubt = one.condition.doubt(one.value, moments)
            name = _name(connection, doubt)
            if name not in doubts:
                doubts[name] = _where(connection, doubt)
            found[one.key] = Answer(true, np.setdiff1d(doubts[name], true, assume_unique=True))
    rest = iter(simple)
    while batch := list(islice(rest, _IN_ONE)):
        found |= _masks(connection, batch, moments)
    return found


def answers_of_one(
    connection: Connection, criteria: Iterable[Criterion], key: int, moments: Moments
) -> dict[str, bool | None]:
    """The answer to each criterion for the space `key`."""
    distinct = list({one.key: one for one in criteria}.values())
    found: dict[str, bool | None] = {}
    for start in range(0, len(distinct), _IN_ONE):
        batch = distinct[start : start + _IN_ONE]
        asked = select(*(one.predicate(moments).label(f"a{i}") for i, one in enumerate(batch)))
        row = connection.execute(asked.select_from(space).where(space.c.id == key)).one()
        for one, said in zip(batch, row, strict=True):
            found[one.key] = None if said is None else bool(said)
    return found


def _where(connection: Connection, condition: Predicate) -> Numbers:
    (keys,) = columns(connection, [space.c.id], space, space.c.state == 0, condition)
    return keys


def _name(connection: Connection, expression: Predicate) -> str:
    made = expression.compile(connection)
    return f"{made}{sorted(made.params.items())}"


def _masks(
    connection: Connection, batch: Sequence[Criterion], moments: Moments
) -> dict[str, Answer]:
    """One pass for all of `batch`: each row's answers as two bits each of one number."""
    mask: ColumnElement[Any] | None = None
    for place, one in enumerate(batch):
        said = _two_bits(one, moments)
        part = said * 4**place if place else said
        mask = part if mask is None else mask + part
    if mask is None:
        return {}
    keys, masks = columns(connection, [space.c.id, mask], space, space.c.state == 0)
    found = {}
    for place, one in enumerate(batch):
        bits = (masks >> (2 * place)) & 3
        found[one.key] = Answer(keys[bits == _TRUE], keys[bits == _UNKNOWN])
    return found


def _two_bits(one: Criterion, moments: Moments) -> ColumnElement[Any]:
    return cast(func.coalesce(cast(one.predicate(moments), Integer), _UNKNOWN), BigInteger)
