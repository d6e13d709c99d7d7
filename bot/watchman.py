"""The threads behind watches: reading Webex's record, looking at what was heard, and telling.

Decides how soon, how many at once and by whom; what each step is, `spaces/watching` says. Any
number of processes may do it side by side: the record is read by one of them at a time, by a
lease, and each sighting and each delivery is claimed by one. While nobody watches anything,
nothing is asked of Webex.

A receiver that does not answer holds one worker for some seconds, and no more: of each watch
one delivery is in hand, and watches whose last attempt failed share half of the workers.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from cards.happened import happened_card
from cards.watch import paused_card
from domain.errors import Refusal
from domain.outgoing import Showable
from domain.watches import Watch
from spaces.effects.leasing import take_over
from spaces.spec import House
from spaces.watching.matching import match
from spaces.watching.polling import poll_watched
from spaces.watching.showing import show_maker
from spaces.watching.telling import Cards, Teller
from storage.inbox import Arrival
from webex.errors import NotAuthorised, Throttled, WebexFault
from webex.gateway import Lane

log = logging.getLogger(__name__)

POLL_SECONDS = 4.0
IDLE_SECONDS = 1.0
"""Between two looks for what another process wrote down; of our own we are told at once."""
CLAIM = timedelta(seconds=45)
"""Longer than any attempt; what a killed process held is free after it (safety.md, L1)."""
LOOKERS, TELLERS = 4, 12
CARDS, POSTS = 30, 300
"""Deliveries of one watch in a minute, to people and to an address."""
READER = "watch/reader"
READS_FOR = timedelta(seconds=30)


class Watchman:
    """Args:
    house: with everything that use cases need.
    who: this process, in claims.
    """

    def __init__(self, house: House, *, who: str) -> None:
        self._house = house
        self._who = who
        cards = Cards(happened=happened_card, paused=self._paused_card)
        self._teller = Teller(house, cards, who=who)
        self._lookers = ThreadPoolExecutor(LOOKERS, thread_name_prefix="look")
        self._tellers = ThreadPoolExecutor(TELLERS, thread_name_prefix="tell")
        self._in_hand: set[int] = set()
        self._ailing: set[int] = set()
        """Of what is in hand, that of watches whose last attempt failed."""
        self._looking: set[str] = set()
        self._lock = threading.Lock()
        self._me = house.webex.bot(Lane.BACKGROUND).me().id.uuid
        self._is_watching = False
        self._stopped = threading.Event()
        self._heard, self._made = threading.Event(), threading.Event()
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._loop, args=(step, wake, pause), name=name, daemon=True)
            for name, step, wake, pause in (
                ("watch-read", self.read, self._over, POLL_SECONDS),
                ("watch-look", self.look, self._heard, IDLE_SECONDS),
                ("watch-tell", self.tell, self._made, IDLE_SECONDS),
            )
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Begins nothing more; what is in hand is finished, or comes free by itself."""
        self._stopped.set()
        for wake in (self._heard, self._made, self._over):
            wake.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(20)
        for pool in (self._lookers, self._tellers):
            pool.shutdown(wait=True, cancel_futures=True)

    def soon(self) -> None:
        """Something was heard and is written down."""
        self._heard.set()

    def wants(self, sign: Arrival) -> bool:
        """Whether a frame is worth taking that nobody goes by but watches."""
        return self._is_watching and sign.body.get("person") != self._me

    def _loop(self, step: Callable[[], None], wake: threading.Event, pause: float) -> None:
        while not self._stopped.is_set():
            wake.clear()
            try:
                step()
            except WebexFault as no:
                log.warning("a step of the watches waits: %s", no)
            except Exception:
                log.exception("a step of the watches failed")
            if not self._stopped.is_set():
                wake.wait(pause)

    # -- reading Webex's record -------------------------------------------------------------

    def read(self) -> None:
        """Reads what /events has of what is watched, if that is our turn."""
        if not self._house.webex.has_compliance:
            return
        with self._house.store.read() as tx:
            interest = tx.watches.interest()
        if interest.since is None:
            return
        with self._house.store.begin() as tx:
            is_ours = take_over(tx, READER, self._who, span=READS_FOR)
            tx.commit()
        if is_ours and poll_watched(self._house, since=interest.since):
            self._heard.set()

    # -- looking ----------------------------------------------------------------------------

    def look(self) -> None:
        """Hands out what was heard."""
        with self._lock:
            room = LOOKERS * 2 - len(self._looking)
        if room <= 0:
            return
        with self._house.store.read() as tx:
            self._is_watching = tx.watches.interest().since is not None
            left = [id for id in tx.sightings.left(limit=LOOKERS * 4) if id not in self._looking]
        for id in left[:room]:
            with self._lock:
                self._looking.add(id)
            self._lookers.submit(self._look_at, id)

    def _look_at(self, id: str) -> None:
        wait: timedelta | None = timedelta(seconds=30)
        try:
            with self._house.store.begin() as tx:
                heard = tx.sightings.take(id, span=CLAIM)
                tx.commit()
            if heard is None:
                wait = None
                return
            matched = match(self._house, heard)
            wait = matched.again
            if matched.deliveries:
                self._made.set()
        except Throttled as no:
            log.info("sighting %s waits: %s", id, no)
        except NotAuthorised as no:
            log.error("sighting %s waits: %s", id, no)
        except (WebexFault, Refusal) as no:
            log.warning("sighting %s waits: %s", id, no)
            wait = timedelta(seconds=5)
        except Exception:
            log.exception("sighting %s could not be looked at", id)
        finally:
            self._put_back(id, wait)
            with self._lock:
                self._looking.discard(id)
            self._heard.set()

    def _put_back(self, id: str, wait: timedelta | None) -> None:
        if wait is None:
            return
        try:
            with self._house.store.begin() as tx:
                tx.sightings.look_again(id, after=wait)
                tx.commit()
        except Exception as no:  # its claim runs out by itself
            log.warning("sighting %s was not put back: %s", id, type(no).__name__)

    # -- telling ----------------------------------------------------------------------------

    def tell(self) -> None:
        """Hands out what is due."""
        with self._lock:
            room = TELLERS - len(self._in_hand)
            is_crowded = len(self._ailing) >= TELLERS // 2
        if room <= 0:
            return
        with self._house.store.read() as tx:
            ailing = tx.watches.ailing()
            due = tx.deliveries.due(
                limit=room, cards=CARDS, posts=POSTS, unless=ailing if is_crowded else ()
            )
        for key in due:
            with self._lock:
                if key in self._in_hand:
                    continue
                self._in_hand.add(key)
            self._tellers.submit(self._tell_one, key, ailing)

    def _tell_one(self, key: int, ailing: frozenset[int]) -> None:
        try:
            with self._house.store.begin() as tx:
                delivery = tx.deliveries.take(key, by=self._who, span=CLAIM)
                tx.commit()
            if delivery is None:
                return
            if delivery.watch in ailing:
                with self._lock:
                    self._ailing.add(key)
            self._teller.tell(delivery)
        except Exception:
            log.exception("delivery %s could not be told", key)
        finally:
            with self._lock:
                self._in_hand.discard(key)
                self._ailing.discard(key)
            self._made.set()

    def _paused_card(self, watch: Watch, why: str, zone: str) -> Showable:
        return paused_card(show_maker(self._house, watch), why, zone=zone)
