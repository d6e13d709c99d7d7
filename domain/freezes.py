"""A freeze that compliance has set for the whole company, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.hours import Freeze
from domain.ids import PersonKey


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeSet:
    """Args:
    freeze: its days; `void_from` once two people took it away.
    asked_by: who wants it away and waits for a second person, or was the first of the two.
    """

    key: int
    freeze: Freeze
    reason: str
    by: PersonKey
    at: datetime
    asked_by: PersonKey | None = None
    asked_at: datetime | None = None
    agreed_by: PersonKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeView:
    """One freeze as people look at it.

    Args:
        days: as they are said; `typed` as they are typed.
        by: who set it; empty: the operator, whose settings only the operator changes.
        asked_by, asked_until: who wants it away, and until when somebody else may agree.
        void_from: two people took it away, and from then on it counts no more.
        is_now: today is one of its days.
    """

    days: str
    typed: str
    reason: str = ""
    by: str = ""
    at: datetime | None = None
    asked_by: str = ""
    asked_until: datetime | None = None
    void_from: datetime | None = None
    is_now: bool = False
