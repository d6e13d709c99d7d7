"""Hearing: from what Webex says, by whichever way, to sightings; only of what somebody watches.

What each way can know: Mercury's frames hold ids, and of what is gone nothing can be read any
more, so of a deletion the inventory says who it was. /events and webhooks bring Webex's own
fields along. Where /events can be read (with a compliance identity), deletions and edits are
left to it: it says all of them, with all fields, seconds later.

What Spacekeeper itself writes is never told: a watch on the space that it tells into would
never end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from domain.ids import MessageId, PersonId, RoomId, WrongId, hydra
from domain.watches import FIELDS, Resource, Sighting, Trigger, webex_moment
from spaces.spec import House
from storage.store import UnitOfWork
from storage.watches import Interest
from webex.decode import moment
from webex.values import Event

_OF_RESOURCE = {
    "memberships": Resource.MEMBERSHIP, "messages": Resource.MESSAGE, "rooms": Resource.SPACE,
}  # fmt: skip
_OF_KIND = {(one.resource, one.event): one for one in Trigger}
BIRTH = "birth"
"""Ends the id of a sighting that may be the first of a space: nothing else tells of its birth."""
MOST_TEXT = 1000
FULLER = timedelta(seconds=3)
"""So long a frame about what is gone waits for the webhook, which says more of it."""


def is_left_to_events(trigger: Trigger) -> bool:
    """What frames don't say enough of, where /events says it."""
    return trigger in (
        Trigger.MEMBERSHIP_DELETED, Trigger.MESSAGE_DELETED, Trigger.MESSAGE_UPDATED
    )  # fmt: skip


def hear_events(tx: UnitOfWork, events: Iterable[Event], *, me: PersonId) -> int:
    """Writes down what is watched of Webex's record; says how much was new.

    Args:
        me: the bot, whose own words are not told.
    """
    interest = tx.watches.interest()
    return tx.sightings.hear(one for one in _of_events(events, me) if _wants(interest, one))


def hear_webhook(
    tx: UnitOfWork, body: Mapping[str, object], *, id: str, at: datetime, me: PersonId
) -> int:
    """Writes down what a webhook says, if it is watched. It has been verified; what it says is
    looked at all the same.

    Args:
        id: names this very request.
    """
    data = body.get("data")
    sighting = (
        _sighting(str(body.get("resource")), str(body.get("event")), data, f"hook/{id}", at, me)
        if isinstance(data, Mapping)
        else None
    )
    if sighting is None or not _wants(tx.watches.interest(), sighting):
        return 0
    return tx.sightings.hear([sighting])


def hear_frame(
    house: House, tx: UnitOfWork, triggers: Iterable[Trigger], *, id: str, room: str,
    room_uuid: str, at: datetime, message: str = "", person: str = "",
) -> int:  # fmt: skip
    """Writes down what a frame of Mercury says, if it is watched.

    Args:
        id: of the activity.
        room: the space's REST id, or its uuid; `room_uuid` always its uuid.
        message, person: uuids.
    """
    interest = tx.watches.interest()
    found: list[Sighting] = []
    for trigger in triggers:
        is_wanted = interest.wants(trigger, room) or interest.wants(trigger, room_uuid)
        if not is_wanted or (house.webex.has_compliance and is_left_to_events(trigger)):
            continue
        data = None
        if trigger is Trigger.MEMBERSHIP_DELETED:
            data = _remembered(tx, room, person)
        found.append(
            Sighting(
                id=f"frame/{id}/{int(trigger)}", trigger=trigger, room=room, at=at,
                message=message, person=person, data=data,
            )
        )  # fmt: skip
    return sum(
        tx.sightings.hear([one], after=FULLER if is_left_to_events(one.trigger) else timedelta())
        for one in found
    )


def _of_events(events: Iterable[Event], me: PersonId) -> Iterator[Sighting]:
    for event in events:
        id = f"event/{event.id.uuid}"
        made = _sighting(
            event.resource, event.type, event.data, id, event.created, me, is_whole=True
        )
        if made is None:
            continue
        yield made
        if made.trigger is Trigger.MEMBERSHIP_CREATED:
            yield Sighting(
                id=f"{id}/{BIRTH}", trigger=Trigger.SPACE_CREATED, room=made.room, at=made.at,
                person=made.person, data=made.data, is_whole=True,
            )  # fmt: skip


def _sighting(
    resource: str, event: str, data: Mapping[str, object], id: str, at: datetime, me: PersonId,
    *, is_whole: bool = False,
) -> Sighting | None:  # fmt: skip
    """None: nothing that is told. What is not as it should be is nothing either."""
    kind = _OF_RESOURCE.get(resource)
    trigger = None if kind is None else _OF_KIND.get((kind, event))
    if kind is None or trigger is None:
        return None
    try:
        room = RoomId(str(data.get("id" if kind is Resource.SPACE else "roomId")))
        person = str(data.get("personId") or "")
        if kind is Resource.SPACE:
            return Sighting(id=id, trigger=trigger, room=str(room), at=at, is_whole=False)
        who = PersonId(person).uuid
        if kind is Resource.MESSAGE and who == me.uuid:
            return None
        message = MessageId(str(data.get("id"))).uuid if kind is Resource.MESSAGE else ""
    except WrongId:
        return None
    kept: dict[str, object] = {name: _short(data.get(name)) for name in FIELDS[kind]}
    if kind is Resource.MESSAGE:
        kept["updated"] = _short(data.get("updated"))
    stamp = data.get("updated" if event == "updated" else "created")
    if kind is Resource.MESSAGE and event != "deleted":
        at = _moment(stamp) or at
    if trigger is Trigger.MEMBERSHIP_CREATED:
        at = _moment(stamp) or at
    return Sighting(
        id=id, trigger=trigger, room=str(room), at=at, message=message, person=who, data=kept,
        is_whole=is_whole,
    )  # fmt: skip


def _remembered(tx: UnitOfWork, room: str, person: str) -> Mapping[str, object] | None:
    """What is known of a membership that has just ended, before the space is read anew."""
    try:
        space = tx.spaces.by_id(RoomId(room))
    except WrongId:
        return None
    if space is None:
        return None
    them = tx.people.by_uuid(person) if person else None
    seat = None if them is None else tx.watches.seat(space.key, them.key)
    if them is None or seat is None:
        return None
    return {
        "roomId": room, "personId": str(them.id), "personEmail": them.email,
        "personDisplayName": them.name, "personOrgId": tx.people.org_of(them.key),
        "isModerator": seat[0], "created": webex_moment(seat[1]),
    }  # fmt: skip


def _wants(interest: Interest, one: Sighting) -> bool:
    return interest.wants(one.trigger, one.room) or interest.wants(one.trigger, hydra(one.room)[2])


def _short(value: object) -> object:
    """Webex's fields are texts and flags; nothing else, and nothing endless, is kept."""
    if isinstance(value, bool) or value is None:
        return value
    return value[:MOST_TEXT] if isinstance(value, str) else None


def _moment(value: object) -> datetime | None:
    try:
        return moment(value)
    except ValueError:
        return None
