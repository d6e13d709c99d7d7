"""The few statements that SQLite and PostgreSQL say differently, or that take many rows.

Everything in pieces of at most `PIECE` values, since both databases bound a statement's
parameters.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Table,
    Text,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

PIECE = 500
T = TypeVar("T")


def pieces(values: Iterable[T], size: int = PIECE) -> Iterator[list[T]]:
    rest = iter(values)
    while piece := list(islice(rest, size)):
        yield piece


def within(
    connection: Connection, column: ColumnElement[Any], values: Iterable[Any]
) -> ColumnElement[bool]:
    """`column` is one of `values`, keys or texts, of any number: they go as one parameter, so
    that the statement stays the same and is compiled once."""
    is_text = isinstance(column.type, Text)
    given = [str(one) for one in values] if is_text else [int(one) for one in values]
    return one_of(connection.dialect.name, column, None, listed(connection, given))


def one_of(
    dialect: str, column: ColumnElement[Any], name: str | None, value: Any = None
) -> ColumnElement[bool]:
    """As `within`, for a statement that is kept: `name` is the parameter's, to be given as
    `listed` says."""
    kind = Text() if isinstance(column.type, Text) else BigInteger()
    if dialect == "postgresql":
        return column == any_(bindparam(name, value, type_=postgresql.ARRAY(kind)))
    each = func.json_each(bindparam(name, value, type_=Text())).table_valued("value")
    return column.in_(select(each.c.value))


def listed(connection: Connection, values: list[Any]) -> Any:
    return values if connection.dialect.name == "postgresql" else json.dumps(values)


def insert(connection: Connection, table: Table) -> Any:
    """An insert that knows `on_conflict_…`, whichever the database."""
    kind: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    return kind.insert(table)


def upsert(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *,
    on: Sequence[str], change: Sequence[str],
) -> None:  # fmt: skip
    """Puts `rows` in; where `on` is taken, sets the columns of `change` instead."""
    if not rows:
        return
    put = insert(connection, table)
    if change:
        put = put.on_conflict_do_update(
            index_elements=list(on), set_={name: put.excluded[name] for name in change}
        )
    else:
        put = put.on_conflict_do_nothing(index_elements=list(on))
    connection.execute(put, list(rows))


def for_like(text: str) -> str:
    """`text` with LIKE's own characters made harmless; use with ``escape="\\"``."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
