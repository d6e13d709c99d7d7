"""What Webex answers, in typed values. None where Webex did not say, or said it undecrypted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from domain.ids import (
    ActionId,
    ClassificationId,
    EventId,
    MembershipId,
    MessageId,
    OrgId,
    PersonId,
    RoomId,
    TeamId,
    TeamMembershipId,
    WebhookId,
)
from domain.spaces import SpaceType

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list.

    `next` is the address of the following page, None at the end. `faulty` counts items that
    could not be read (webex-facts 1.0, partial failure): a sweep with any is not complete.
    An empty page with a `next` is normal (BAS).
    """

    items: tuple[T, ...]
    next: str | None
    faulty: int = 0


class PersonType(StrEnum):
    PERSON = "person"
    BOT = "bot"
    APPUSER = "appuser"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebexPerson:
    id: PersonId
    emails: tuple[str, ...]
    display_name: str
    org_id: OrgId | None = None
    nick_name: str = ""
    first_name: str = ""
    last_name: str = ""
    avatar: str = ""
    phone_numbers: tuple[tuple[str, str], ...] = ()
    created: datetime | None = None
    last_activity: datetime | None = None
    status: str = ""
    type: PersonType = PersonType.PERSON
    time_zone: str = ""
    roles: tuple[str, ...] = ()
    login_enabled: bool | None = None
    """Admin-only in Webex; None where the token may not see it."""

    @property
    def email(self) -> str:
        return self.emails[0].lower() if self.emails else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    id: RoomId
    title: str | None
    """None where Webex could not decrypt it; the cipher text is never a title (BAS)."""
    type: SpaceType
    is_locked: bool
    team_id: TeamId | None
    last_activity: datetime | None
    creator_id: PersonId | None
    created: datetime
    owner_org: OrgId | None
    classification: ClassificationId | None = None
    is_announcement_only: bool = False
    is_read_only: bool = False
    is_public: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    id: MembershipId
    room_id: RoomId
    person_id: PersonId
    email: str
    display_name: str
    org_id: OrgId | None
    is_moderator: bool
    is_monitor: bool = False
    created: datetime | None = None
    room_type: SpaceType | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    id: TeamId
    name: str
    created: datetime | None = None
    creator_id: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMembership:
    id: TeamMembershipId
    team_id: TeamId
    person_id: PersonId
    email: str
    display_name: str
    org_id: OrgId | None
    is_moderator: bool
    created: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    id: MessageId
    room_id: RoomId
    room_type: SpaceType | None
    person_id: PersonId
    email: str
    text: str = ""
    markdown: str = ""
    html: str = ""
    files: tuple[str, ...] = ()
    parent_id: MessageId | None = None
    to_person_id: PersonId | None = None
    to_person_email: str = ""
    mentioned_people: tuple[PersonId, ...] = ()
    mentioned_groups: tuple[str, ...] = ()
    attachments: tuple[Mapping[str, object], ...] = ()
    created: datetime
    updated: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file of a message, whole."""

    name: str
    media: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPress:
    """A submitted card. `inputs` are the person's own words and never to be trusted."""

    id: ActionId
    person_id: PersonId
    room_id: RoomId
    message_id: MessageId
    inputs: Mapping[str, object]
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    id: EventId
    resource: str
    type: str
    actor_id: PersonId | None
    created: datetime
    data: Mapping[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """One of our own at Webex. `is_org`: of the whole organisation, where Webex has that."""

    id: WebhookId
    name: str
    target: str
    resource: str
    event: str
    is_active: bool
    is_org: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    id: ClassificationId
    title: str
    rank: int
    is_enabled: bool = True
    """Whether people may choose it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    id: str
    """SCIM_GROUP ids carry an organisation too; used as they are."""
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    id: OrgId
    name: str
