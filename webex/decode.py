"""From Webex's JSON to our values. What is missing is None; what is cipher text is not known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

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
    WebexId,
    WebhookId,
)
from domain.spaces import SpaceType
from webex.values import (
    CardPress,
    Classification,
    Event,
    Group,
    Membership,
    Message,
    Organisation,
    PersonType,
    Room,
    Team,
    TeamMembership,
    WebexPerson,
    Webhook,
)

Json = Mapping[str, Any]
CIPHER = "eyJhbGciOi"
"""How a title begins that Webex could not decrypt (webex-facts 1.0, partial failure)."""
I = TypeVar("I", bound=WebexId)  # noqa: E741


def moment(value: object) -> datetime | None:
    if not isinstance(value, str) or not value:
        return None
    found = datetime.fromisoformat(value.replace("Z", "+00:00"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _id(kind: type[I], value: object) -> I | None:
    return kind(value) if isinstance(value, str) and value else None


def _flag(value: object) -> bool | None:
    """People's flags are documented as the words "true" and "false" (OAS-M); None: not said."""
    return {"true": True, "false": False}.get(str(value).lower())


def person(body: Json) -> WebexPerson:
    kind = str(body.get("type", "person"))
    return WebexPerson(
        id=PersonId(body["id"]), emails=tuple(body.get("emails") or ()),
        display_name=str(body.get("displayName") or ""), org_id=_id(OrgId, body.get("orgId")),
        nick_name=str(body.get("nickName") or ""), first_name=str(body.get("firstName") or ""),
        last_name=str(body.get("lastName") or ""), avatar=str(body.get("avatar") or ""),
        phone_numbers=tuple(
            (str(p.get("type", "")), str(p.get("value", "")))
            for p in body.get("phoneNumbers") or ()
        ),
        created=moment(body.get("created")), last_activity=moment(body.get("lastActivity")),
        status=str(body.get("status") or ""),
        type=PersonType(kind) if kind in list(PersonType) else PersonType.PERSON,
        time_zone=str(body.get("timezone") or ""), roles=tuple(body.get("roles") or ()),
        login_enabled=_flag(body.get("loginEnabled")),
    )  # fmt: skip


def room(body: Json) -> Room:
    """Raises KeyError or ValueError for what is no room."""
    title = body.get("title")
    readable = isinstance(title, str) and not title.startswith(CIPHER) and "errors" not in body
    created = moment(body["created"])
    if created is None:
        raise ValueError("a room without a moment of creation")
    return Room(
        id=RoomId(body["id"]), title=title if readable else None,
        type=SpaceType.DIRECT if body["type"] == "direct" else SpaceType.GROUP,
        is_locked=bool(body.get("isLocked")), team_id=_id(TeamId, body.get("teamId")),
        last_activity=moment(body.get("lastActivity")),
        creator_id=_id(PersonId, body.get("creatorId")), created=created,
        owner_org=_id(OrgId, body.get("ownerId")),
        classification=_id(ClassificationId, body.get("classificationId")),
        is_announcement_only=bool(body.get("isAnnouncementOnly")),
        is_read_only=bool(body.get("isReadOnly")), is_public=bool(body.get("isPublic")),
        description=str(body.get("description") or ""),
    )  # fmt: skip


def membership(body: Json) -> Membership:
    kind = body.get("roomType")
    return Membership(
        id=MembershipId(body["id"]), room_id=RoomId(body["roomId"]),
        person_id=PersonId(body["personId"]), email=str(body.get("personEmail") or "").lower(),
        display_name=str(body.get("personDisplayName") or ""),
        org_id=_id(OrgId, body.get("personOrgId")), is_moderator=bool(body.get("isModerator")),
        is_monitor=bool(body.get("isMonitor")), created=moment(body.get("created")),
        room_type=None if kind is None
        else SpaceType.DIRECT if kind == "direct" else SpaceType.GROUP,
    )  # fmt: skip


def team(body: Json) -> Team:
    return Team(
        id=TeamId(body["id"]), name=str(body.get("name") or ""),
        created=moment(body.get("created")), creator_id=_id(PersonId, body.get("creatorId")),
    )  # fmt: skip


def team_membership(body: Json) -> TeamMembership:
    return TeamMembership(
        id=TeamMembershipId(body["id"]), team_id=TeamId(body["teamId"]),
        person_id=PersonId(body["personId"]), email=str(body.get("personEmail") or "").lower(),
        display_name=str(body.get("personDisplayName") or ""),
        org_id=_id(OrgId, body.get("personOrgId")), is_moderator=bool(body.get("isModerator")),
        created=moment(body.get("created")),
    )  # fmt: skip


def message(body: Json) -> Message:
    kind, created = body.get("roomType"), moment(body["created"])
    if created is None:
        raise ValueError("a message without a moment")
    return Message(
        id=MessageId(body["id"]), room_id=RoomId(body["roomId"]),
        room_type=None if kind is None
        else SpaceType.DIRECT if kind == "direct" else SpaceType.GROUP,
        person_id=PersonId(body["personId"]), email=str(body.get("personEmail") or "").lower(),
        text=str(body.get("text") or ""), markdown=str(body.get("markdown") or ""),
        html=str(body.get("html") or ""), files=tuple(body.get("files") or ()),
        parent_id=_id(MessageId, body.get("parentId")),
        to_person_id=_id(PersonId, body.get("toPersonId")),
        to_person_email=str(body.get("toPersonEmail") or ""),
        mentioned_people=tuple(PersonId(p) for p in body.get("mentionedPeople") or ()),
        mentioned_groups=tuple(body.get("mentionedGroups") or ()),
        attachments=tuple(body.get("attachments") or ()), created=created,
        updated=moment(body.get("updated")),
    )  # fmt: skip


def press(body: Json) -> CardPress:
    created = moment(body["created"])
    if created is None:
        raise ValueError("a press without a moment")
    return CardPress(
        id=ActionId(body["id"]), person_id=PersonId(body["personId"]),
        room_id=RoomId(body["roomId"]), message_id=MessageId(body["messageId"]),
        inputs=dict(body.get("inputs") or {}), created=created,
    )  # fmt: skip


def event(body: Json) -> Event:
    created = moment(body["created"])
    if created is None:
        raise ValueError("an event without a moment")
    return Event(
        id=EventId(body["id"]), resource=str(body["resource"]), type=str(body["type"]),
        actor_id=_id(PersonId, body.get("actorId")), created=created,
        data=dict(body.get("data") or {}),
    )  # fmt: skip


def webhook(body: Json) -> Webhook:
    return Webhook(
        id=WebhookId(body["id"]), name=str(body.get("name") or ""),
        target=str(body.get("targetUrl") or ""), resource=str(body.get("resource") or ""),
        event=str(body.get("event") or ""), is_active=body.get("status") != "inactive",
        is_org=body.get("ownedBy") == "org",
    )  # fmt: skip


def classification(body: Json) -> Classification:
    return Classification(
        id=ClassificationId(body["id"]), title=str(body.get("title") or ""),
        rank=int(body.get("rank") or 0), is_enabled=body.get("enabled") is not False,
    )  # fmt: skip


def group(body: Json) -> Group:
    return Group(id=str(body["id"]), name=str(body.get("displayName") or ""))


def organisation(body: Json) -> Organisation:
    return Organisation(id=OrgId(body["id"]), name=str(body.get("displayName") or ""))
