"""Events between crawls: they only say that something changed; the truth is read by id.

A message says when somebody wrote and needs no reading; whatever concerns a space or who is in
it has the space read anew, once for all its events. Windows overlap, since Webex's record lags,
and everything is written so that reading a thing twice, or in another order, ends in the same
state (I22). There are no events for a space's end or its new title (webex-facts 1.8), and events
can be lost: the crawl puts those right.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.ids import MessageId, PersonId, RoomId, WrongId
from domain.spaces import SpaceState
from spaces.spec import House
from spaces.sync.humans import EXPLAINED, bots_among
from spaces.sync.live import settle_missing
from spaces.sync.pages import follow
from spaces.sync.reading import read_rooms
from spaces.watching.hearing import hear_events
from storage.activity import Known, Moved
from webex.decode import moment
from webex.errors import Deleted, Missing, WebexFault
from webex.gateway import Gateway, Lane
from webex.values import Event

log = logging.getLogger(__name__)

CURSOR, SINCE, OWED = "events-until", "events-since", "events-owed"
OVERLAP = timedelta(minutes=10)
LONGEST = timedelta(days=80)
"""Webex keeps 90 days for everyone; whoever was away longer has a gap that a crawl must fill."""
LAG = timedelta(seconds=1)
"""Webex refuses a `to` in the future, and its clock is not quite ours."""
MOST_ROUNDS = 50
MOST_OWED = 2_000

SPOKEN = {("messages", "created"), ("messages", "updated"), ("attachmentActions", "created")}
"""What is a human being's use of a space when a human being does it: writing, in a thread too,
editing, and pressing a button. Coming and going is not: who leaves the company leaves all of
its spaces, and wakes none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What a poll did.

    `complete` False: the same window is read again next time. `gap` True: something before the
    window could not be asked for any more; only a crawl started from now on fills that.
    """

    events: int
    spaces: int
    complete: bool
    gap: bool = False


@dataclass(slots=True)
class _News:
    """What the events of one window say of one space."""

    spoken: datetime | None = None
    wrote: datetime | None = None
    other: datetime | None = None
    first: datetime | None = None
    must_read: bool = False


def poll(house: House) -> Polled:
    """Reads what happened since the last poll and brings those spaces up to date.

    Raises:
        NotAuthorised: the officer's token is dead.
        WebexFault: the events could not be read; nothing was changed.
    """
    if not house.webex.has_compliance:
        return Polled(events=0, spaces=0, complete=True)
    gateway = house.webex.compliance(Lane.BACKGROUND)
    start, end, since, gap = _window(house)
    if end <= start:
        return Polled(events=0, spaces=0, complete=True)
    events, complete = _all_events(gateway, start, end)
    news = _news(events, bots_among(house, _writers(events), gateway))
    with house.store.read() as tx:
        owed = [RoomId(str(one)) for one in tx.settings.get(OWED) or ()]
        before = tx.activity.known(news)
    silent = {id for id, one in before.items() if one.is_live and not news[id].must_read}
    left = _read(house, gateway, dict.fromkeys([*owed, *(id for id in news if id not in silent)]))
    complete = complete and len(left) <= MOST_OWED
    me = house.webex.bot(Lane.BACKGROUND).me().id
    with house.store.begin() as tx:
        after = tx.activity.known(news)
        told = (
            _moved(one, before.get(id), after[id], since if complete else None)
            for id, one in news.items()
            if id in after
        )
        tx.activity.move([one for one in told if one is not None])
        tx.messages.note_deleted(deleted_among(events))
        tx.spaces.doubt_members([key for id in left if (key := tx.spaces.key_of(id)) is not None])
        tx.settings.put(OWED, [str(id) for id in left[:MOST_OWED]], by="spacekeeper")
        if complete:
            tx.settings.put(CURSOR, end.isoformat(), by="spacekeeper")
            tx.settings.put(SINCE, since.isoformat(), by="spacekeeper")
        hear_events(tx, events, me=me)
        tx.commit()
    return Polled(events=len(events), spaces=len(news), complete=complete, gap=gap)


def _window(house: House) -> tuple[datetime, datetime, datetime, bool]:
    """(from, to, since when nothing was missed, whether there is a gap before it)."""
    now = house.clock.now() - LAG
    with house.store.read() as tx:
        text, covered = tx.settings.get(CURSOR), tx.settings.get(SINCE)
        last = tx.crawls.last()
    if isinstance(text, str) and isinstance(covered, str):
        start, since = datetime.fromisoformat(text) - OVERLAP, datetime.fromisoformat(covered)
    else:
        start = since = (last.started_at if last is not None else now) - OVERLAP
    oldest = now - LONGEST
    return (start, now, since, False) if start >= oldest else (oldest, now, oldest, True)


def _all_events(gateway: Gateway, start: datetime, end: datetime) -> tuple[list[Event], bool]:
    """The events of a window, and whether they are all. A list that ends early looks like a
    whole one, so what lies before and behind it is asked for until nothing new is said."""
    found: dict[str, Event] = {}
    windows = [(start, end)]
    for _ in range(MOST_ROUNDS):
        new = 0
        for since, until in windows:
            page = follow(
                lambda address, since=since, until=until: gateway.events(  # type: ignore[misc]
                    start=since, end=until, address=address
                )
            )
            new += len({one.id for one in page.items} - found.keys())
            found |= {one.id: one for one in page.items}
            if not page.complete:
                log.warning("the events are not complete: %s", page.why)
                return list(found.values()), False
        if not new and windows != [(start, end)]:
            return list(found.values()), True
        moments = [one.created for one in found.values()]
        first, last = min(moments, default=end), max(moments, default=start)
        windows = [(last, end), (start, first)] if moments else [(start, end), (start, end)]
    return list(found.values()), False


def deleted_among(events: Iterable[Event]) -> dict[MessageId, datetime]:
    """The messages that events say were deleted, and when."""
    found: dict[MessageId, datetime] = {}
    for event in events:
        if (event.resource, event.type) == ("messages", "deleted"):
            try:
                found[MessageId(str(event.data.get("id")))] = event.created
            except WrongId:
                continue
    return found


def _writers(events: Iterable[Event]) -> set[PersonId]:
    return {
        one.actor_id
        for one in events
        if one.actor_id is not None and (one.resource, one.type) in SPOKEN
    }


def _news(events: Iterable[Event], bots: frozenset[PersonId]) -> dict[RoomId, _News]:
    """What is new of each space. Of an actor that is not named nobody knows that it is a bot."""
    found: dict[RoomId, _News] = {}
    for event in events:
        try:
            room = RoomId(str(event.data.get("id" if event.resource == "rooms" else "roomId")))
        except WrongId:
            continue
        one = found.setdefault(room, _News())
        one.first = event.created if one.first is None else min(one.first, event.created)
        if (event.resource, event.type) in SPOKEN and event.actor_id not in bots:
            at = event.created
            if (event.resource, event.type) == ("messages", "created"):
                at = moment(event.data.get("created")) or at  # the event comes a little later
                one.wrote = max(one.wrote or at, at)
            one.spoken = max(one.spoken or at, at)
        else:
            one.other = max(one.other or event.created, event.created)
        one.must_read |= event.resource in ("memberships", "rooms")
    return found


def _read(house: House, gateway: Gateway, rooms: Iterable[RoomId]) -> list[RoomId]:
    """Reads those spaces; gives the ones that have to be read again, because nobody knows now
    how it is with them. One such space does not hold up the others."""
    left: list[RoomId] = []
    for room, fault in read_rooms(house, gateway, rooms):
        if not isinstance(fault, Missing | Deleted):
            left.append(room)
            continue
        with house.store.read() as tx:
            key = tx.spaces.key_of(room)
        try:
            if key is not None and settle_missing(house, key) in (None, SpaceState.LIVE):
                left.append(room)
        except WebexFault:
            left.append(room)
    return left


def _moved(news: _News, before: Known | None, now: Known, since: datetime | None) -> Moved | None:
    """What the news say of a space's use. `since`: from then on no event was missed; None
    when that is not so, and then only what people did is believed, which protects.

    A space is *followed* when all of its human messages are known up to a moment since which no
    event was missed; then what else happens in it explains Webex's `lastActivity`. One that is
    not followed yet begins to be with its first event, if it was read before that: what Webex
    then called its last activity is the latest that a human being may have written.
    """
    if news.spoken is not None:
        until = max(news.spoken, news.other or news.spoken) if since else news.spoken
        return Moved(
            key=now.key, last_activity=news.wrote, last_human=news.spoken,
            human_known_until=until,
        )  # fmt: skip
    if since is None or news.other is None or news.first is None:
        return None
    if _at_least(now.human_known_until, since):
        return Moved(key=now.key, human_known_until=news.other)
    if _at_least(now.created, since) and now.last_human is None:
        return Moved(key=now.key, last_human=now.created, human_known_until=news.other)
    known = before and before.last_used
    if before and known and _at_least(before.read_at, since) and known < news.first - EXPLAINED:
        return Moved(key=now.key, last_human=known, human_known_until=news.other)
    return None


def _at_least(moment: datetime | None, since: datetime) -> bool:
    return moment is not None and moment >= since
