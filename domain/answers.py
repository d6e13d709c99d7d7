"""What an owner can answer about a space that is due, and how a row of their digest stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.views import Warned


class Choice(StrEnum):
    """What can be chosen in a row of the digest."""

    FOREVER = "forever"
    YEAR = "1y"
    QUARTER = "90d"
    DAY = "day"
    """Until the day that the card asks for once."""
    NOT_MINE = "not mine"
    DELETE = "delete"
    MORE = "more"
    """Its own card, with every answer that there is."""

    @property
    def is_keep(self) -> bool:
        return self in KEEPS

    @property
    def span(self) -> timedelta | None:
        return _SPANS.get(self)


KEEPS = (Choice.FOREVER, Choice.YEAR, Choice.QUARTER, Choice.DAY)
_SPANS = {Choice.YEAR: timedelta(days=365), Choice.QUARTER: timedelta(days=90)}


class Stand(StrEnum):
    """How a row stands."""

    OPEN = "open"
    KEPT = "kept"
    NOT_MINE = "not mine"
    OVER = "over"
    """Nothing happens to it, whatever the reason; or it is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One space in an owner's digest.

    Args:
        until: of a keep; None for ever.
        by: who answered.
        asked: what its reader chose now, where that takes a further step.
        refused: why what they chose now was not done, one sentence.
    """

    warned: Warned
    stand: Stand = Stand.OPEN
    until: datetime | None = None
    by: str = ""
    asked: Choice | None = None
    refused: str = ""
