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
    """Nothing in its reach may be destroyed.

    Args:
        matter: the case's name or number.
        until: the end that it was given; None: until somebody releases it.
        ends_at: when it does end: then, or a week after its release was asked for.
        released_at: when that was.
    """

    key: HoldKey
    name: str
    reason: str
    by: PersonKey | None
    at: datetime
    matter: str = ""
    until: datetime | None = None
    ends_at: datetime | None = None
    released_at: datetime | None = None

    def is_on(self, now: datetime) -> bool:
        return self.ends_at is None or self.ends_at > now


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldTargets:
    """What a hold is on: keys of spaces and people, tags, and searches by their words."""

    spaces: tuple[SpaceKey, ...] = ()
    people: tuple[PersonKey, ...] = ()
    tags: tuple[str, ...] = ()
    searches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldChange:
    """One line of a hold's history."""

    at: datetime
    by: PersonKey | None
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sooner:
    """A space that may go before its policy says; in force when two people agreed to it.

    Args:
        after: the day after which it may go.
        version: of the policy whose day it takes the place of; of no other.
        effective_at: agreed to, and cooled off; None while it waits for a second person.
        ended_at: withdrawn, or undone by a keep or a change of its policy.
    """

    key: int
    space: SpaceKey
    after: datetime
    version: PolicyVersionKey
    reason: str
    asked_by: PersonKey
    by_compliance: bool
    asked_at: datetime
    agreed_by: PersonKey | None = None
    agreed_at: datetime | None = None
    effective_at: datetime | None = None
    ended_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepSet:
    """One keep of a space's history; `is_clear`: one was taken off."""

    space: SpaceKey
    until: datetime | None
    is_clear: bool
    is_renewal: bool
    by: PersonKey | None
    by_compliance: bool
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """An officer's word that they looked at the holds in Control Hub, which we can't read."""

    key: int
    by: PersonKey
    at: datetime
    looked_at: datetime
    valid_until: datetime
    matters: str
