"""Events between crawls: they only say that something changed; the truth is read by id.

Windows overlap, since Webex's record lags; reading a thing twice does no harm. Where events
can't be read for longer than Webex keeps them for everyone (90 days), a crawl puts it right.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.errors import Refusal
from domain.ids import PersonId, RoomId, WrongId
from spaces.spec import House
from spaces.sync.live import settle_missing, touch
from spaces.sync.pages import follow
from webex.errors import WebexFault
from webex.gateway import Lane
from webex.values import Event

CURSOR = "events-until"
OVERLAP = timedelta(minutes=2)
LONGEST = timedelta(days=80)
LAG = timedelta(seconds=1)
"""Webex refuses a `to` in the future, and its clock is not quite ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What a poll did. `complete` False: the same window is read again next time."""

    events: int
    spaces: int
    complete: bool


def poll(house: House) -> Polled:
    """Reads what happened since the last poll and brings those spaces up to date.

    Raises:
        NotAuthorised: the officer's token is dead.
    """
    if not house.webex.has_compliance:
        return Polled(events=0, spaces=0, complete=True)
    gateway = house.webex.compliance(Lane.BACKGROUND)
    start, end = _window(house)
    if end <= start:
        return Polled(events=0, spaces=0, complete=True)
    found = follow(lambda address: gateway.events(start=start, end=end, address=address))
    changed: dict[RoomId, datetime | None] = {}
    for event in found.items:
        _note(house, event, changed)
    complete = found.complete
    for room, last_human in changed.items():
        complete &= _refresh(house, room, last_human)
    if complete:
        with house.store.begin() as tx:
            tx.settings.put(CURSOR, end.isoformat(), by="spacekeeper")
            tx.commit()
    return Polled(events=len(found.items), spaces=len(changed), complete=complete)


def _window(house: House) -> tuple[datetime, datetime]:
    now = house.clock.now() - LAG
    with house.store.read() as tx:
        text = tx.settings.get(CURSOR)
        last = tx.crawls.last()
    if text is not None:
        start = datetime.fromisoformat(text) - OVERLAP
    else:
        start = last.started_at - OVERLAP if last is not None else now - timedelta(hours=1)
    return max(start, now - LONGEST), now


def _note(house: House, event: Event, changed: dict[RoomId, datetime | None]) -> None:
    text = event.data.get("id" if event.resource == "rooms" else "roomId")
    try:
        room = RoomId(str(text))
    except WrongId:
        return
    spoken = changed.get(room)
    if (
        event.resource == "messages"
        and event.type == "created"
        and event.actor_id is not None
        and not _is_bot(house, event.actor_id)
    ):
        spoken = event.created if spoken is None else max(spoken, event.created)
    changed[room] = spoken


def _is_bot(house: House, person: PersonId) -> bool:
    with house.store.read() as tx:
        known = tx.people.by_id(person)
    return known is not None and known.is_bot


def _refresh(house: House, room: RoomId, last_human: datetime | None) -> bool:
    try:
        key = touch(house, room, lane=Lane.BACKGROUND).key
    except Refusal:
        with house.store.read() as tx:
            known = tx.spaces.key_of(room)
        if known is not None:
            settle_missing(house, known)
        return True
    except WebexFault:
        return False
    if last_human is not None:
        with house.store.begin() as tx:
            tx.spaces.set_activity(key, last_activity=None, last_human=last_human)
            tx.commit()
    return True
