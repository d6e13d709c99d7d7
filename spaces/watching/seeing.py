"""Seeing: what a sighting was about, read by id, with the fields that are told of it.

Nothing that was pushed to us is told as it came: what is there is read from Webex. What
/events answered is Webex's own word to our question, and stands. What is gone can't be read;
of that the fields are told that came along, or that we knew, and the others are empty.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from domain.errors import Fault
from domain.ids import PersonId, RoomId, WrongId
from domain.spaces import SpaceType
from domain.watches import FIELDS, SPEAKER, Happening, Resource, Sighting, Trigger, webex_moment
from spaces.spec import House
from spaces.watching.hearing import BIRTH
from webex.decode import moment
from webex.errors import Deleted, Denied, Missing
from webex.gateway import Gateway, Lane
from webex.values import Membership, Message, Room

T = TypeVar("T")
Data = Mapping[str, object]
BORN = timedelta(minutes=1)
"""Between a space's making and its maker's coming into it."""


class NotYet(Fault):
    """It can't be seen, or looks as before: what was just written may show a little later
    (webex-facts 2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What happened, and where. `room` is the space's id of today; `speaker` whom it is about."""

    what: Happening
    room: RoomId
    speaker: PersonId | None
    is_numbered: bool = False
    """The same can happen again and again; only the state that it led to tells two apart."""


def see(house: House, heard: Sighting) -> Seen | None:
    """Looks what it was. None: nothing that is told.

    Raises:
        NotYet: to be looked at again in a moment.
        WebexFault: Webex could not be asked.
    """
    room = RoomId(heard.room)
    match heard.trigger.resource:
        case Resource.MEMBERSHIP:
            return _membership(house, heard, room)
        case Resource.MESSAGE:
            return _message(house, heard, room)
        case _:
            return _space(house, heard, room)


def identity_of(heard: Sighting) -> str:
    """The identity, where it can be told without a look; else empty."""
    room, data, kind = RoomId(heard.room), heard.data or {}, heard.trigger
    match kind:
        case Trigger.MESSAGE_CREATED | Trigger.MESSAGE_DELETED:
            return f"message/{heard.message}/{kind.event}"
        case Trigger.MESSAGE_UPDATED:
            stamp, subject = _exact(data.get("updated")), f"message/{heard.message}"
        case Trigger.MEMBERSHIP_CREATED | Trigger.MEMBERSHIP_DELETED:
            stamp = _exact(data.get("created"))
            subject = f"membership/{heard.person}:{room.uuid}"
        case Trigger.SPACE_CREATED | Trigger.SPACE_DELETED:
            return f"space/{room.uuid}/{kind.event}"
        case _:
            return ""
    return f"{subject}/{kind.event}/{stamp}" if stamp else ""


def _membership(house: House, heard: Sighting, room: RoomId) -> Seen | None:
    subject = f"membership/{heard.person}:{room.uuid}"
    if heard.trigger is Trigger.MEMBERSHIP_DELETED:
        data = heard.data or {"roomId": str(room)}
        if not heard.is_whole and _is_still_in(house, heard, room):
            raise NotYet("they are still in it")
        return _seen(heard, room, subject, data, stamp=data.get("created") or _minute(heard.at))
    if heard.trigger is Trigger.MEMBERSHIP_CREATED and heard.is_whole and heard.data:
        return _seen(heard, room, subject, heard.data, stamp=heard.data.get("created"))
    found = _read(house, lambda eyes: _seat(eyes, house, room, heard.person))
    data = of_membership(found)
    if heard.trigger is Trigger.MEMBERSHIP_UPDATED:
        shape = f"{data['created']}/{data['isModerator']}"
        return replace(_seen(heard, room, subject, data, shape=shape), is_numbered=True)
    return _seen(heard, room, subject, data, stamp=data["created"], at=found.created)


def _message(house: House, heard: Sighting, room: RoomId) -> Seen | None:
    subject = f"message/{heard.message}"
    if heard.trigger is Trigger.MESSAGE_DELETED:
        if not heard.is_whole and _is_still_read(house, heard):
            raise NotYet("it is still there")
        data = heard.data or _told_before(house, subject) or _deleted(house, heard) or {}
        data = {"roomId": str(room), **data}
        return _seen(heard, room, subject, data)
    is_edit = heard.trigger is Trigger.MESSAGE_UPDATED
    if heard.is_whole and heard.data:
        stamp = heard.data.get("updated") if is_edit else None
        return _seen(heard, room, subject, heard.data, stamp=stamp)
    found = _read(house, lambda eyes: eyes.message(heard.message))
    if found.person_id.uuid == house.webex.bot(Lane.BACKGROUND).me().id.uuid:
        return None
    return _seen(
        heard, found.room_id, subject, of_message(found),
        stamp=webex_moment(found.updated) if is_edit else None,
        at=found.updated if is_edit else found.created,
    )  # fmt: skip


def _space(house: House, heard: Sighting, room: RoomId) -> Seen | None:
    subject = f"space/{room.uuid}"
    if heard.trigger is Trigger.SPACE_DELETED:
        return None if heard.data is None else _seen(heard, room, subject, heard.data)
    found = _read(house, lambda eyes: eyes.room(room))
    data = of_room(found)
    if heard.trigger is Trigger.SPACE_UPDATED:
        return replace(_seen(heard, found.id, subject, data, shape=_shape(found)), is_numbered=True)
    if heard.id.endswith(f"/{BIRTH}") and not _is_birth(heard, found):
        return None
    return _seen(heard, found.id, subject, data, at=found.created)


def _seen(
    heard: Sighting, room: RoomId, subject: str, data: Data, *, stamp: object = None,
    shape: str = "", at: datetime | None = None,
) -> Seen:  # fmt: skip
    """`stamp` tells two of the same kind apart, such as a second coming into a space."""
    kind = heard.trigger
    exact = _exact(stamp)
    identity = f"{subject}/{kind.event}" + (f"/{exact}" if exact else "")
    told = {name: data.get(name) for name in FIELDS[kind.resource]}
    what = Happening(
        identity=identity, trigger=kind, space=None, subject=subject, at=at or heard.at,
        data=told, shape=shape,
    )  # fmt: skip
    return Seen(what=what, room=room, speaker=_person(told.get(SPEAKER[kind.resource])))


def numbered(what: Happening, latest: Happening | None) -> Happening:
    """The next one of what may happen again and again."""
    last = int(latest.identity.rpartition("#")[2]) if latest is not None else 0
    return replace(what, identity=f"{what.identity}#{last + 1}")


# -- reading --------------------------------------------------------------------------------


def _read(house: House, ask: Callable[[Gateway], T]) -> T:
    """By whoever of ours can see it. Raises NotYet when nobody can."""
    eyes = [house.webex.bot(Lane.BACKGROUND)]
    if house.webex.has_compliance:
        eyes.insert(0, house.webex.compliance(Lane.BACKGROUND))
    for one in eyes:
        try:
            return ask(one)
        except (Missing, Denied, Deleted):
            continue
    raise NotYet("nobody of ours can see it")


def _seat(eyes: Gateway, house: House, room: RoomId, person: str) -> Membership:
    """Somebody's membership, by their uuid. Raises Missing."""
    with house.store.read() as tx:
        known = tx.people.by_uuid(person)
    if known is not None:
        found = eyes.membership_of(room, known.id)
    else:
        from spaces.sync.pages import follow

        page = follow(lambda address: eyes.memberships(room=room, address=address))
        found = next((one for one in page.items if one.person_id.uuid == person), None)
    if found is None:
        raise Missing("no such membership")
    return found


def _is_still_in(house: House, heard: Sighting, room: RoomId) -> bool:
    """Whether the membership that is said to be gone is there; a later one is another."""
    try:
        found = _read(house, lambda eyes: _seat(eyes, house, room, heard.person))
    except NotYet:
        return False
    known = _exact((heard.data or {}).get("created"))
    if known:
        return known == _exact(webex_moment(found.created))
    return found.created is not None and found.created <= heard.at


def _is_still_read(house: House, heard: Sighting) -> bool:
    """Whether the bot can read a message that is said to be gone; an officer always can."""
    try:
        house.webex.bot(Lane.BACKGROUND).message(heard.message)
    except (Missing, Denied, Deleted):
        return False
    return True


def _told_before(house: House, subject: str) -> Data | None:
    """The message's fields, if its writing was told of."""
    with house.store.read() as tx:
        before = tx.deliveries.latest(subject, Trigger.MESSAGE_CREATED)
    return before.data if before else None


def _deleted(house: House, heard: Sighting) -> Data | None:
    """An officer still reads a message that was deleted (webex-facts 1.5)."""
    try:
        return of_message(_read(house, lambda eyes: eyes.message(heard.message)))
    except NotYet:
        return None


def _is_birth(heard: Sighting, room: Room) -> bool:
    """Whether the coming of its creator was the beginning of a space (webex-facts 1.8)."""
    is_creator = room.creator_id is not None and room.creator_id.uuid == heard.person
    return is_creator and abs(heard.at - room.created) < BORN


def of_membership(one: Membership) -> Data:
    return {
        "id": str(one.id), "roomId": str(one.room_id), "personId": str(one.person_id),
        "personEmail": one.email, "personDisplayName": one.display_name,
        "personOrgId": str(one.org_id) if one.org_id else None, "isModerator": one.is_moderator,
        "isMonitor": one.is_monitor, "created": webex_moment(one.created),
    }  # fmt: skip


def of_message(one: Message) -> Data:
    return {
        "id": str(one.id), "roomId": str(one.room_id), "personId": str(one.person_id),
        "personEmail": one.email, "created": webex_moment(one.created),
    }  # fmt: skip


def of_room(one: Room) -> Data:
    return {
        "id": str(one.id), "title": one.title,
        "type": "direct" if one.type is SpaceType.DIRECT else "group", "isLocked": one.is_locked,
        "teamId": str(one.team_id) if one.team_id else None,
        "lastActivity": webex_moment(one.last_activity),
        "creatorId": str(one.creator_id) if one.creator_id else None,
        "created": webex_moment(one.created),
    }  # fmt: skip


def _shape(room: Room) -> str:
    """Everything that can be changed of a space; its use is no change."""
    state = (
        room.title, room.is_locked, room.team_id, room.classification, room.is_announcement_only,
        room.is_read_only, room.is_public, room.description,
    )  # fmt: skip
    return hashlib.sha256(json.dumps(state, default=str).encode()).hexdigest()[:32]


def _exact(stamp: object) -> str:
    """A moment in the one form in which two sources write it alike."""
    if not isinstance(stamp, str) or not stamp:
        return ""
    try:
        at = moment(stamp)
    except ValueError:
        return stamp
    return webex_moment(at) or stamp


def _minute(at: datetime) -> str:
    return at.replace(second=0, microsecond=0).isoformat()


def _person(id: object) -> PersonId | None:
    try:
        return PersonId(str(id)) if id else None
    except WrongId:
        return None
