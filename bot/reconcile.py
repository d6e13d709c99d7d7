"""What was said while nobody listened: read from Webex and put into the inbox.

Mercury tells each thing at most once (webex-facts 5.7), so after each new connection, and when
a frame was lost, the conversations in which something happened since the last arrival are read:
the 1:1 ones whole, group spaces for what mentions us. What is there already is known by its
uuid, which is the activity's own, and nothing is answered twice.

How far back: to where the connection was lost (at a start: to the last arrival) and five minutes
more, but never more than a day. A bot that starts on an empty database knows of no arrival, and
may have had another database before: it goes back a quarter of an hour, leaves alone what it has
said something after, and greets nobody. An answer that
may have got out already is not sent once more when the question is older than a quarter of an
hour (`bot/sending.py`), and what is older than a day is not answered at all (`bot/arrivals.py`).

Presses that were missed can't be read by anybody: Webex lists no attachment actions. They did
nothing, their buttons still work, and whoever pressed sees that nothing came of it. Of changes
of spaces only those that put us in or out are looked for; the crawl finds the rest.

All of it goes by the background lane, and is bounded; what is over the bounds is said in the log.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from bot.changes import Changes
from bot.frames import MESSAGE
from domain.errors import Refusal
from domain.ids import RoomId
from domain.spaces import SpaceType
from spaces.effects import settle_open
from spaces.spec import House
from spaces.sync.pages import Whole, follow
from storage.inbox import Arrival
from webex.errors import Missing, WebexFault
from webex.gateway import Lane
from webex.values import Message, Room

log = logging.getLogger(__name__)

LONGEST = timedelta(days=1)
AT_FIRST = timedelta(minutes=15)
MARGIN = timedelta(minutes=5)
"""Webex's clock and ours may differ by so much (safety.md)."""
MOST_ROOMS = 1000
MOST_MESSAGES = 100
MOST_NEW = 200
PAUSES, LONGEST_PAUSE = 5, 30.0
"""Between two readings there are so many times as many seconds as the first one took, at most."""
AGAIN = 30.0
"""Seconds after which one that Webex broke off is made again."""


