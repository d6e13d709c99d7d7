"""What a sweep of Webex saw, on its way into the inventory. None stands for "not said"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.ids import ClassificationId, OrgId, PersonId, RoomId, TeamId
from domain.spaces import SpaceType


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSeen:
    id: PersonId
    email: str
    name: str = ""
    org: OrgId | None = None
    is_bot: bool | None = None
    is_active: bool | None = None
    time_zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceSeen:
    """`at` is the moment of the reading; None is now. An older reading than the one that is
    known changes nothing, so that a slow reader can't undo what a quick one saw."""

    id: RoomId
    title: str | None
    type: SpaceType | None
    last_activity: datetime | None = None
    created: datetime | None = None
    creator: PersonId | None = None
    owner_org: OrgId | None = None
    team: TeamId | None = None
    """None when Webex names no team: then it is known to have none."""
    classification: ClassificationId | None = None
    is_locked: bool | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSeen:
    person: PersonSeen
    is_moderator: bool
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One reading of a space, with its members, or None where they were not asked for.

    `complete` says that nobody is missing; an empty list never is. `last_human` is the latest
    human message, and `human_known_until` the moment up to which none is missing.
    """

    space: SpaceSeen
    members: tuple[MemberSeen, ...] | None = None
    complete: bool = False
    last_human: datetime | None = None
    human_known_until: datetime | None = None
    former: RoomId | None = None
    """The id that it had before it was migrated, when it has another one now."""
