"""Who in a space could take it over: people of ours who can still log in, the most active first.

Read live: who is in it, and what they wrote in the last half year of its use, as compliance
sees it. Bots and people of other organisations are never asked; whoever is not known to be ours
is not either. Where the messages can't be read, whoever has been in it longest comes first.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.ids import MessageId, PersonId, PersonKey, RoomId
from domain.people import Person
from spaces.looking import remember
from spaces.spec import House
from spaces.sync.live import LiveReading
from webex.errors import Denied, Missing, NotAuthorised, WebexFault
from webex.gateway import Gateway, Lane
from webex.values import Message

PERIOD = timedelta(days=182)
"""Of use, counted back from the latest message: a space that is due has been quiet for long."""
MOST_READ = 1000
PAGE = 200
MOST_EMPTY = 20
MOST_ASKED = 85
"""People whom Webex tells of in one answer (webex-facts 1.4)."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """`messages` None: not known."""

    person: Person
    messages: int | None


def candidates(
    house: House, live: LiveReading, *, but: Collection[PersonKey] = ()
) -> tuple[Candidate, ...]:
    """Members who could own the space, the most active first, as far as the inventory knows
    them. Whether each can still log in is `still_there`'s."""
    joined = {one.person_id: one.created for one in live.members}
    with house.store.read() as tx:
        known = tx.people.by_ids(joined)
        able = [
            one for one in known.values()
            if not one.is_bot and one.is_ours is True and one.key not in but
            and tx.people.is_active(one.key) is not False
        ]  # fmt: skip
    wrote = _wrote(house, live.room.id, {one.id for one in able}) if able else Counter()
    never = live.at

    def rank(one: Person) -> tuple[int, datetime, int]:
        number = 0 if wrote is None else wrote.get(one.id, 0)
        return (-number, joined[one.id] or never, one.key)

    return tuple(
        Candidate(person=one, messages=None if wrote is None else wrote.get(one.id, 0))
        for one in sorted(able, key=rank)
    )  # fmt: skip


def still_there(house: House, ranked: Sequence[Candidate], *, most: int) -> tuple[Candidate, ...]:
    """The first `most` of them who, as Webex says now, can still log in and are no bots."""
    found: list[Candidate] = []
    for start in range(0, len(ranked), MOST_ASKED):
        some = ranked[start : start + MOST_ASKED]
        seen, _ = _eyes(house).people_by_ids([one.person.id for one in some])
        there = {one.id for one in seen}
        for one in some:  # only of one person alone does Webex say whether they can log in
            if one.person.id in there and is_able(house, one.person):
                found.append(one)
            if len(found) == most:
                return tuple(found)
    return tuple(found)


def is_able(house: House, person: Person) -> bool:
    """Whether somebody is a person of ours who can still log in, read now."""
    try:
        fresh = remember(house, _eyes(house).person(person.id))
    except (Missing, Denied):
        return False
    with house.store.read() as tx:
        is_active = tx.people.is_active(fresh.key)
    return is_active is not False and fresh.is_ours is True and not fresh.is_bot


def _wrote(house: House, room: RoomId, people: Collection[PersonId]) -> Counter[PersonId] | None:
    """How much each of them wrote in the half year before the latest that any of them wrote;
    None: it can't be read. What bots say neither counts nor makes the space look in use."""
    if not house.webex.has_compliance:
        return None  # a bot sees only what mentions it (webex-facts 3.1)
    counted: Counter[PersonId] = Counter()
    since: datetime | None = None
    try:
        for message in _backwards(house.webex.compliance(Lane.BACKGROUND), room):
            if since is not None and message.created < since:
                break
            if message.person_id not in people:
                continue
            since = since or message.created - PERIOD
            counted[message.person_id] += 1
    except NotAuthorised:
        raise
    except WebexFault as no:
        _log.info("who wrote in a space is not known just now: %s", no)
        return None
    return counted


def _backwards(gateway: Gateway, room: RoomId) -> Iterator[Message]:
    """The latest messages; not all of them need be seen to tell who is the most active."""
    oldest: MessageId | None = None
    for _ in range(MOST_READ // PAGE):
        page = gateway.messages(room, before_message=oldest, max=PAGE)
        for _ in range(MOST_EMPTY):
            if page.items or page.next is None:
                break
            page = gateway.messages(room, address=page.next)  # an empty page is normal (1.2)
        if not page.items:
            return
        yield from page.items
        oldest = page.items[-1].id


def _eyes(house: House) -> Gateway:
    lane = Lane.BACKGROUND
    return house.webex.compliance(lane) if house.webex.has_compliance else house.webex.bot(lane)
