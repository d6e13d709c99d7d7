"""An answer counted by what its spaces are: so many internal, so many tagged “finance”.

Every part can be asked for: a band is a query, and a value is what stands after its condition's
colon, so that a number and the search behind it agree. Only what the reader may see is counted
(I13). One statement counts all bands, and one more each condition whose values only the data
can name; what is not known is counted apart, since no query finds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, cast, func, literal, select
from sqlalchemy.sql import ColumnElement

from domain.ids import PersonKey
from query.deadline import deadline
from query.language import Query, parse
from query.search import SECONDS, visible
from query.spec import Condition, Moments, Predicate
from query.values import quote
from storage.schema import space
from storage.store import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`number` spaces of the answer; `query` finds them within it, and is empty where no query
    can say it (a name with quotes in it)."""

    label: str
    query: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """An answer by one condition. `more` are values that are not among `parts`; `unknown` are
    spaces of which it is not known."""

    name: str
    label: str
    parts: tuple[Part, ...]
    more: int
    unknown: int
    is_one: bool


def count_by(
    tx: UnitOfWork, query: Query, conditions: Sequence[Condition], *,
    visible_to: PersonKey | None, moments: Moments, most: int = 10, skip: int = 0,
    seconds: float = SECONDS,
) -> tuple[int, tuple[Facet, ...]]:  # fmt: skip
    """How many live spaces `query` certainly matches, and how they divide.

    Args:
        visible_to: only spaces that this person is in; None for compliance, who see all.
        most, skip: how many values of a condition, the most frequent first, after how many.

    Raises:
        Refusal: it took longer than `seconds`.
    """
    where = visible(query.where(moments), visible_to)
    with deadline(tx, seconds):
        total, bands, unknown = _bands(tx, where, conditions, moments)
        facets = []
        for one in conditions:
            values, more = _values(tx, where, one, moments, most, skip)
            named = bands[one.name] if skip == 0 else ()
            facets.append(
                Facet(
                    name=one.name, label=one.label, parts=(*values, *named), more=more,
                    unknown=unknown[one.name], is_one=_of(one).is_one,
                )
            )  # fmt: skip
    return total, tuple(facets)


def _bands(
    tx: UnitOfWork, where: Sequence[Predicate], conditions: Sequence[Condition], moments: Moments
) -> tuple[int, dict[str, tuple[Part, ...]], dict[str, int]]:
    asked: list[ColumnElement[Any]] = [func.count().label("total")]
    for one in conditions:
        asked += [_often(parse(text).predicate(moments)) for _, text in _of(one).bands]
        asked.append(_often(_unknown(one, moments)))
    row = iter(tx.connection.execute(select(*asked).select_from(space).where(*where)).one())
    total = int(next(row))
    bands: dict[str, tuple[Part, ...]] = {}
    unknown: dict[str, int] = {}
    for one in conditions:
        parts = tuple(
            Part(label=label, query=text, number=int(next(row) or 0))
            for label, text in _of(one).bands
        )
        bands[one.name] = parts
        unknown[one.name] = int(next(row) or 0)
    return total, bands, unknown


def _values(
    tx: UnitOfWork, where: Sequence[Predicate], one: Condition, moments: Moments,
    most: int, skip: int,
) -> tuple[tuple[Part, ...], int]:  # fmt: skip
    made = _of(one).values
    if made is None:
        return (), 0
    each = _numbered(made(select(space.c.id).where(*where), moments))
    ordered = select(each, func.count().over().label("kinds")).order_by(
        each.c.number.desc(), each.c.value
    )
    rows = tx.connection.execute(ordered.offset(skip).limit(most)).all()
    parts = tuple(
        Part(label=row.label, query=_asked(one, row.value), number=row.number) for row in rows
    )
    return parts, max(0, rows[0].kinds - skip - len(rows)) if rows else 0


def _asked(one: Condition, value: str) -> str:
    written = quote(value)
    return f"{one.name}:{written}" if one.parse(written) == (value,) else ""


def _numbered(found: Select[Any]) -> Any:
    value, label, number = found.selected_columns
    return found.with_only_columns(
        value.label("value"), label.label("label"), number.label("number")
    ).subquery("each")


def _of(one: Condition) -> Any:
    if one.buckets is None:
        raise ValueError(f"nothing is counted by {one.name}")
    return one.buckets


def _unknown(one: Condition, moments: Moments) -> Predicate:
    made = _of(one)
    if made.unknown is not None:
        asked: Predicate = made.unknown(moments)
        return asked
    if made.bands:
        return parse(made.bands[0][1]).predicate(moments).is_(None)
    return literal(False)


def _often(holds: Predicate) -> ColumnElement[Any]:
    return func.sum(func.coalesce(cast(holds, Integer), 0))
