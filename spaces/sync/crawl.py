"""The crawl: every person of the company, every space that any of them is in, and who is in it.

Webex has no list of all spaces (webex-facts 3.4), so a compliance officer's token asks for
each person's memberships, and then for each space found. The work is cut into parts that are
ticked off as they are done, many in one transaction; a crawl that was stopped goes on with the
rest. What a part does, and when what came is not to be believed, is `parts`'; here stands in
which order, by whom, and when the whole is complete (safety.md, rails):

- whatever failed is tried once more after all the others, and then is a fault of the generation;
- the books are compared: whoever sits in a space should have named it, and be listed;
- a known space that was not seen is looked at alone; unseen is never taken for gone.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.audit import Word
from domain.ids import RoomId
from domain.people import SYSTEM
from spaces.effects.leasing import myself, take_over
from spaces.spec import House
from spaces.sync.parts import Came, Reader, write, wrong_people
from storage.crawls import Crawl, Kind
from webex.errors import Denied, Throttled, WebexFault

log = logging.getLogger(__name__)

COMPANY, MEMBER = "company", "member"
SHARE_SEEN = 0.995
AT_ONCE = 8
CHUNK, BATCH = 500, 100
"""Parts fetched, and results written, at a time."""
WRITE_AFTER = 3.0
"""Seconds: what a kill loses of the reading, where Webex's pace fills no batch."""
MOST_TRIES = 2
MOST_CHECKS = 5
MOST_DENIED = 20
"""Refusals one after another: the token was narrowed, and nothing may be inferred from it."""
LEASE = "crawl"
HELD_FOR = timedelta(seconds=60)

Progress = Callable[[int, int | None], None]
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """What came of a crawl, or of this sitting of it. `again_at`: Webex asks to wait so long."""

    generation: int
    is_finished: bool
    is_complete: bool
    spaces: int
    people: int
    said: str
    again_at: datetime | None = None


class _Superseded(Exception):
    """Another process crawls now."""


def crawl(
    house: House, *, progress: Progress = lambda done, total: None, stop: Stop = lambda: False,
    held_for: timedelta = HELD_FOR,
) -> Crawled:  # fmt: skip
    """Crawls the company, or in member mode what the bot is in; goes on with an open crawl.

    Only one process crawls at a time; the others are told so at once. `held_for` is how long
    after the death of one another may go on.

    Raises:
        NotAuthorised, Denied: the token is dead or was narrowed; the crawl stays open.
    """
    mode = COMPANY if house.webex.has_compliance else MEMBER
    holder = f"{myself()}/{uuid.uuid4().hex[:8]}"
    with house.store.begin() as tx:
        is_mine = take_over(tx, LEASE, holder, span=held_for)
        now = tx.crawls.unfinished(mode)
        if is_mine and now is None:
            now = tx.crawls.start(mode)
            lists = ("company", "people", "own") if mode == COMPANY else ("company", "own")
            tx.crawls.add_parts(now.generation, Kind.LIST, lists)
        tx.commit()
    sweep = _Sweep(house, now, holder, progress, stop, held_for)
    if not is_mine:
        return sweep.result(said="another process is crawling")
    try:
        return sweep.run()
    except _Superseded:
        return sweep.result(said="another process went on with it")
    finally:
        with house.store.begin() as tx:
            tx.leases.give_back(LEASE, holder)
            tx.commit()


