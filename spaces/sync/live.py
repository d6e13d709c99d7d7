"""A look at one space as it is now: before an effect, or when somebody speaks of it.

A reading is evidence: it says when it was made, and what could not be seen is None.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.audit import Word
from domain.errors import Refusal
from domain.ids import PersonId, RoomId, SpaceKey
from domain.people import SYSTEM
from domain.seen import Look
from domain.spaces import Space, SpaceState
from spaces.spec import House
from spaces.sync.decoding import look
from spaces.sync.humans import last_human
from spaces.sync.pages import Whole, follow
from spaces.sync.reading import read_room
from webex.errors import Deleted, Denied, Invalid, Missing, NotAuthorised, WebexFault
from webex.gateway import Gateway, Lane
from webex.values import Membership, Room

CLOCKS = timedelta(minutes=1)
"""Webex's clock is not quite ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveReading:
    """What was seen of a space just now."""

    at: datetime
    room: Room
    members: tuple[Membership, ...]
    members_complete: bool
    last_human: datetime | None
    """The latest message of a human being. Where nobody ever wrote it is the creation, or
    later, where Webex speaks of activity that nothing explains. None: not known."""
    human_known: bool
    bot_is_moderator: bool
    bot_is_member: bool

    @property
    def moderators(self) -> tuple[PersonId, ...]:
        return tuple(m.person_id for m in self.members if m.is_moderator)


def read_live(house: House, space: SpaceKey, *, lane: Lane = Lane.BACKGROUND) -> LiveReading:
    """Reads type, team, lock, members, latest human message of a space, now, and writes it
    into the inventory.

    Raises:
        Missing: nobody of ours can see it any more.
        WebexFault: it could not be read; then nothing may be concluded.
    """
    with house.store.read() as tx:
        before = tx.spaces.by_key(space)
        known = tx.activity.known([before.id])
    gateway = _eyes(house, lane)
    at = house.clock.now()
    room = gateway.room(before.id)
    members = follow(lambda address: gateway.memberships(room=before.id, address=address))
    bot = house.webex.bot(lane).me().id
    mine = next((m for m in members.items if m.person_id == bot), None)
    until = known[before.id].human_known_until
    human = last_human(house, lane, room, members, until)
    reading = LiveReading(
        at=at, room=room, members=members.items, members_complete=members.complete,
        last_human=human, human_known=human is not None, bot_is_member=mine is not None,
        bot_is_moderator=mine is not None and mine.is_moderator,
    )  # fmt: skip
    sure = None if human is None else max(at - CLOCKS, room.last_activity or human)
    with house.store.begin() as tx:
        seen = look(room, members, at)
        tx.spaces.take_in([replace(seen, last_human=human, human_known_until=sure)])
        tx.commit()
    return reading


def touch(house: House, room_id: RoomId, *, lane: Lane = Lane.CHAT) -> Space:
    """Reads one space into the inventory and gives it as it is known then.

    Raises:
        Refusal: it can't be seen (gone, hidden or left; the three look alike).
    """
    seen: Look | None = None
    for gateway in dict.fromkeys((_eyes(house, lane), house.webex.bot(lane))):
        try:
            seen = read_room(house, gateway, room_id)
            break
        except (Missing, Denied):
            continue
    if seen is None:
        raise Refusal("I can't see that space.", "Add me to it, or ask compliance.")
    return _take_in(house, seen)


def record(
    house: House, room: Room, members: Whole[Membership] | None, *, at: datetime | None = None
) -> Space:
    """Writes what was read at `at` into the inventory, in one transaction."""
    return _take_in(house, look(room, members, at))


def _take_in(house: House, seen: Look) -> Space:
    with house.store.begin() as tx:
        space = tx.spaces.by_key(tx.spaces.take_in([seen])[seen.space.id])
        tx.commit()
    return space


def settle_missing(
    house: House, space: SpaceKey, *, lane: Lane = Lane.BACKGROUND
) -> SpaceState | None:
    """A space that one identity can't find: gone only if a second one can't either, else lost.

    An officer sees every space of the own organisation, so two officers that don't are proof
    (I14), while they are officers still: to anyone else every space looks gone. Of another
    organisation's space nobody of ours can say so, and without a second officer, or in member
    mode, nobody looks twice: then what is not seen is lost, never gone.

    Returns:
        LIVE where somebody sees it, GONE or LOST, and None when a look failed: nothing may be
        concluded, and nothing was changed.
    """
    with house.store.read() as tx:
        known = tx.spaces.by_key(space)
    room = known.id
    looks = [_sees(house.webex.bot(lane), room)]
    if house.webex.has_compliance:
        officer, witness = house.webex.compliance(lane), house.webex.witness(lane)
        looks += [_sees(officer, room), _sees(witness, room)]
        two = officer.me().id != witness.me().id
        somebody = house.webex.bot(lane)
        if not (_is_officer(officer, somebody) and _is_officer(witness, somebody)):
            looks.append(None)
    else:
        two = False
    if True in looks:
        return SpaceState.LIVE
    if None in looks:
        return None
    state = SpaceState.GONE if two and known.is_ours else SpaceState.LOST
    with house.store.begin() as tx:
        if tx.spaces.by_key(space).state is not state:  # by whomever: the record says since when
            word = Word.SPACE_SEEN_GONE if state is SpaceState.GONE else Word.SPACE_LOST
            tx.audit.add(word, SYSTEM, space=space, looks=len(looks))
        if state is SpaceState.GONE:
            tx.spaces.mark_gone(space)
        else:
            tx.spaces.set_state(space, state)
        tx.commit()
    return state


def _sees(gateway: Gateway, room: RoomId) -> bool | None:
    try:
        gateway.room(room)
    except (Missing, Deleted):
        return False
    except NotAuthorised:
        raise
    except WebexFault:
        return None
    return True


def _is_officer(gateway: Gateway, somebody: Gateway) -> bool:
    """Only an officer may ask for somebody else's memberships without naming a space (1.2)."""
    try:
        gateway.memberships(person=somebody.me().id, max=1)
    except (Denied, Invalid, Missing):
        return False
    return True


def _eyes(house: House, lane: Lane) -> Gateway:
    """Who sees most: compliance where there is one, else the bot itself."""
    return house.webex.compliance(lane) if house.webex.has_compliance else house.webex.bot(lane)
