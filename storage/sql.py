"""The few statements that SQLite and PostgreSQL say differently, or that take many rows.

Everything in pieces of at most `PIECE` values, since both databases bound a statement's
parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

PIECE = 500
T = TypeVar("T")


def pieces(values: Iterable[T], size: int = PIECE) -> Iterator[list[T]]:
    rest = iter(values)
    while piece := list(islice(rest, size)):
        yield piece


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
