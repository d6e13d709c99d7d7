"""A space as the inventory knows it. None stands for "not known", and never for "no"."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from domain.ids import RoomId, SpaceKey


class SpaceType(IntEnum):
    GROUP = 1
    DIRECT = 2


class Scope(IntEnum):
    """Internal: every member is of our organisation. External: at least one is not."""

    INTERNAL = 0
    EXTERNAL = 1


class SpaceState(StrEnum):
    LIVE = "live"
    GONE = "gone"
    ARCHIVED = "archived"
    LOST = "lost access"


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    key: SpaceKey
    id: RoomId
    title: str | None
    type: SpaceType | None
    scope: Scope | None = None
    classification: str | None = None
    last_activity: datetime | None = None
    """Webex's own word; moves with the bot's posts too, so it never decides alone."""
    last_human: datetime | None = None
    """The latest message of a human being that we know of."""
    last_used: datetime | None = None
    """When a human being last used it, rather too late than too early: `last_human`, or
    `last_activity` where that is later and nothing explains it."""
    created: datetime | None = None
    size: int | None = None
    team: str | None = None
    team_id: str | None = None
    """Its name, and its id as Webex has it."""
    creator: str | None = None
    """Their name, and their id as Webex has it."""
    creator_id: str | None = None
    is_locked: bool | None = None
    is_ours: bool | None = None
    is_general: bool = False
    state: SpaceState = SpaceState.LIVE
    tags: tuple[str, ...] = field(default=())

    @property
    def shown_title(self) -> str:
        return self.title if self.title else "(title not known)"
