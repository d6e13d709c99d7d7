"""Many rows at once, at the database's own pace: plain values, one statement (numbers.md).

SQLite takes them by executemany, PostgreSQL by COPY into a staging table and one insert from
there. Rows that are there already and do not differ are left alone, so that reading the same
thing again writes nothing. Values are as the database keeps them: moments in milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table

FEW = 50
"""Up to so many rows a staging table costs PostgreSQL more than it saves."""

KEEPING, TAKING = "coalesce({new}, {old})", "{new}"
LATER = "CASE WHEN {old} IS NULL OR {new} > {old} THEN {new} ELSE {old} END"
"""What becomes of a column: a None keeps what is there; it is taken as it comes; the greater."""

Row = tuple[Any, ...]


def put(
    connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Row], *,
    on: Sequence[str], change: Sequence[str] | Mapping[str, str],
) -> None:  # fmt: skip
    """Puts `rows` in; where `on` is taken, the columns of `change` are set where they differ.

    A None in a changed column keeps what is there, unless `change` says by an SQL expression
    over `{new}` and `{old}` what becomes of it. No two rows may have the same `on`.
    """
    if not rows:
        return
    names = ", ".join(columns)
    into = f"INSERT INTO {table.name} ({names})"
    then = _on_conflict(table.name, on, change)
    if connection.dialect.name != "postgresql":
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"{into} VALUES ({marks}) {then}", list(rows))
        return
    if len(rows) <= FEW:
        marks = ", ".join(["%s"] * len(columns))
        connection.exec_driver_sql(f"{into} VALUES ({marks}) {then}", list(rows))
        return
    stage = f"stage_{table.name}"
    like = f"SELECT {names} FROM {table.name}"  # noqa: S608
    connection.exec_driver_sql(
        f"CREATE TEMP TABLE IF NOT EXISTS {stage} ON COMMIT DELETE ROWS AS {like} WITH NO DATA"
    )
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {stage} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    connection.exec_driver_sql(f"{into} SELECT {names} FROM {stage} {then}")  # noqa: S608
    connection.exec_driver_sql(f"TRUNCATE {stage}")


def _on_conflict(table: str, on: Sequence[str], change: Sequence[str] | Mapping[str, str]) -> str:
    taken = f"ON CONFLICT ({', '.join(on)}) DO"
    if not change:
        return f"{taken} NOTHING"
    how = change if isinstance(change, Mapping) else dict.fromkeys(change, KEEPING)
    new = {
        name: value.format(new=f"excluded.{name}", old=f"{table}.{name}")
        for name, value in how.items()
    }
    sets = ", ".join(f"{name} = {value}" for name, value in new.items())
    differs = " OR ".join(f"{table}.{name} IS DISTINCT FROM {value}" for name, value in new.items())
    return f"{taken} UPDATE SET {sets} WHERE {differs}"
