"""Column types and the one MetaData. Moments are whole milliseconds since 1970, in UTC.

An integer moment compares, indexes and subtracts alike on SQLite and PostgreSQL, takes eight
bytes, and knows no time zone to get wrong.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Dialect, ForeignKey, Integer, MetaData, TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s__%(column_0_N_name)s",
        "uq": "uq_%(table_name)s__%(column_0_N_name)s",
        "ck": "ck_%(table_name)s__%(constraint_name)s",
        "fk": "fk_%(table_name)s__%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BigKey = BigInteger().with_variant(Integer, "sqlite")
"""SQLite gives out keys only for a column declared INTEGER."""


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as milliseconds since 1970. A naive one raises ValueError."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else to_ms(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else from_ms(value)


def to_ms(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return round(moment.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def key() -> Column[int]:
    return Column("id", BigKey, primary_key=True)


def ref(name: str, to: str, *, primary_key: bool = False, nullable: bool = False) -> Column[Any]:
    """A column that points at `to` (a table's ``id``). No cascade: removals are said out loud."""
    return Column(
        name, BigKey, ForeignKey(f"{to}.id"), primary_key=primary_key,
        nullable=nullable and not primary_key, autoincrement=False,
    )  # fmt: skip
