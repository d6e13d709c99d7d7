"""The gateway's one implementation, over webexteamssdk's session (see `transport`).

Every method is one request (lists: one page), in our values and errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

from domain.errors import Refusal
from domain.ids import (
    ActionId,
    MembershipId,
    MessageId,
    PersonId,
    RoomId,
    TeamId,
)
from domain.spaces import SpaceType
from webex import decode
from webex.errors import Invalid, Missing, Unclear
from webex.gateway import Gateway, Lane, Look, RoomChange, Webex
from webex.tokens import FixedToken, RefreshingToken, TokenSource
from webex.transport import Answer, Transport
from webex.values import (
    CardPress,
    Classification,
    Event,
    Group,
    Membership,
    Message,
    Organisation,
    Page,
    Room,
    Team,
    TeamMembership,
    WebexPerson,
)

T = TypeVar("T")


class Kept(Protocol):
    """Tokens that outlived a process."""

    @property
    def refresh(self) -> str: ...


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
            self._me.append(decode.person(self._get("people/me").body))
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
        return decode.person(self._get(f"people/{person}").body)

    def people_by_email(self, email: str) -> tuple[WebexPerson, ...]:
        return self._items("people", {"email": email}, decode.person).items

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
        return decode.room(self._get(f"rooms/{room}").body)

    def rooms(
        self, *, type: SpaceType | None = None, max: int = 1000, address: str | None = None
    ) -> Page[Room]:
        asked: dict[str, Any] = {"max": max}
        if type is not None:
            asked["type"] = "direct" if type is SpaceType.DIRECT else "group"
        return self._items("rooms", asked, decode.room, address)

    def create_room(self, title: str, *, team: TeamId | None = None) -> Room:
        return decode.room(self._change("POST", "rooms", _lean(title=title, teamId=team)).body)

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
        return decode.room(self._change("PUT", f"rooms/{room}", body).body)

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
        return decode.membership(self._change("POST", "memberships", body).body)

    def set_moderator(self, membership: MembershipId, moderator: bool) -> Membership:
        body = {"isModerator": moderator, "isRoomHidden": False}
        return decode.membership(self._change("PUT", f"memberships/{membership}", body).body)

    def remove_membership(self, membership: MembershipId) -> None:
        self._change("DELETE", f"memberships/{membership}")

    # -- teams ------------------------------------------------------------------------------

    def team(self, team: TeamId) -> Team:
        return decode.team(self._get(f"teams/{team}").body)

    def teams(self, *, address: str | None = None) -> Page[Team]:
        return self._items("teams", {"max": 100}, decode.team, address)

    def team_memberships(self, team: TeamId, *, address: str | None = None) -> Page[TeamMembership]:
        asked = {"teamId": team, "max": 100}
        return self._items("team/memberships", asked, decode.team_membership, address)

    def add_team_membership(
        self, team: TeamId, *, person: PersonId | None = None, email: str = "", moderator: bool
    ) -> TeamMembership:
        body = _lean(teamId=team, personId=person, personEmail=email or None, isModerator=moderator)
        return decode.team_membership(self._change("POST", "team/memberships", body).body)

    # -- messages ---------------------------------------------------------------------------

    def message(self, message: MessageId) -> Message:
        return decode.message(self._get(f"messages/{message}").body)

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

    def press(self, action: ActionId) -> CardPress:
        return self._one(self._get(f"attachment/actions/{action}"), decode.press)

    # -- the company ------------------------------------------------------------------------

    def events(
        self, *, start: datetime, end: datetime, resource: str | None = None,
        address: str | None = None,
    ) -> Page[Event]:  # fmt: skip
        asked = _lean(resource=resource, max=1000) | {"from": _iso(start), "to": _iso(end)}
        return self._items("events", asked, decode.event, address)

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


class SdkWebex:
    """The identities of the process: the bot, and the compliance officer's integration.

    Args:
        bot, compliance, witness: where their tokens come from. The witness is a second
            compliance identity that only looks; without it compliance looks itself.
    """

    def __init__(
        self, bot: TokenSource, compliance: TokenSource | None, *, base_url: str,
        ca: str | None = None, per_minute: float = 300, witness: TokenSource | None = None,
        sleep: Callable[[float], None] | None = None,
    ) -> None:  # fmt: skip
        more: dict[str, Any] = {"base_url": base_url, "ca": ca, "per_minute": per_minute}
        if sleep is not None:
            more["sleep"] = sleep
        self._transports = [Transport(bot, **more)]
        self._bot = _lanes(self._transports[0])
        self._compliance: dict[Lane, SdkGateway] | None = None
        if compliance is not None:
            self._transports.append(Transport(compliance, **more))
            self._compliance = _lanes(self._transports[-1])
        self._witness = self._compliance
        if witness is not None:
            self._transports.append(Transport(witness, **more))
            self._witness = _lanes(self._transports[-1])

    @property
    def has_compliance(self) -> bool:
        return self._compliance is not None

    def bot(self, lane: Lane) -> Gateway:
        return self._bot[lane]

    def compliance(self, lane: Lane) -> Gateway:
        return _there(self._compliance)[lane]

    def witness(self, lane: Lane) -> Gateway:
        return _there(self._witness)[lane]

    def guarded(self, look: Look) -> Webex:
        return _Guarded(self, look)

    def close(self) -> None:
        for transport in self._transports:
            transport.close()


class _Guarded:
    """The same identities, with a last look before whatever they change."""

    def __init__(self, whole: SdkWebex, look: Look) -> None:
        self._whole = whole
        self._look = look

    @property
    def has_compliance(self) -> bool:
        return self._whole.has_compliance

    def bot(self, lane: Lane) -> Gateway:
        return self._whole._bot[lane].guarded(self._look)

    def compliance(self, lane: Lane) -> Gateway:
        return _there(self._whole._compliance)[lane].guarded(self._look)

    def witness(self, lane: Lane) -> Gateway:
        return _there(self._whole._witness)[lane].guarded(self._look)

    def guarded(self, look: Look) -> Webex:
        return _Guarded(self._whole, look)


def integration(
    *, base_url: str, client_id: str, client_secret: str, refresh: str, access: str = "",
    ca: str | None = None, on_renewed: Callable[[str, str], None] = lambda access, refresh: None,
    kept: Callable[[], Kept | None] = lambda: None,
) -> RefreshingToken:  # fmt: skip
    """The token of an OAuth integration, refreshed when Webex says 401 (webex-facts 3.5).

    Args:
        on_renewed: keeps the new access and refresh token.
        kept: what was kept last, by whichever process; tried when Webex refuses ours, since
            another process may have got a new refresh token in its place.
    """
    nobody = Transport(FixedToken("none"), base_url=base_url, ca=ca)

    def exchange(token: str) -> tuple[str, str] | None:
        form = {
            "grant_type": "refresh_token", "client_id": client_id,
            "client_secret": client_secret, "refresh_token": token,
        }  # fmt: skip
        made = nobody.exchange("access_token", form)
        if made is None and (other := kept()) is not None and other.refresh != token:
            return exchange(other.refresh)
        return (made["access_token"], made.get("refresh_token", token)) if made else None

    return RefreshingToken(access=access, refresh=refresh, exchange=exchange, on_renewed=on_renewed)


def _lanes(transport: Transport) -> dict[Lane, SdkGateway]:
    me: list[WebexPerson] = []
    return {lane: SdkGateway(transport, lane, me) for lane in Lane}


def _there(lanes: dict[Lane, SdkGateway] | None) -> dict[Lane, SdkGateway]:
    if lanes is None:
        raise Refusal(
            "I run without a compliance identity, so I only reach spaces that I am in.",
            "Ask the operator to connect one; `status` says what is missing.",
        )
    return lanes


def _lean(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
