"""Where a person is, was, or wrote: as far as anybody can know it.

Webex has no list of all messages of somebody. So their spaces are those that an officer is shown
as theirs, those that the inventory knows they are or were in, those in which the last 90 days'
events say they wrote (older events need Pro Pack, webex-facts 1.8), and those in which the bot
carried a message for them. A space that somebody left before all that is not known to anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from domain.errors import Refusal
from domain.ids import PersonKey, RoomId, SpaceKey, WrongId
from domain.people import Person
from spaces.spec import House
from spaces.sync.live import touch
from spaces.sync.pages import follow
from webex.errors import Invalid, Missing, NotAuthorised, WebexFault
from webex.gateway import Gateway, Lane

EVENTS_KEPT = timedelta(days=89)
LAG = timedelta(seconds=1)
NOT_KNOWN = (
    "Spaces that they left before I came, and in which they have not written for 90 days.",
    "What others wrote about them, quoted, or downloaded; reactions; meetings and recordings.",
)
"""What nobody can find, said with every preview."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`seats`: spaces of theirs, and whether they are in each now. `unknown` says why this may
    not be all, so that nobody can agree to it. `unseen`: how many spaces nobody of ours can see,
    being gone or somebody else's."""

    seats: Mapping[SpaceKey, bool]
    unknown: str = ""
    unseen: int = 0


def find_seats(house: House, person: Person, *, lane: Lane = Lane.CHAT) -> Found:
    """Where they are and were, with few questions to Webex."""
    officer = house.webex.compliance(lane)
    unknown = ""
    rooms: set[RoomId] = set()
    try:
        listed = follow(lambda address: officer.memberships(person=person.id, address=address))
        rooms = {one.room_id for one in listed.items}
        unknown = "" if listed.complete else f"their spaces can't be listed: {listed.why}"
    except NotAuthorised:
        raise
    except WebexFault as no:
        if not _is_gone(officer, person, no):
            unknown = f"their spaces can't be listed: {no.said}"
    with house.store.read() as tx:
        before = tx.spaces.by_keys(tx.erasures.spaces_of(person.key))
        inside = tx.spaces.ids_with(person.key)
        others = rooms - {one.id for one in before.values()}
        known = {room: tx.spaces.by_id(room) for room in others}
    seats = {one.key: one.id in inside | rooms for one in before.values()}
    seats |= {one.key: True for one in known.values() if one is not None}
    strangers = [room for room, one in known.items() if one is None]
    more, unseen = _take_in(house, strangers, lane)
    return Found(seats=seats | dict.fromkeys(more, True), unknown=unknown, unseen=unseen)


def find_writing(house: House, person: Person) -> Found:
    """Where else they wrote: by events, and by what the bot carried for them."""
    officer = house.webex.compliance(Lane.BACKGROUND)
    end = house.clock.now() - LAG
    unknown = ""
    rooms: set[RoomId] = set()
    try:
        listed = follow(
            lambda address: officer.events(
                start=end - EVENTS_KEPT, end=end, actor=person.id, address=address
            )
        )
        for event in listed.items:
            if event.resource in ("messages", "memberships"):
                rooms |= _room(event.data.get("roomId"))
        unknown = "" if listed.complete else f"events can't be read whole: {listed.why}"
    except NotAuthorised:
        raise
    except WebexFault as no:
        if not _is_gone(officer, person, no):
            unknown = f"events can't be read: {no.said}"
    with house.store.read() as tx:
        rooms |= set(tx.messages.carried_by(person.key))
        known = {room: tx.spaces.by_id(room) for room in rooms}
    seats = {one.key: False for one in known.values() if one is not None}
    more, unseen = _take_in(
        house, [room for room, one in known.items() if one is None], Lane.BACKGROUND
    )
    return Found(seats=seats | dict.fromkeys(more, False), unknown=unknown, unseen=unseen)


def carried_in(house: House, person: PersonKey, room: RoomId) -> tuple[str, ...]:
    """The uuids of what the bot carried for somebody into a space."""
    with house.store.read() as tx:
        return tx.messages.carried_by(person).get(room, ())


def _is_gone(officer: Gateway, person: Person, no: WebexFault) -> bool:
    """Webex does not know them any more: then it has no spaces of theirs to list, and what the
    inventory remembers is all there is."""
    if not isinstance(no, Missing | Invalid):
        return False
    try:
        officer.person(person.id)
    except Missing:
        return True
    except NotAuthorised:
        raise
    except WebexFault:
        return False
    return False


def _take_in(house: House, rooms: list[RoomId], lane: Lane) -> tuple[list[SpaceKey], int]:
    """Spaces that the inventory does not have yet, read into it; and how many nobody sees."""
    found, unseen = [], 0
    for room in rooms:
        try:
            found.append(touch(house, room, lane=lane).key)
        except Refusal:
            unseen += 1
        except NotAuthorised:
            raise
        except WebexFault:
            unseen += 1
    return found, unseen


def _room(text: object) -> set[RoomId]:
    try:
        return {RoomId(str(text))}
    except WrongId:
        return set()
