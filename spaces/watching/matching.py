"""Matching: what happened, with the watches that it concerns; one delivery for each.

Decides whom it concerns: what is watched, where, about whom, and by which query. A watch that
tells somebody what they may not see makes no delivery here, or is withheld when its turn comes
(`standing`). Happening and deliveries are written in one transaction, which ends the sighting.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.errors import Refusal
from domain.ids import PersonId, RoomId, SpaceKey
from domain.people import Person
from domain.spaces import Space, SpaceType
from domain.watches import Happening, Reach, Resource, Trigger, Watch, Who
from query.faults import QueryFault
from query.holding import holds
from query.language import parse
from query.spec import Moments
from spaces.looking import person_by_id
from spaces.spec import House
from spaces.sync.live import touch
from spaces.watching.seeing import NotYet, Seen, identity_of, numbered, see
from storage.sightings import Heard
from storage.store import UnitOfWork
from webex.gateway import Lane

log = logging.getLogger(__name__)

TOO_OLD = timedelta(days=7)
"""What happened longer ago is no news."""
PATIENCE = timedelta(minutes=10)
"""So long something is looked for that can't be seen (webex-facts 1.7)."""
MOST_READ = 10_000
_read_at: dict[RoomId, datetime] = {}
"""When we last began to read a space, of this process."""
SETTLES = timedelta(seconds=3)
"""Whoever makes a space adds its first people one after another; to them, too, it is new."""
LOOKS_ALIKE = 2
"""So often what looks as before is looked at again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What came of a sighting: deliveries, or when to look again."""

    deliveries: int = 0
    again: timedelta | None = None


def match(house: House, heard: Heard) -> Matched:
    """Looks at a sighting and makes the deliveries. Raises WebexFault: it is looked at later."""
    if house.clock.now() - heard.sighting.at > TOO_OLD:
        return _over(house, heard, None)
    if _is_known(house, identity_of(heard.sighting)):
        return _over(house, heard, None)
    try:
        seen = see(house, heard.sighting)
    except NotYet:
        if _is_known(house, f"message/{heard.sighting.message}/deleted"):
            return _over(house, heard, None)
        if house.clock.now() - heard.heard_at > PATIENCE or heard.attempts > 8:
            seen = _as_it_came(house, heard)
        else:
            return Matched(again=timedelta(seconds=min(120, 0.5 * 2**heard.attempts)))
    if seen is None:
        return _over(house, heard, None)
    if seen.what.trigger is Trigger.SPACE_CREATED and heard.attempts <= 1:
        age = house.clock.now() - seen.what.at
        if age < SETTLES:
            return Matched(again=SETTLES - max(age, timedelta()))
    space = _space(house, seen, heard)
    if space is None:
        return _over(house, heard, None)
    speaker = _speaker(house, seen.speaker)
    return _over(house, heard, seen, space=space, speaker=speaker)


def _is_known(house: House, identity: str) -> bool:
    with house.store.read() as tx:
        return bool(identity) and tx.deliveries.is_known(identity)


def _as_it_came(house: House, heard: Heard) -> Seen | None:
    """What can't be read any more, and was said with all its fields by Webex itself."""
    one = heard.sighting
    can_stand = (Trigger.MEMBERSHIP_CREATED, Trigger.MESSAGE_CREATED, Trigger.MESSAGE_UPDATED)
    if one.trigger not in can_stand or one.data is None or one.is_whole:
        return None
    return see(house, replace(one, is_whole=True))


def _space(house: House, seen: Seen, heard: Heard) -> Space | None:
    """The space, as it is now where that matters. None: it can't be seen by us.

    A thousand people who come into a space at once are not a thousand readings of it.
    """
    trigger = seen.what.trigger
    with house.store.read() as tx:
        known = tx.spaces.by_id(seen.room)
        matters = tx.watches.depends_on_inventory(trigger)
    if trigger is Trigger.SPACE_DELETED:
        return known
    is_fresh = (
        trigger is not Trigger.SPACE_CREATED
        and _read_at.get(seen.room, heard.heard_at) > heard.heard_at
    )
    is_enough = trigger.resource is Resource.MESSAGE or is_fresh or not matters
    if is_enough and known is not None and known.type is not None:
        return known
    began = house.clock.now()
    try:
        found = touch(house, seen.room, lane=Lane.BACKGROUND)
    except Refusal:
        return known
    if len(_read_at) > MOST_READ:
        _read_at.clear()
    _read_at[seen.room] = began
    return found


def _speaker(house: House, id: PersonId | None) -> Person | None:
    if id is None:
        return None
    try:
        return person_by_id(house, id)
    except Refusal:
        return None


def _over(
    house: House, heard: Heard, seen: Seen | None, *, space: Space | None = None,
    speaker: Person | None = None,
) -> Matched:  # fmt: skip
    """Ends the sighting, with all that comes of it, in one transaction."""
    with house.store.begin() as tx:
        made = 0
        if seen is not None and space is not None:
            what = replace(seen.what, space=space.key)
            watches = _concerned(house, tx, what, space, speaker)
            if watches and seen.is_numbered:
                latest = tx.deliveries.latest(what.subject, what.trigger)
                if latest is not None and latest.shape == what.shape:
                    if heard.attempts <= LOOKS_ALIKE and what.at > latest.at:
                        return Matched(again=timedelta(seconds=2))
                    watches = ()
                else:
                    what = numbered(what, latest)
            if watches:
                made = _make(tx, what, watches)
        tx.sightings.looked_at(heard.sighting.id)
        tx.commit()
    return Matched(deliveries=made)


def _make(tx: UnitOfWork, what: Happening, watches: tuple[Watch, ...]) -> int:
    key = tx.deliveries.happened(what)
    if key is None:
        return 0
    made = 0
    for one in watches:
        if tx.deliveries.queue(one.key, key, what.identity):
            made += 1
        else:
            tx.watches.drop(one.key)
    return made


def _concerned(
    house: House, tx: UnitOfWork, what: Happening, space: Space, speaker: Person | None
) -> tuple[Watch, ...]:
    found = tx.watches.concerned(what.trigger, space.key, what.at)
    return tuple(one for one in found if _fits(house, tx, one, space, speaker))


def _fits(house: House, tx: UnitOfWork, one: Watch, space: Space, speaker: Person | None) -> bool:
    if one.email and (speaker is None or speaker.email != one.email):
        return False
    if one.who is not Who.ANYONE and not is_one_of(house, one.who, speaker):
        return False
    try:
        query = parse(one.query)
    except QueryFault:  # its words were understood once, and are not any more
        log.error("the query of watch %s can't be read", one.key)
        return False
    names_type = any(term.condition.name == "type" for term in query.criteria)
    if space.type is not SpaceType.GROUP and one.reach is not Reach.SPACE and not names_type:
        return False
    return query.is_empty or _holds(house, tx, one, space.key)


def _holds(house: House, tx: UnitOfWork, one: Watch, space: SpaceKey) -> bool:
    try:
        return holds(tx, parse(one.query), space, Moments(now=house.clock.now()))
    except Refusal:
        log.warning("the query of watch %s took too long", one.key)
        return False


def is_one_of(house: House, who: Who, person: Person | None) -> bool:
    """Whether somebody certainly is what a watch asks for."""
    if person is None:
        return False
    if who is Who.BOTS or person.is_bot:
        return who is Who.BOTS and person.is_bot
    is_ours = person.is_ours
    if is_ours is None and house.own_domains:
        is_ours = person.email.rpartition("@")[2] in house.own_domains
    return is_ours is (who is Who.OURS)
