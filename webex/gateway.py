"""Webex in our words: what the product asks of it, whoever the asking identity is.

A `Gateway` speaks as one identity (the bot, or a compliance officer's integration) in one
lane. The one implementation is `webex/asking.py`. Every method may raise the errors of
`webex/errors.py`; those that change something raise `Unclear` when the answer was lost.
A method changes one thing by one request: retries of changes belong to whoever holds the
intent, since only they can read back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.ids import (
    ActionId,
    ClassificationId,
    MembershipId,
    MessageId,
    PersonId,
    RoomId,
    TeamId,
    TeamMembershipId,
    WebhookId,
)
from domain.spaces import SpaceType
from webex.values import (
    CardPress,
    Classification,
    Event,
    File,
    Group,
    Membership,
    Message,
    Organisation,
    Page,
    Room,
    Team,
    TeamMembership,
    WebexPerson,
    Webhook,
)


class Lane(StrEnum):
    """Chat and background work draw on separate budgets, so that chat never waits."""

    CHAT = "chat"
    BACKGROUND = "background"


Look = Callable[[], None]
"""A last look, right before a request that changes something; raises to stop it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomChange:
    """What to change of a room; None leaves it alone (title is sent along, Webex wants it)."""

    title: str | None = None
    classification: ClassificationId | None = None
    is_locked: bool | None = None
    is_announcement_only: bool | None = None
    is_read_only: bool | None = None
    description: str | None = None


class Gateway(Protocol):
    """One identity in one lane. Lists give pages; `address` is a `Page.next` given back."""

    def me(self) -> WebexPerson: ...
    def organisation(self) -> Organisation: ...
    def server_time(self) -> datetime | None:
        """Webex's clock by its last `Date` header, for the comparison of clocks."""
        ...

    def person(self, person: PersonId) -> WebexPerson: ...
    def people_by_email(self, email: str) -> tuple[WebexPerson, ...]: ...
    def people_by_name(self, name: str, *, most: int = 100) -> tuple[WebexPerson, ...]:
        """People of the own organisation whose name begins so (1.4)."""
        ...

    def people_by_ids(
        self, people: Iterable[PersonId]
    ) -> tuple[tuple[WebexPerson, ...], tuple[PersonId, ...]]:
        """Up to 85 ids; the found, and those that Webex does not know."""
        ...

    def people(self, *, address: str | None = None) -> Page[WebexPerson]:
        """Everyone of the organisation; needs an admin's scope."""
        ...

    def room(self, room: RoomId) -> Room: ...
    def rooms(
        self, *, type: SpaceType | None = None, max: int = 1000, address: str | None = None
    ) -> Page[Room]: ...
    def create_room(self, title: str, *, team: TeamId | None = None) -> Room: ...
    def change_room(self, room: RoomId, change: RoomChange) -> Room: ...
    def delete_room(self, room: RoomId) -> None:
        """A 204 proves nothing: moderator, gone; else, left; of a team, archived (1.1)."""
        ...

    def memberships(
        self,
        *,
        room: RoomId | None = None,
        person: PersonId | None = None,
        max: int = 1000,
        address: str | None = None,
    ) -> Page[Membership]: ...
    def membership_of(self, room: RoomId, person: PersonId) -> Membership | None: ...
    def add_membership(
        self, room: RoomId, *, person: PersonId | None = None, email: str = "", moderator: bool
    ) -> Membership: ...
    def set_moderator(self, membership: MembershipId, moderator: bool) -> Membership: ...
    def remove_membership(self, membership: MembershipId) -> None: ...

    def team(self, team: TeamId) -> Team: ...
    def teams(self, *, address: str | None = None) -> Page[Team]: ...
    def team_memberships(
        self, team: TeamId, *, address: str | None = None
    ) -> Page[TeamMembership]: ...
    def add_team_membership(
        self, team: TeamId, *, person: PersonId | None = None, email: str = "", moderator: bool
    ) -> TeamMembership: ...
    def set_team_moderator(
        self, membership: TeamMembershipId, moderator: bool
    ) -> TeamMembership: ...
    def remove_team_membership(self, membership: TeamMembershipId) -> None: ...

    def message(self, message: MessageId | str) -> Message:
        """By its id, or by the bare uuid that frames name it by (1.0)."""
        ...

    def messages(
        self,
        room: RoomId,
        *,
        mentioned: str | None = None,
        before: datetime | None = None,
        before_message: MessageId | None = None,
        max: int = 50,
        address: str | None = None,
    ) -> Page[Message]:
        """Newest first. A bot in a group room must give ``mentioned="me"`` (1.5)."""
        ...

    def direct_messages(self, person: PersonId, *, max: int = 50) -> Page[Message]:
        """The latest; further back, ask for the `messages` of their room."""
        ...

    def send(
        self,
        *,
        room: RoomId | None = None,
        person: PersonId | None = None,
        email: str = "",
        parent: MessageId | None = None,
        text: str = "",
        markdown: str = "",
        card: Mapping[str, object] | None = None,
        file: tuple[str, bytes, str] | None = None,
    ) -> Message:
        """To exactly one of room, person, email. `file` is (name, content, media type)."""
        ...

    def edit(
        self,
        message: MessageId,
        room: RoomId,
        *,
        text: str = "",
        markdown: str = "",
        card: Mapping[str, object] | None = None,
    ) -> Message: ...
    def delete_message(self, message: MessageId) -> None: ...
    def content(self, address: str, *, most: int) -> File:
        """A file of a message, by its address there.

        Args:
            most: bytes; a larger one is Invalid, and no more than that is read of it.

        Raises:
            Throttled: it is still being scanned for malware (423, webex-facts 1.5).
            Deleted: it was found to be infected (410).
        """
        ...

    def press(self, action: ActionId) -> CardPress: ...

    def events(
        self,
        *,
        start: datetime,
        end: datetime,
        resource: str | None = None,
        actor: PersonId | None = None,
        address: str | None = None,
    ) -> Page[Event]: ...
    def webhooks(self, *, address: str | None = None) -> Page[Webhook]:
        """Our own, those of the organisation among them."""
        ...

    def create_webhook(
        self, *, name: str, target: str, resource: str, event: str, secret: str, is_org: bool
    ) -> Webhook: ...
    def renew_webhook(self, webhook: WebhookId, *, name: str, target: str, secret: str) -> Webhook:
        """Sets name, target and secret, and turns it on again where Webex turned it off."""
        ...

    def delete_webhook(self, webhook: WebhookId) -> None: ...
    def classifications(self) -> tuple[Classification, ...]: ...
    def groups(self, *, start: int = 1) -> tuple[tuple[Group, ...], int]:
        """A page of groups from `start`, and how many there are in all."""
        ...

    def group_members(self, group: str, *, start: int = 1) -> tuple[tuple[PersonId, ...], int]: ...


class Webex(Protocol):
    """The identities that the process has. `compliance` is None in member mode."""

    @property
    def has_compliance(self) -> bool: ...
    def bot(self, lane: Lane) -> Gateway: ...
    def compliance(self, lane: Lane) -> Gateway:
        """The CO integration. Raises `domain.errors.Refusal` in member mode."""
        ...

    def witness(self, lane: Lane) -> Gateway:
        """The second identity, that reads back what was destroyed; without one of its own the
        compliance identity. Raises `domain.errors.Refusal` in member mode."""
        ...

    def guarded(self, look: Look) -> Webex:
        """The same identities; `look` is called right before each request of theirs that
        changes something, after every wait of ours."""
        ...
