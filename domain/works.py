"""Long work that a person set going: what it is, its items, and what came of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.ids import PersonKey


class How(StrEnum):
    """What came of one item."""

    DONE = "done"
    ALREADY = "already so"
    REFUSED = "refused"
    UNCLEAR = "not known"


class Ended(StrEnum):
    GOING = ""
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One of many; `number` counts from 0 and names it for ever within its work."""

    number: int
    payload: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came of an item.

    Args:
        name: whom or what it was about, as people read it.
        said: a sentence about it; for DONE it may be empty.
        detail: what its result's table shows besides, by column.
    """

    how: How
    name: str
    said: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """As it stands. `step` names it for ever; steps of its items derive from it."""

    id: int
    step: str
    kind: str
    title: str
    caller: PersonKey
    payload: Mapping[str, str]
    total: int
    made_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    stopped_by: str = ""
    ended: Ended = Ended.GOING