class _Sweep:
    """One sitting of one crawl."""

    def __init__(
        self, house: House, now: Crawl | None, holder: str, progress: Progress, stop: Stop,
        held_for: timedelta,
    ) -> None:  # fmt: skip
        self._house = house
        self._generation = 0 if now is None else now.generation
        self._mode = MEMBER if now is None else now.mode
        self._holder = holder
        self._progress = progress
        self._stop = stop
        self._held_for = held_for

    def run(self) -> Crawled:
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="crawl") as pool:
            while True:
                try:
                    if not self._work(pool):
                        return self.result(said="stopped on the way")
                    if not self._check():
                        return self._finish()
                except Throttled as busy:
                    return self.result(said="Webex asks me to wait", again_at=busy.retry_at)

    def result(self, *, said: str = "", again_at: datetime | None = None) -> Crawled:
        with self._house.store.read() as tx:
            now = tx.crawls.get(self._generation) if self._generation else None
            return Crawled(
                generation=self._generation,
                is_finished=now is not None and now.finished_at is not None,
                is_complete=now is not None and now.is_complete,
                spaces=tx.spaces.count_live(), people=tx.people.count(),
                said=said or (now.said if now else ""), again_at=again_at,
            )  # fmt: skip

    def _work(self, pool: ThreadPoolExecutor) -> bool:
        """All open parts, several at once. False when it was told to stop."""
        reader = Reader(self._house, is_company=self._mode == COMPANY)
        while True:
            with self._house.store.read() as tx:
                parts = tx.crawls.open_parts(self._generation, limit=CHUNK)
                seats = tx.crawls.seats([one for one in parts if one.kind is Kind.ROOM])
            if not parts:
                return True
            asked = {
                pool.submit(reader.read, one, frozenset(seats.get(one.key, ()))) for one in parts
            }
            if not self._gather(asked):
                return False

    def _gather(self, asked: set[Future[Came]]) -> bool:
        """Writes what comes, many parts at a time. False when it was told to stop."""
        came: list[Came] = []
        stopped, trouble = False, None
        written = time.monotonic()
        while asked:
            done, asked = wait(asked, timeout=1.0, return_when=FIRST_COMPLETED)
            for one in done:
                if one.cancelled():
                    continue
                try:
                    came.append(one.result())
                except WebexFault as fault:
                    trouble = fault
            trouble = trouble or self._refused(came)
            stopped = stopped or self._stop()
            if stopped or trouble is not None:
                for one in asked:
                    one.cancel()
            if len(came) >= BATCH or not asked or time.monotonic() - written > WRITE_AFTER:
                self._write(came)
                came, written = [], time.monotonic()
        if trouble is not None:
            raise trouble
        return not stopped

    def _refused(self, came: list[Came]) -> WebexFault | None:
        """Many refusals and nothing else: the token was narrowed."""
        last = [one.fault for one in came[-MOST_DENIED:]]
        if len(last) == MOST_DENIED and all(isinstance(one, Denied) for one in last):
            return last[-1]
        return None

    def _write(self, came: list[Came]) -> None:
        """Renews the lease in the same transaction: who lost it writes nothing."""
        with self._house.store.begin() as tx:
            if not tx.leases.take(LEASE, self._holder, span=self._held_for):
                raise _Superseded
            write(tx, self._generation, came, most_tries=MOST_TRIES)
            now = tx.crawls.get(self._generation)
            tx.commit()
        self._progress(now.done, now.total)

    def _check(self) -> bool:
        """Compares the books, and asks again where they differ. False when nothing is left to
        ask for."""
        if self._mode == MEMBER:
            return self._look_for(self._unseen())
        generation = self._generation
        with self._house.store.read() as tx:
            now = tx.crawls.get(generation)
            unlisted = tx.crawls.unlisted(generation)
            short = tx.crawls.short_lists(generation)
            teams = [] if now.checks else tx.spaces.teams()
        if now.checks >= MOST_CHECKS:
            return False
        wrong = wrong_people(self._house, unlisted) if unlisted else ""
        still = [id for id, tries in short if tries]
        with self._house.store.begin() as tx:
            tx.crawls.checked(generation)
            tx.crawls.add_parts(generation, Kind.PERSON, unlisted)
            tx.crawls.add_parts(generation, Kind.TEAM, teams)
            tx.crawls.ask_again(generation, Kind.PERSON, [id for id, tries in short if not tries])
            if wrong:
                tx.crawls.fault(generation, wrong)
            if still and now.checks:
                tx.crawls.fault(generation, f"{len(still)} people's lists leave out spaces")
            tx.commit()
        unseen = self._look_for(self._unseen())
        return bool(unseen or unlisted or teams or len(still) < len(short))

    def _unseen(self) -> list[RoomId]:
        with self._house.store.read() as tx:
            return tx.crawls.unseen(self._generation)

    def _look_for(self, rooms: list[RoomId]) -> bool:
        with self._house.store.begin() as tx:
            tx.crawls.ask_again(self._generation, Kind.ROOM, rooms)
            tx.commit()
        return bool(rooms)

    def _finish(self) -> Crawled:
        house, generation = self._house, self._generation
        with house.store.begin() as tx:
            now = tx.crawls.get(generation)
            known = tx.spaces.count_live() + now.lost
            share = 1.0 if not known else 1 - now.lost / known
            said = now.said
            if self._mode == COMPANY and not known:
                said = said or "nobody is in any space, and that can't be"
                complete = False
            elif self._mode == MEMBER:
                complete, said = now.faults == 0, said or "only the spaces that I am in"
            else:
                complete = now.faults == 0 and share >= SHARE_SEEN
                if share < SHARE_SEEN:
                    said = said or f"{now.lost} of {known} spaces not seen"
            tx.crawls.finish(generation, complete=complete, said=said)
            tx.audit.add(
                Word.CRAWL_END, SYSTEM, generation=generation, complete=complete, said=said,
                mode=self._mode,
            )  # fmt: skip
            tx.commit()
        return self.result()
