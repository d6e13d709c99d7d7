"""The gateway's one implementation, over webexteamssdk's session (see `transport`).

Every method is one request (lists: one page), in our values and errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from domain.ids import (
    ActionId,
    MembershipId,
    MessageId,
    PersonId,
    RoomId,
    TeamId,
    TeamMembershipId,
    WebhookId,
)
from domain.spaces import SpaceType
from webex import decode
from webex.errors import Invalid, Missing, Unclear
from webex.gateway import Lane, Look, RoomChange
from webex.transport import Answer, Transport
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
)  # fmt: skip

T = TypeVar("T")
CARD = "application/vnd.microsoft.card.adaptive"
MOST_IDS = 85
MOST_GROUPS, MOST_GROUP_MEMBERS = 100, 500


class SdkGateway:
    """One identity in one lane."""

    def __init__(
        self, transport: Transport, lane: Lane, me: list[WebexPerson], look: Look | None = None
    ) -> None:
        self._transport = transport
        self._lane = lane
        self._me = me  # shared between the lanes of an identity
        self._look = look

    def guarded(self, look: Look) -> SdkGateway:
        return SdkGateway(self._transport, self._lane, self._me, look)

    # -- who we are -------------------------------------------------------------------------

    def me(self) -> WebexPerson:
        """Asked once: an identity does not change while the process lives."""
        if not self._me:
            self._me.append(self._one(self._get("people/me"), decode.person))
        return self._me[0]

    def organisation(self) -> Organisation:
        items = self._items("organizations", {}, decode.organisation).items
        if not items:
            raise Missing("no organisation")
        return items[0]

    def server_time(self) -> datetime | None:
        return self._transport.date

    # -- people -----------------------------------------------------------------------------

    def person(self, person: PersonId) -> WebexPerson:
        return self._one(self._get(f"people/{person}"), decode.person)

    def people_by_email(self, email: str) -> tuple[WebexPerson, ...]:
        return self._items("people", {"email": email}, decode.person).items

    def people_by_name(self, name: str, *, most: int = 100) -> tuple[WebexPerson, ...]:
        asked = {"displayName": name, "max": most}
        return self._items("people", asked, decode.person).items

    def people_by_ids(
        self, people: Iterable[PersonId]
    ) -> tuple[tuple[WebexPerson, ...], tuple[PersonId, ...]]:
        ids = list(people)
        if len(ids) > MOST_IDS:
            raise ValueError(f"at most {MOST_IDS} ids at once")
        body = self._get("people", {"id": ",".join(ids)}).body
        found = tuple(decode.person(one) for one in body.get("items", []))
        return found, tuple(PersonId(id) for id in body.get("notFoundIds") or ())

    def people(self, *, address: str | None = None) -> Page[WebexPerson]:
        return self._items("people", {"max": 1000}, decode.person, address)

    # -- rooms ------------------------------------------------------------------------------

    def room(self, room: RoomId) -> Room:
        return self._one(self._get(f"rooms/{room}"), decode.room)

    def rooms(
        self, *, type: SpaceType | None = None, max: int = 1000, address: str | None = None
    ) -> Page[Room]:
        asked: dict[str, Any] = {"max": max}
        if type is not None:
            asked["type"] = "direct" if type is SpaceType.DIRECT else "group"
        return self._items("rooms", asked, decode.room, address)

    def create_room(self, title: str, *, team: TeamId | None = None) -> Room:
        return self._one(
            self._change("POST", "rooms", _lean(title=title, teamId=team)), decode.room
        )

    def change_room(self, room: RoomId, change: RoomChange) -> Room:
        """Webex wants a title with every change; one that is not changed is read first."""
        title = change.title
        if title is None:
            now = self.room(room)
            if now.title is None and now.type is SpaceType.GROUP:  # nobody's title is lost by us
                raise Invalid("the title can't be read, and would be overwritten")
            title = now.title or "Empty Title"
        body = _lean(
            title=title, classificationId=change.classification, isLocked=change.is_locked,
            isAnnouncementOnly=change.is_announcement_only, isReadOnly=change.is_read_only,
            description=change.description,
        )  # fmt: skip
        return self._one(self._change("PUT", f"rooms/{room}", body), decode.room)

    def delete_room(self, room: RoomId) -> None:
        self._change("DELETE", f"rooms/{room}")

    # -- memberships ------------------------------------------------------------------------

    def memberships(
        self, *, room: RoomId | None = None, person: PersonId | None = None, max: int = 1000,
        address: str | None = None,
    ) -> Page[Membership]:  # fmt: skip
        asked = _lean(roomId=room, personId=person, max=max)
        return self._items("memberships", asked, decode.membership, address)

    def membership_of(self, room: RoomId, person: PersonId) -> Membership | None:
        asked = {"roomId": room, "personId": person}
        for found in self._items("memberships", asked, decode.membership).items:
            if found.person_id == person:
                return found
        return None

    def add_membership(
        self, room: RoomId, *, person: PersonId | None = None, email: str = "", moderator: bool
    ) -> Membership:
        body = _lean(roomId=room, personId=person, personEmail=email or None, isModerator=moderator)
        return self._one(self._change("POST", "memberships", body), decode.membership)

    def set_moderator(self, membership: MembershipId, moderator: bool) -> Membership:
        body = {"isModerator": moderator, "isRoomHidden": False}
        return self._one(self._change("PUT", f"memberships/{membership}", body), decode.membership)

    def remove_membership(self, membership: MembershipId) -> None:
        self._change("DELETE", f"memberships/{membership}")

    # -- teams ------------------------------------------------------------------------------

    def team(self, team: TeamId) -> Team:
        return self._one(self._get(f"teams/{team}"), decode.team)

    def teams(self, *, address: str | None = None) -> Page[Team]:
        return self._items("teams", {"max": 100}, decode.team, address)

    def team_memberships(self, team: TeamId, *, address: str | None = None) -> Page[TeamMembership]:
        asked = {"teamId": team, "max": 100}
        return self._items("team/memberships", asked, decode.team_membership, address)

    def add_team_membership(
        self, team: TeamId, *, person: PersonId | None = None, email: str = "", moderator: bool
    ) -> TeamMembership:
        body = _lean(teamId=team, personId=person, personEmail=email or None, isModerator=moderator)
        return self._one(self._change("POST", "team/memberships", body), decode.team_membership)

    def set_team_moderator(self, membership: TeamMembershipId, moderator: bool) -> TeamMembership:
        body = {"isModerator": moderator}
        return self._one(
            self._change("PUT", f"team/memberships/{membership}", body), decode.team_membership
        )

    def remove_team_membership(self, membership: TeamMembershipId) -> None:
        self._change("DELETE", f"team/memberships/{membership}")

    # -- messages ---------------------------------------------------------------------------

    def message(self, message: MessageId | str) -> Message:
        return self._one(self._get(f"messages/{message}"), decode.message)

    def messages(
        self, room: RoomId, *, mentioned: str | None = None, before: datetime | None = None,
        before_message: MessageId | None = None, max: int = 50, address: str | None = None,
    ) -> Page[Message]:  # fmt: skip
        asked = _lean(
            roomId=room, mentionedPeople=mentioned, beforeMessage=before_message, max=max,
            before=_iso(before) if before else None,
        )  # fmt: skip
        return self._items("messages", asked, decode.message, address)

    def direct_messages(self, person: PersonId, *, max: int = 50) -> Page[Message]:
        asked = {"personId": person, "max": max}
        return self._items("messages/direct", asked, decode.message)

    def send(
        self, *, room: RoomId | None = None, person: PersonId | None = None, email: str = "",
        parent: MessageId | None = None, text: str = "", markdown: str = "",
        card: Mapping[str, object] | None = None, file: tuple[str, bytes, str] | None = None,
    ) -> Message:  # fmt: skip
        body = _lean(
            roomId=room, toPersonId=person, toPersonEmail=email or None, parentId=parent,
            text=text or None, markdown=markdown or None,
            attachments=[{"contentType": CARD, "content": dict(card)}] if card else None,
        )  # fmt: skip
        if len([k for k in ("roomId", "toPersonId", "toPersonEmail") if k in body]) != 1:
            raise ValueError("a message goes to exactly one of room, person, email")
        if file is not None:
            form = self._transport.change(
                "POST", "messages", lane=self._lane, body=body, files={"files": file},
                look=self._look,
            )  # fmt: skip
            return self._one(form, decode.message)
        return self._one(self._change("POST", "messages", body), decode.message)

    def edit(
        self, message: MessageId, room: RoomId, *, text: str = "", markdown: str = "",
        card: Mapping[str, object] | None = None,
    ) -> Message:  # fmt: skip
        body = _lean(
            roomId=room, text=text or None, markdown=markdown or None,
            attachments=[{"contentType": CARD, "content": dict(card)}] if card else None,
        )  # fmt: skip
        return self._one(self._change("PUT", f"messages/{message}", body), decode.message)

    def delete_message(self, message: MessageId) -> None:
        self._change("DELETE", f"messages/{message}")

    def content(self, address: str, *, most: int) -> File:
        return self._transport.file(address, lane=self._lane, most=most)

    def press(self, action: ActionId) -> CardPress:
        return self._one(self._get(f"attachment/actions/{action}"), decode.press)

    # -- the company ------------------------------------------------------------------------

    def events(
        self, *, start: datetime, end: datetime, resource: str | None = None,
        actor: PersonId | None = None, address: str | None = None,
    ) -> Page[Event]:  # fmt: skip
        asked = _lean(resource=resource, actorId=actor, max=1000) | {
            "from": _iso(start),
            "to": _iso(end),
        }
        return self._items("events", asked, decode.event, address)

    def webhooks(self, *, address: str | None = None) -> Page[Webhook]:
        return self._items("webhooks", {"max": 100}, decode.webhook, address)

    def create_webhook(
        self, *, name: str, target: str, resource: str, event: str, secret: str, is_org: bool
    ) -> Webhook:
        body = _lean(
            name=name, targetUrl=target, resource=resource, event=event, secret=secret,
            ownedBy="org" if is_org else None,
        )  # fmt: skip
        return self._one(self._change("POST", "webhooks", body), decode.webhook)

    def renew_webhook(self, webhook: WebhookId, *, name: str, target: str, secret: str) -> Webhook:
        body = {"name": name, "targetUrl": target, "secret": secret, "status": "active"}
        return self._one(self._change("PUT", f"webhooks/{webhook}", body), decode.webhook)

    def delete_webhook(self, webhook: WebhookId) -> None:
        self._change("DELETE", f"webhooks/{webhook}")

    def classifications(self) -> tuple[Classification, ...]:
        return self._items("classifications", {}, decode.classification).items

    def groups(self, *, start: int = 1) -> tuple[tuple[Group, ...], int]:
        answer = self._get("groups", {"startIndex": start, "count": MOST_GROUPS})
        return self._one(
            answer,
            lambda body: (tuple(map(decode.group, body["groups"])), int(body["totalResults"])),
        )

    def group_members(self, group: str, *, start: int = 1) -> tuple[tuple[PersonId, ...], int]:
        asked = {"startIndex": start, "count": MOST_GROUP_MEMBERS}
        return self._one(
            self._get(f"groups/{group}/members", asked),
            lambda body: (
                tuple(PersonId(one["id"]) for one in body["members"]), int(body["memberSize"])
            ),
        )  # fmt: skip

    # -- requests ---------------------------------------------------------------------------

    def _get(self, address: str, params: Mapping[str, Any] | None = None) -> Answer:
        answer = self._transport.get(address, lane=self._lane, params=params)
        if answer.body is None:
            raise Unclear("Webex's answer is empty")
        return answer

    def _change(self, method: str, address: str, body: Mapping[str, Any] | None = None) -> Answer:
        return self._transport.change(method, address, lane=self._lane, body=body, look=self._look)

    def _items(
        self, path: str, asked: Mapping[str, Any], read: Callable[[decode.Json], T],
        address: str | None = None,
    ) -> Page[T]:  # fmt: skip
        """A page. What can't be read of it is counted, not dropped in silence."""
        answer = self._get(address or path, None if address else asked)
        items = answer.body.get("items")
        if not isinstance(items, list):
            raise Unclear("Webex's list has no items")
        good: list[T] = []
        faulty = 0
        for one in items:
            try:
                good.append(read(one))
                faulty += "errors" in one
            except (KeyError, ValueError, TypeError, AttributeError):
                faulty += 1
        return Page(tuple(good), answer.next, faulty)

    def _one(self, answer: Answer, read: Callable[[decode.Json], T]) -> T:
        try:
            return read(answer.body)
        except (KeyError, ValueError, TypeError, AttributeError):
            pass
        raise Unclear("Webex's answer can't be read")


def _lean(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
