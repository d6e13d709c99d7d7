"""Who of those who write is a human being, and when one last wrote in a space.

The bot's own messages are no activity, nor are other bots' (I20). Everything here errs to the
late side: a message that could not be seen must never make a space look older than it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from domain.ids import MessageId, PersonId, RoomId
from domain.spaces import SpaceType
from spaces.spec import House
from spaces.sync.decoding import person_seen
from spaces.sync.pages import Whole
from webex.errors import NotAuthorised, WebexFault
from webex.gateway import Gateway, Lane
from webex.values import Membership, Message, Room

MOST_LOOKED_BACK = 5_000
"""Messages read back to find one of a human being; only alarm systems say more in a row."""
PAGE, MOST_EMPTY = 200, 20
EXPLAINED = timedelta(minutes=1)
MOST_ASKED = 85


def bots_among(house: House, people: Iterable[PersonId], gateway: Gateway) -> frozenset[PersonId]:
    """Who of `people` is surely a bot. Somebody of whom nobody can tell is taken for human:
    that protects."""
    ids = list(dict.fromkeys(people))
    with house.store.read() as tx:
        known = tx.people.by_ids(ids)
    strangers = [id for id in ids if id not in known]
    bots = {id for id, one in known.items() if one.is_bot}
    for start in range(0, len(strangers), MOST_ASKED):
        try:
            found, _ = gateway.people_by_ids(strangers[start : start + MOST_ASKED])
        except WebexFault:
            continue
        with house.store.begin() as tx:
            keys = tx.people.ensure([person_seen(one) for one in found])
            made = tx.people.by_keys(keys.values())
            tx.commit()
        bots |= {one.id for one in made.values() if one.is_bot}
    return frozenset(bots)


def last_human(
    house: House, lane: Lane, room: Room, members: Whole[Membership], known_until: datetime | None
) -> datetime | None:
    """When a human being last wrote in `room`, by reading its messages; None: not known.

    Where nobody wrote, the creation counts. But messages may have been there and be purged by
    Webex's own retention, so activity that neither a bot's message, a member's joining nor our
    record (`known_until`) explains counts as a human's, too.
    """
    if house.webex.has_compliance:
        if not _is_ours(house, room) and room.type is SpaceType.GROUP:
            return None  # of a foreign space only our own people's messages are shown (3.4)
        first, second = house.webex.compliance(lane), house.webex.witness(lane)
    else:
        if room.type is SpaceType.GROUP:
            return None  # a bot sees only what mentions it (3.1)
        first = second = house.webex.bot(lane)
    newest: datetime | None = None
    is_bot: dict[PersonId, bool] = {}
    try:
        for message in _backwards(first, second, room.id):
            if message.person_id not in is_bot:
                is_bot[message.person_id] = bool(bots_among(house, [message.person_id], first))
            if not is_bot[message.person_id]:
                return max(message.created, message.updated or message.created)
            newest = newest or message.created
    except NotAuthorised:
        raise
    except (_Unsure, WebexFault):
        return None
    joined = (one.created for one in members.items)
    explained = max(m for m in (room.created, newest, known_until, *joined) if m is not None)
    if room.last_activity is not None and room.last_activity > explained + EXPLAINED:
        return room.last_activity
    return room.created


class _Unsure(Exception):
    """The messages could not be read to their end."""


def _backwards(first: Gateway, second: Gateway, room: RoomId) -> Iterator[Message]:
    """All messages, the newest first. Each page is asked for by the oldest message read, not by
    a link that may be missing, and the end is believed when a second look sees none either."""
    oldest: MessageId | None = None
    seen: set[MessageId] = set()
    while len(seen) < MOST_LOOKED_BACK:
        page = _page(first, room, oldest) or _page(second, room, oldest)
        if not page:
            return
        for message in page:
            if message.id in seen:
                raise _Unsure
            seen.add(message.id)
            yield message
        oldest = page[-1].id
    raise _Unsure


def _page(gateway: Gateway, room: RoomId, before: MessageId | None) -> tuple[Message, ...]:
    page = gateway.messages(room, before_message=before, max=PAGE)
    for _ in range(MOST_EMPTY):
        if page.faulty:
            raise _Unsure
        if page.items or page.next is None:
            return page.items
        page = gateway.messages(room, address=page.next)  # an empty page is normal (1.2)
    raise _Unsure


def _is_ours(house: House, room: Room) -> bool:
    with house.store.read() as tx:
        return room.owner_org is not None and room.owner_org == tx.people.own_org()
