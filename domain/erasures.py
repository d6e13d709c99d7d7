"""Erasing a person on request, as values: the request with its deadline, what each space holds
of them, and what came of it.

A request has a number, and a person a pseudonym: these two stand in the record and on the
certificate, never a name or an address.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.ids import ErasureKey, PersonKey, SpaceKey, StepKey
from domain.spaces import Space


class ErasureState(StrEnum):
    LOOKING = "looking"
    """Registered; it is counted what there is of the person. Nothing can be agreed to yet."""
    SHOWN = "shown"
    """What there is was counted; a second officer has to agree."""
    AGREED = "agreed"
    """Two people agreed; it cools off and can be called off."""
    ERASING = "erasing"
    PARTLY = "partly done"
    """What could be erased is; the rest waits for a hold's end, or for a person."""
    DONE = "done"
    CANCELLED = "cancelled"


ENDED = frozenset({ErasureState.DONE, ErasureState.CANCELLED})
CAN_ERASE = frozenset({ErasureState.AGREED, ErasureState.ERASING, ErasureState.PARTLY})


class PartState(StrEnum):
    """How it stands with one space."""

    TO_DO = "to do"
    DONE = "erased"
    WAITS = "waits"
    """Something that ends forbids it now: a hold, a keep of compliance's, something not known."""
    LEFT = "left"
    """Something forbids it for good: a locked policy, another organisation's space."""
    ATTENTION = "needs a person"
    """Their messages are gone; their membership needs somebody to decide."""


class Obstacle(StrEnum):
    """Why something of a person stays where it is."""

    NONE = ""
    HOLD = "hold"
    KEPT = "kept by compliance"
    FLOOR = "locked policy"
    POLICY = "policy that keeps"
    ALONE = "left alone"
    UNKNOWN = "not known"
    FOREIGN = "another organisation's"
    OURS = "never touched"
    UNSEEN = "not reached"
    GONE = "gone"
    NEW = "not agreed to"
    """It came up after two people had agreed; they have to agree to it, too."""

    @property
    def is_final(self) -> bool:
        """It does not end by itself soon, so that the request is answered without it."""
        return self in (
            Obstacle.FLOOR, Obstacle.POLICY, Obstacle.FOREIGN, Obstacle.OURS, Obstacle.GONE,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands in the way in one space, with the sentence for compliance."""

    obstacle: Obstacle = Obstacle.NONE
    why: str = ""

    @property
    def state(self) -> PartState:
        if self.obstacle is Obstacle.NONE:
            return PartState.TO_DO
        return PartState.LEFT if self.obstacle.is_final else PartState.WAITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One space of a request.

    Args:
        counted: messages of theirs that were seen there when it was looked at; None: not yet.
        files: files on them.
        is_member: they were in it then; `is_direct` a conversation of two.
        deleted, already, refused: messages, by what Webex said of each.
        membership: what came of their being in it.
        why: of the state, as compliance reads it.
    """

    space: SpaceKey
    state: PartState
    obstacle: Obstacle = Obstacle.NONE
    is_direct: bool = False
    is_member: bool = False
    counted: int | None = None
    files: int = 0
    deleted: int = 0
    already: int = 0
    refused: int = 0
    membership: str = ""
    why: str = ""
    step: StepKey | None = None
    tried_at: datetime | None = None
    seen_at: datetime | None = None
    """When the second identity saw that none is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """A request.

    Args:
        person: None once it is over: the person is nobody's any more.
        pseudonym: stands for them; a hash that only who knows the salt can make again.
        received: when the company got the wish; `due` the day by which it is to be answered.
        extended: the reason for two further months, empty while there is none.
        both_sides: in their direct conversations what the others wrote is deleted, too.
        list_hash: what the second officer agreed to.
        begins_at: when the time to call it off is over.
    """

    key: ErasureKey
    number: str
    state: ErasureState
    person: PersonKey | None
    pseudonym: str
    salt: str
    by: PersonKey
    received: datetime
    due: datetime
    made_at: datetime
    reason: str = ""
    extended: str = ""
    extended_at: datetime | None = None
    both_sides: bool = False
    looked_at: datetime | None = None
    unknown: str = ""
    """What of the looking could not be read; then nothing can be agreed to."""
    unseen: int = 0
    """Spaces of theirs that nobody of ours can see: gone, or another organisation's."""
    second: PersonKey | None = None
    agreed_at: datetime | None = None
    list_hash: str = ""
    begins_at: datetime | None = None
    expires_at: datetime | None = None
    served_at: datetime | None = None
    """When a run last could have done something for it."""
    ended_at: datetime | None = None
    certificate: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What an officer was shown of a request; the code they type stands for it."""

    id: int
    by: PersonKey
    list_hash: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureView:
    """A request as compliance reads it.

    Args:
        name: whom it is about; the pseudonym once it is over.
        totals: of its parts, by state.
        sample: the first spaces, those in the way first.
        code: what the reader types to agree; empty where they may not, and `why_not` says why.
    """

    erasure: Erasure
    name: str
    email: str = ""
    by: str = ""
    second: str = ""
    totals: Mapping[PartState, int] = field(default_factory=dict)
    messages: int = 0
    files: int = 0
    conversations: int = 0
    memberships: int = 0
    to_erase: int = 0
    """Messages in the spaces in which nothing stands in the way."""
    gone: int = 0
    sample: Sequence[tuple[Space, Part]] = ()
    not_looked_at: int = 0
    code: str = ""
    why_not: str = ""
    again: str = ""
    cooling_hours: int = 24
    days_left: int = 0
    a_day: int = 0
    """Things that may be erased in a day; 0: none, so nothing happens."""


def deadline(received: datetime, *, months: int) -> datetime:
    """So many calendar months later, at the same time; the month's last day where it has no such
    day (GDPR Art. 12(3) with Regulation 1182/71 Art. 3)."""
    place = received.month - 1 + months
    year, month = received.year + place // 12, place % 12 + 1
    day = min(received.day, calendar.monthrange(year, month)[1])
    return received.replace(year=year, month=month, day=day)
