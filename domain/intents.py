"""What changes Webex: planned, done, confirmed. The words for each step of that way.

An intent is committed before anything happens and names its step by a key that never comes
twice. It ends in an outcome that was *read*, not believed: a 204 from Webex proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.audit import Word
from domain.ids import CaseKey, PersonKey, PolicyVersionKey, SpaceKey, StepKey
from domain.people import Actor

OF_PEOPLE = frozenset({"erase messages"})
"""Kinds that destroy no space: what a person wrote in one. Their cap counts messages instead."""


class Outcome(StrEnum):
    OPEN = "open"
    """Planned; it may or may not have happened."""
    DONE = "done"
    """Read back and seen to hold."""
    NOT_DONE = "not done"
    """Read back and seen not to hold; nothing happened."""
    REFUSED = "refused"
    """Webex would not; nothing happened."""
    ARCHIVED = "archived"
    """A team's space that Webex keeps although it was told to delete it."""
    LEFT = "left"
    """The delete only took us out of the space."""
    UNKNOWN = "unknown"
    """It could not be read back; a person has to look."""
    CANCELLED = "cancelled"
    """The world had changed when its turn came: evidence stale, paused, held, woken up."""

    @property
    def is_final(self) -> bool:
        return self not in (Outcome.OPEN, Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A change to Webex that someone decided on.

    Args:
        kind: which effect (`spaces/effects/`) does and reads back the change.
        step: names the step for ever; the same step is never done twice.
        payload: what the effect needs, JSON values only.
        is_destructive: counts against the caps, and needs fresh evidence.
        evidence_at: when what it rests on was read from Webex; not kept.
    """

    kind: str
    step: StepKey
    word: Word
    actor: Actor
    payload: Mapping[str, object] = field(default_factory=dict)
    space: SpaceKey | None = None
    person: PersonKey | None = None
    case: CaseKey | None = None
    policy_version: PolicyVersionKey | None = None
    run: str | None = None
    is_destructive: bool = False
    evidence_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A committed plan and what came of it."""

    id: int
    plan: Plan
    outcome: Outcome
    made_at: datetime
    settled_at: datetime | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)
    attempts: int = 0
