"""Watches: who wants to be told of what, and what became of each telling.

A *trigger* is one kind of thing that happens, such as "membership created". Something that
happened once has one *identity*, whoever told us of it and however often; of it each watch that
it concerns gets one *delivery*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum, StrEnum

from domain.ids import PersonKey, SpaceKey


class Resource(StrEnum):
    MEMBERSHIP = "membership"
    MESSAGE = "message"
    SPACE = "space"


FIELDS: Mapping[Resource, tuple[str, ...]] = {
    Resource.MEMBERSHIP: (
        "id", "roomId", "personId", "personEmail", "personDisplayName", "personOrgId",
        "isModerator", "isMonitor", "created",
    ),
    Resource.MESSAGE: ("id", "roomId", "personId", "personEmail", "created"),
    Resource.SPACE: (
        "id", "title", "type", "isLocked", "teamId", "lastActivity", "creatorId", "created",
    ),
}  # fmt: skip
"""What each delivery carries, by Webex's own names (mission.md, Connector: triggers)."""

SPEAKER = {
    Resource.MEMBERSHIP: "personId", Resource.MESSAGE: "personId", Resource.SPACE: "creatorId",
}  # fmt: skip
"""Which field names the person whom something is about."""


class Trigger(IntEnum):
    """Each is a bit, so that several are one number."""

    MEMBERSHIP_CREATED = 1
    MEMBERSHIP_UPDATED = 2
    MEMBERSHIP_DELETED = 4
    MESSAGE_CREATED = 8
    MESSAGE_UPDATED = 16
    MESSAGE_DELETED = 32
    SPACE_CREATED = 64
    SPACE_UPDATED = 128
    SPACE_DELETED = 256

    @property
    def resource(self) -> Resource:
        return Resource(self.name.partition("_")[0].lower())

    @property
    def event(self) -> str:
        """created, updated or deleted."""
        return self.name.partition("_")[2].lower()

    @property
    def words(self) -> str:
        return f"{self.resource} {self.event}"


def webex_moment(at: datetime | None) -> str | None:
    """As Webex writes it: UTC, in milliseconds, with a Z."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def mask_of(triggers: Iterable[Trigger]) -> int:
    return sum({int(one) for one in triggers})


def triggers_of(mask: int) -> tuple[Trigger, ...]:
    return tuple(one for one in Trigger if one & mask)


class Reach(StrEnum):
    """Of which spaces a watch tells."""

    SPACE = "space"
    MINE = "mine"
    """Those that its maker is in at that moment."""
    ALL = "all"
    """The whole company; for compliance."""


class Target(StrEnum):
    """Where a watch tells it."""

    PERSON = "person"
    SPACE = "space"
    ADDRESS = "address"


class WatchState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class Who(StrEnum):
    """Whom it has to be about; somebody of whom we don't know it is neither of them."""

    ANYONE = ""
    OUTSIDERS = "outsiders"
    OURS = "ours"
    BOTS = "bots"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One watch.

    Args:
        key: the number that people name it by.
        space: the one it tells of, where it is one.
        query: in the search's language; the space has to match it for certain.
        email: and it has to be about whoever has this address.
        to: the space that it tells it to, or the address.
        why: the sentence with its state.
        dropped: what was not even queued, since too much was waiting.
        failing_since: from when on nothing of it got through.
    """

    key: int
    maker: PersonKey
    made_at: datetime
    triggers: tuple[Trigger, ...]
    reach: Reach
    target: Target
    space: SpaceKey | None = None
    query: str = ""
    who: Who = Who.ANYONE
    email: str = ""
    to_space: SpaceKey | None = None
    address: str = ""
    state: WatchState = WatchState.ACTIVE
    why: str = ""
    dropped: int = 0
    failing_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened, as it is told.

    Args:
        identity: the same for the same thing, whichever way we heard of it.
        subject: what it happened to, such as the membership's people and space.
        shape: the state that it led to; one that leads to the same state is the same.
        data: the fields of `FIELDS`, by Webex's names and as Webex writes them.
    """

    identity: str
    trigger: Trigger
    space: SpaceKey | None
    subject: str
    at: datetime
    data: Mapping[str, object]
    shape: str = ""


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DONE = "delivered"
    DEAD = "given up"
    WITHHELD = "withheld"
    """Its maker may not see it any more, or it came too late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One telling. `name` is what a receiver knows it by; it stays over all attempts.

    Args:
        due_at: when it is tried next.
        status: the last answer in a word, such as “200”; `why` what was the matter, short.
        took_ms: how long the last attempt took.
    """

    key: int
    name: str
    watch: int
    happening: Happening
    state: DeliveryState
    made_at: datetime
    due_at: datetime
    attempts: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    took_ms: int = 0
    status: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One word from Webex that something happened, before anybody looked.

    Args:
        id: names this word; the same word again is none.
        room: the space's id by REST, or its uuid where only that was said.
        message, person: uuids, where it is about one.
        at: when it happened, or when we heard, where nothing says when it happened.
        data: Webex's fields, where they came along and will not be there to be read.
        is_whole: `data` is what Webex's API itself answered us, so nobody has to look.
    """

    id: str
    trigger: Trigger
    room: str
    at: datetime
    message: str = ""
    person: str = ""
    data: Mapping[str, object] | None = None
    is_whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchView:
    """A watch as people see it: with names, and how it is doing."""

    watch: Watch
    maker: str
    where: str
    """Such as “Q3 plans”, or “all my spaces”."""
    to: str = ""
    who: str = ""
    waiting: int = 0
    last_at: datetime | None = None
    last_said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a card says of something that happened.

    Args:
        title: the space's, for the eye.
        person: the name of whom it is about.
        can_stop: its reader may end the watch.
    """

    watch: int
    what: Happening
    title: str
    room: str
    person: str
    zone: str = "UTC"
    can_stop: bool = False
