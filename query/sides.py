"""Three-valued predicates from two plain ones, and texts compared alike on both databases.

A test on a side table is true where a row says so, NULL where the table is not complete for
the space, and false only where it is complete and has no row.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, func, null, or_, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import Text

from query.spec import Predicate
from storage.engine import fold
from storage.schema import space


def settle(truth: Predicate, doubt: Predicate) -> Predicate:
    """True where `truth` holds, else NULL where `doubt` does, else false."""
    return case((truth, true()), (doubt, null()), else_=false())


def among(spaces: Select[Any]) -> Predicate:
    """The space is one of those whose keys `spaces` selects."""
    return space.c.id.in_(spaces)


def in_answer(spaces: Select[Any]) -> Predicate:
    """That a row of `space` is one of `spaces`, which selects keys from it and nothing else: its
    own test once more, which is much cheaper than a list of all its keys."""
    clause = spaces.whereclause
    return true() if clause is None else clause


class folded(GenericFunction[str]):
    """A text without upper and lower case: our own `fold` on SQLite, lower() on PostgreSQL."""

    type = Text()
    inherit_cache = True


@compiles(folded, "postgresql")
def _folded_postgresql(element: folded, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(func.lower(*element.clauses), **kw)


@compiles(folded)
def _folded_sqlite(element: folded, compiler: SQLCompiler, **kw: Any) -> str:
    return f"fold({compiler.process(element.clauses, **kw)})"


def is_text(column: ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """`column` is one of `values`, whatever the case."""
    wanted = {form for value in values for form in (fold(value), value.lower())}
    return folded(column).in_(sorted(form for form in wanted if form is not None))


def is_person(email: ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """The e-mail address is one of `values`; a value without @ is what stands before it."""
    tests = [
        email == value.lower()
        if "@" in value
        else email.startswith(f"{value.lower()}@", autoescape=True)
        for value in values
    ]
    return or_(false(), *tests)
