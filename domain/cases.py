"""A case: one space's way under the decision, over time. And what protects a space, as values.

A case's moves stand in `domain.lifecycle`; here stands only what is known of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.ids import CaseKey, HoldKey, PersonKey, PolicyVersionKey, SpaceKey
from domain.lifecycle import CaseState


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One space's case.

    Args:
        cycle: counts the space's cases; presses and notices are bound to it.
        due: the date that the owners were promised; it only ever moves later.
        basis_at: the activity that the date was counted from; anything newer wakes it up.
        notices: how many were delivered to at least one living person.
        why: of the last move, as people read it.
    """

    key: CaseKey
    space: SpaceKey
    cycle: int
    state: CaseState
    version: PolicyVersionKey | None
    due: datetime | None
    basis_at: datetime | None
    opened_at: datetime
    state_at: datetime
    notices: int = 0
    first_notice_at: datetime | None = None
    last_notice_at: datetime | None = None
    blocked_at: datetime | None = None
    closed_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an owner chose on a warning. The first of a cycle decides; it can be changed."""

    case: CaseKey
    person: PersonKey
    choice: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Set by hand. `until` None: for ever. `by_compliance`: only compliance may shorten it."""

    space: SpaceKey
    until: datetime | None
    by: PersonKey | None
    at: datetime
    reason: str = ""
    by_compliance: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Nothing in its reach may be destroyed. `ends_at` is set once its release was asked for."""

    key: HoldKey
    name: str
    reason: str
    by: PersonKey | None
    at: datetime
    ends_at: datetime | None = None
