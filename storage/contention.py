"""Whether a transaction only got in the way of another, and would do if it were done again."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

_PASSING = frozenset({"40P01", "40001", "55P03"})
"""PostgreSQL: a deadlock, a serialisation failure, a lock that was not to be had."""


def is_contention(wrong: BaseException) -> bool:
    if not isinstance(wrong, DBAPIError):
        return False
    state = getattr(wrong.orig, "sqlstate", None)
    return state in _PASSING or "database is locked" in str(wrong.orig)