class Reconciler:
    """One reading at a time, on a thread of its own; asked for by `soon`, from any thread."""

    def __init__(self, house: House, changes: Changes, *, offer: Callable[[Arrival], None]) -> None:
        self._house = house
        self._changes = changes
        self._offer = offer
        self._since: datetime | None = None
        """Where what may have been missed begins; None: nowhere."""
        self._is_first = False
        self._asked = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reconcile", daemon=True)

    def start(self) -> None:
        """Before anything new arrives: where the last process ended is where we begin."""
        with self._house.store.read() as tx:
            last = tx.inbox.last_received()
            self._is_first = last is None
            self._since = last if last is not None else tx.now - AT_FIRST + MARGIN
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._asked.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def lost(self) -> None:
        """From now on nothing is heard."""
        if self._since is None:
            self._since = self._house.clock.now()

    def soon(self) -> None:
        """Something may have been missed, and can be read now."""
        self.lost()
        self._asked.set()

    def _run(self) -> None:
        is_whole = True
        while True:
            self._asked.wait(None if is_whole else AGAIN)
            self._asked.clear()
            if self._stopped.is_set():
                return
            began = time.monotonic()
            try:
                is_whole = self.read()
            except WebexFault as no:
                is_whole = False
                log.warning("what was missed could not be read: %s", no)
            except Exception:
                is_whole = False
                log.exception("what was missed could not be read")
            took = time.monotonic() - began if is_whole else 0.0
            self._stopped.wait(min(LONGEST_PAUSE, 0.5 + PAUSES * took))

    def read(self) -> bool:
        """Settles what is open and reads what was missed, once. Says whether it saw all."""
        begin, self._since = self._since, None
        is_whole = False
        try:
            settle_open(self._house)
            now = self._house.clock.now()
            is_whole = self._read(max(now - LONGEST, (begin or now) - MARGIN))
            return is_whole
        finally:
            if is_whole:
                self._is_first = False
            elif begin is not None:  # the next one begins there again
                self._since = begin

    def _read(self, since: datetime) -> bool:
        bot, now = self._house.webex.bot(Lane.BACKGROUND), self._house.clock.now()
        rooms = follow(lambda address: bot.rooms(address=address))
        active = [r for r in rooms.items if r.last_activity is None or r.last_activity >= since]
        active.sort(key=lambda room: room.last_activity or now, reverse=True)
        if len(active) > MOST_ROOMS:
            log.warning("%s conversations are left unread", len(active) - MOST_ROOMS)
        found: list[tuple[Room, Message]] = []
        is_whole = rooms.complete
        for room in active[:MOST_ROOMS]:
            if self._stopped.is_set():
                return False
            try:
                found += self._missed(room, since, is_first=self._is_first)
            except Missing:
                continue  # we were put out meanwhile
            except WebexFault as no:
                log.warning("a conversation could not be read: %s", no)
                is_whole = False
        for room, message in sorted(found, key=lambda pair: pair[1].created):
            self._offer(_arrival(room, message))
        self._compare(rooms, [room for room in active if room.type is SpaceType.GROUP], since)
        return is_whole

    def _missed(
        self, room: Room, since: datetime, *, is_first: bool
    ) -> Iterable[tuple[Room, Message]]:
        """What people said to us in a conversation since then, newest first."""
        bot = self._house.webex.bot(Lane.BACKGROUND)
        me = bot.me().id.uuid
        mentioned = None if room.type is SpaceType.DIRECT else "me"
        address: str | None = None
        read = 0
        found: list[tuple[Room, Message]] = []
        while read < MOST_MESSAGES:
            page = bot.messages(room.id, mentioned=mentioned, max=50, address=address)
            for message in page.items:
                read += 1
                is_ours = message.person_id.uuid == me
                if message.created < since or (is_first and is_ours):
                    return found
                if not is_ours:
                    found.append((room, message))
            if page.next is None:
                return found
            address = page.next
        log.warning("a conversation has more new messages than are read back")
        return found

    def _compare(self, rooms: Whole[Room], active: list[Room], since: datetime) -> None:
        """Spaces that we were put into or out of meanwhile."""
        bot = self._house.webex.bot(Lane.BACKGROUND)
        me = bot.me().id
        with self._house.store.read() as tx:
            person = tx.people.by_id(me)
            known = tx.spaces.ids_with(person.key) if person else frozenset()
        new = sorted({room.id for room in active} - known)
        gone = sorted(known - {room.id for room in rooms.items}) if rooms.complete else []
        if len(new) + len(gone) > MOST_NEW:
            log.warning("%s spaces are left to the crawl", len(new) + len(gone) - MOST_NEW)
        for room in [*gone, *new][:MOST_NEW]:
            if self._stopped.is_set():
                return
            try:
                self._changes.look(room, heard_at=self._house.clock.now())
                if not self._is_first and room in new and self._is_fresh(room, since):
                    self._changes.welcome(room, by="")
            except (Refusal, WebexFault) as no:
                log.info("a space could not be looked at: %s", no)

    def _is_fresh(self, room: RoomId, since: datetime) -> bool:
        """Whether we were added to it since then, and not by ourselves."""
        bot = self._house.webex.bot(Lane.BACKGROUND)
        mine = bot.membership_of(room, bot.me().id)
        if mine is None or mine.created is None or mine.created < since:
            return False
        return bot.room(room).creator_id != bot.me().id


def _arrival(room: Room, message: Message) -> Arrival:
    uuid = message.id.uuid
    return Arrival(
        id=uuid, kind=MESSAGE,
        body={
            "id": uuid, "message": str(message.id), "room": room.id.uuid, "room_id": str(room.id),
            "is_private": room.type is SpaceType.DIRECT, "person": message.person_id.uuid,
        },
    )  # fmt: skip
