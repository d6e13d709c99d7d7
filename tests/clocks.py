"""A clock that stands until it is moved, for tests on what follows when."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.tenants import NOW


class StandingClock:
    def __init__(self, at: datetime = NOW) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def advance(self, **spans: float) -> datetime:
        self._at += timedelta(**spans)
        return self._at
