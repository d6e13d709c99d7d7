"""A look at one space as it is now: before an effect, or when somebody speaks of it.

A reading is evidence: it says when it was made, and what could not be seen is None.
"""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass
from datetime import datetime

from domain.errors import Refusal
from domain.ids import PersonId, RoomId, SpaceKey
from domain.seen import MemberSeen
from domain.spaces import Space, SpaceState, SpaceType
from spaces.spec import House
from spaces.sync.decoding import member_seen, space_seen
from spaces.sync.pages import Whole, follow
from webex.errors import Denied, Missing, WebexFault
from webex.gateway import Gateway, Lane
from webex.values import Membership, PersonType, Room

MOST_LOOKED_BACK = 200
"""Messages read back to find one of a human being; bots rarely say more in a row."""

MOST_REMEMBERED = 10_000
_tickets = itertools.count(1)
_written: dict[RoomId, int] = {}
_writing = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveReading:
    """What was seen of a space just now."""

    at: datetime
    room: Room
    members: tuple[Membership, ...]
    members_complete: bool
    last_human: datetime | None
    """The latest message of a human being; None with `human_known` says that there is none."""
    human_known: bool
    bot_is_moderator: bool
    bot_is_member: bool

    @property
    def moderators(self) -> tuple[PersonId, ...]:
        return tuple(m.person_id for m in self.members if m.is_moderator)


def read_live(house: House, space: SpaceKey, *, lane: Lane = Lane.BACKGROUND) -> LiveReading:
    """Reads type, team, lock, members, latest human message of a space, now.

    Raises:
        Missing: nobody of ours can see it any more.
        WebexFault: it could not be read; then nothing may be concluded.
    """
    with house.store.read() as tx:
        room_id = tx.spaces.id_of(space)
    gateway = _eyes(house, lane)
    at = house.clock.now()
    room = gateway.room(room_id)
    members = follow(lambda address: gateway.memberships(room=room_id, address=address))
    bot = house.webex.bot(lane).me().id
    mine = next((m for m in members.items if m.person_id == bot), None)
    last_human, known = _last_human(house, gateway, room, members.items)
    return LiveReading(
        at=at, room=room, members=members.items, members_complete=members.complete,
        last_human=last_human, human_known=known, bot_is_member=mine is not None,
        bot_is_moderator=mine is not None and mine.is_moderator,
    )  # fmt: skip


def touch(house: House, room_id: RoomId, *, lane: Lane = Lane.CHAT) -> Space:
    """Reads one space into the inventory and gives it as it is known then.

    Two looks at one space may overlap, when its events and a person's command come together:
    the one that began first does not overwrite what the later one saw.

    Raises:
        Refusal: it can't be seen (gone, hidden or left; the three look alike).
    """
    began = next(_tickets)
    gateway = _eyes(house, lane)
    try:
        room = gateway.room(room_id)
    except (Missing, Denied):
        gateway = house.webex.bot(lane)
        try:
            room = gateway.room(room_id)
        except (Missing, Denied):
            raise Refusal("I can't see that space.", "Add me to it, or ask compliance.") from None
    members = follow(lambda address: gateway.memberships(room=room_id, address=address))
    with _writing:
        if _written.get(room_id, 0) > began and (known := _known(house, room_id)) is not None:
            return known
        space = record(house, room, members)
        if len(_written) >= MOST_REMEMBERED:
            _written.clear()
        _written[room_id] = began
    return space


def _known(house: House, room: RoomId) -> Space | None:
    with house.store.read() as tx:
        return tx.spaces.by_id(room)


def record(
    house: House, room: Room, members: Whole[Membership] | None, *, generation: int = 0
) -> Space:
    """Writes what was read into the inventory, in one transaction."""
    with house.store.begin() as tx:
        key = tx.spaces.write([space_seen(room)], generation=generation)[room.id]
        if members is not None:
            seen: list[MemberSeen] = [member_seen(one) for one in members.items]
            tx.spaces.write_members(key, seen, complete=members.complete)
        space = tx.spaces.by_key(key)
        if space.state is SpaceState.LOST:
            tx.spaces.set_state(key, SpaceState.LIVE)
        tx.commit()
    return space


def settle_missing(house: House, space: SpaceKey, *, lane: Lane = Lane.BACKGROUND) -> SpaceState:
    """A space that one identity can't find: gone only if a second can't either; else lost.

    In member mode nobody else can look, so what is not seen is lost, never gone (I14).
    """
    with house.store.read() as tx:
        room_id = tx.spaces.id_of(space)
    state = SpaceState.LOST
    if house.webex.has_compliance:
        looks = [
            _sees(house.webex.compliance(lane), room_id),
            _sees(house.webex.witness(lane), room_id),
            _sees(house.webex.bot(lane), room_id),
        ]
        if looks == [False, False, False]:
            state = SpaceState.GONE
        elif True in looks:
            return SpaceState.LIVE
    with house.store.begin() as tx:
        if state is SpaceState.GONE:
            tx.spaces.mark_gone(space)
        else:
            tx.spaces.set_state(space, state)
        tx.commit()
    return state


def _sees(gateway: Gateway, room: RoomId) -> bool | None:
    try:
        gateway.room(room)
    except Missing:
        return False
    except WebexFault:
        return None
    return True


def _eyes(house: House, lane: Lane) -> Gateway:
    """Who sees most: compliance where there is one, else the bot itself."""
    return house.webex.compliance(lane) if house.webex.has_compliance else house.webex.bot(lane)


def _last_human(
    house: House, gateway: Gateway, room: Room, members: tuple[Membership, ...]
) -> tuple[datetime | None, bool]:
    """The latest message that no bot wrote, and whether that is sure. The bot's own messages
    are no activity; of other bots neither is known to be human, so they don't count (design.md).
    """
    if not house.webex.has_compliance and room.type is SpaceType.GROUP:
        return None, False  # a bot sees only what mentions it (webex-facts 3.1)
    people: dict[PersonId, bool] = {}
    read = 0
    address: str | None = None
    while read < MOST_LOOKED_BACK:
        page = gateway.messages(room.id, max=50, address=address)
        for message in page.items:
            read += 1
            if message.person_id not in people:
                people[message.person_id] = _is_human(house, gateway, message.person_id)
            if people[message.person_id]:
                return message.created, True
        if page.faulty:
            return None, False
        if page.next is None:
            return None, True
        address = page.next
    return None, False


def _is_human(house: House, gateway: Gateway, person: PersonId) -> bool:
    """Somebody of whom we can't tell is taken for human: that protects."""
    with house.store.read() as tx:
        known = tx.people.by_id(person)
    if known is not None:
        return not known.is_bot
    try:
        return gateway.person(person).type is PersonType.PERSON
    except WebexFault:
        return True
