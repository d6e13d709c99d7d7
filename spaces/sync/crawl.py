"""The crawl: every person of the company, every space that any of them is in, and who is in it.

Webex has no list of all spaces (webex-facts 3.4), so a compliance officer's token asks for
each person's memberships, and then for each room found. The work is cut into parts that are
ticked off as they are done; a crawl that was stopped goes on with the rest. Whether it is
complete is decided by safety.md's rule, and unseen is never taken for gone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from domain.audit import Word
from domain.ids import PersonId, RoomId
from domain.people import SYSTEM
from domain.spaces import SpaceState
from spaces.spec import House
from spaces.sync.decoding import person_seen
from spaces.sync.live import record, settle_missing
from spaces.sync.pages import follow
from storage.crawls import Crawl
from webex.errors import Deleted, Denied, Missing, NotAuthorised, WebexFault
from webex.gateway import Gateway, Lane

log = logging.getLogger(__name__)

COMPANY, MEMBER = "company", "member"
SHARE_SEEN = 0.995
AT_ONCE = 8
BATCH = 64

Progress = Callable[[int, int | None], None]
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """What came of a crawl, or of this sitting of it."""

    generation: int
    is_finished: bool
    is_complete: bool
    spaces: int
    people: int
    said: str


def crawl(
    house: House, *, progress: Progress = lambda done, total: None, stop: Stop = lambda: False
) -> Crawled:
    """Crawls the company, or in member mode what the bot is in; goes on with an open crawl.

    Raises:
        NotAuthorised: the token is dead; the crawl stays open.
    """
    mode = COMPANY if house.webex.has_compliance else MEMBER
    with house.store.begin() as tx:
        now = tx.crawls.unfinished(mode) or tx.crawls.start(mode)
        tx.commit()
    sweep = _Sweep(house, now, progress, stop)
    return sweep.run()


class _Sweep:
    """One sitting of one crawl."""

    def __init__(self, house: House, now: Crawl, progress: Progress, stop: Stop) -> None:
        self._house = house
        self._crawl = now
        self._progress = progress
        self._stop = stop
        self._eyes: Gateway = (
            house.webex.compliance(Lane.BACKGROUND)
            if now.mode == COMPANY
            else house.webex.bot(Lane.BACKGROUND)
        )

    def run(self) -> Crawled:
        if self._crawl.total is None:
            self._begin()
        for prefix, one in (("person:", self._person), ("room:", self._room)):
            if not self._work(prefix, one):
                return self._result(finished=False, complete=False, said="stopped on the way")
        return self._finish()

    def _begin(self) -> None:
        """What there is to ask for: our own people, or the bot's own rooms."""
        house, generation = self._house, self._crawl.generation
        self._company()
        if self._crawl.mode == MEMBER:
            rooms = follow(lambda address: self._eyes.rooms(address=address))
            if not rooms.complete:
                self._fault(rooms.why)
            with house.store.begin() as tx:
                tx.crawls.add_parts(generation, [f"room:{room.id}" for room in rooms.items])
                tx.commit()
            return
        self._people()
        with house.store.begin() as tx:
            ours = tx.people.ours()
            tx.crawls.add_parts(generation, [f"person:{key}:{id}" for key, id in ours])
            tx.commit()

    def _company(self) -> None:
        """Our organisation and its classifications, without which nothing can be judged."""
        house = self._house
        try:
            organisation = self._eyes.organisation()
            with house.store.begin() as tx:
                tx.people.set_own_org(organisation.id, organisation.name)
                tx.commit()
        except (Denied, Missing):
            self._fault("our own organisation could not be read")
        if self._crawl.mode == COMPANY:
            try:
                seen = [(str(c.id), c.title, c.rank) for c in self._eyes.classifications()]
                with house.store.begin() as tx:
                    tx.spaces.write_classifications(seen)
                    tx.commit()
            except WebexFault:
                self._fault("the classifications could not be read")

    def _people(self) -> None:
        try:
            people = follow(lambda address: self._eyes.people(address=address))
        except (Denied, WebexFault) as no:
            if isinstance(no, NotAuthorised):
                raise
            self._fault(f"the list of people could not be read: {no.said}")
            return
        if not people.complete:
            self._fault(people.why)
        with self._house.store.begin() as tx:
            tx.people.ensure([person_seen(person) for person in people.items])
            tx.commit()

    def _work(self, prefix: str, one: Callable[[str], None]) -> bool:
        """All open parts of a kind, several at once. False when it was told to stop."""
        generation = self._crawl.generation
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="crawl") as pool:
            while True:
                with self._house.store.read() as tx:
                    parts = tx.crawls.open_parts(generation, prefix=prefix, limit=BATCH)
                    now = tx.crawls.get(generation)
                self._progress(now.done, now.total)
                if not parts:
                    return True
                if self._stop():
                    return False
                for done in [pool.submit(self._part, part, prefix, one) for part, _ in parts]:
                    done.result()

    def _part(self, part: str, prefix: str, one: Callable[[str], None]) -> None:
        """A part that can't be read is a fault of this generation, and the others go on."""
        try:
            one(part.removeprefix(prefix))
        except NotAuthorised:
            raise
        except WebexFault as no:
            self._fault(no.said)
        with self._house.store.begin() as tx:
            tx.crawls.part_done(self._crawl.generation, part)
            tx.commit()

    def _person(self, what: str) -> None:
        """The rooms that a person is in become parts; members are read room by room, since
        only that shows the outsiders."""
        id = PersonId(what.partition(":")[2])
        found = follow(lambda address: self._eyes.memberships(person=id, address=address))
        if not found.complete:
            self._fault(found.why)
        rooms = {f"room:{membership.room_id}" for membership in found.items}
        with self._house.store.begin() as tx:
            tx.crawls.add_parts(self._crawl.generation, sorted(rooms))
            tx.commit()

    def _room(self, what: str) -> None:
        id = RoomId(what)
        try:
            room = self._eyes.room(id)
            members = follow(lambda address: self._eyes.memberships(room=id, address=address))
        except (Missing, Deleted):
            return  # went away meanwhile; `_finish` finds out how
        if not members.complete:
            self._fault(members.why)
        if room.title is None and room.type.name == "GROUP":
            log.info("a title could not be decrypted: %s", id)
        record(self._house, room, members, generation=self._crawl.generation)

    def _finish(self) -> Crawled:
        """What was known and was not seen is looked at one by one before it is judged."""
        house, generation = self._house, self._crawl.generation
        with house.store.read() as tx:
            known = tx.spaces.count_live()
            unseen = tx.spaces.live_keys(not_seen_in=generation)
        lost = 0
        for key in unseen:
            try:
                if settle_missing(house, key) is not SpaceState.GONE:
                    lost += 1
            except WebexFault:
                lost += 1
        with house.store.read() as tx:
            now = tx.crawls.get(generation)
        share = 1.0 if not known else 1 - lost / known
        complete = now.faults == 0 and share >= SHARE_SEEN and self._crawl.mode == COMPANY
        said = now.said or ("" if share >= SHARE_SEEN else f"{lost} of {known} spaces not seen")
        if self._crawl.mode == MEMBER:
            said = said or "only the spaces that I am in"
            complete = now.faults == 0
        with house.store.begin() as tx:
            tx.crawls.finish(generation, complete=complete, said=said)
            tx.audit.add(
                Word.CRAWL_END, SYSTEM, generation=generation, complete=complete, said=said,
                mode=self._crawl.mode,
            )  # fmt: skip
            tx.commit()
        return self._result(finished=True, complete=complete, said=said)

    def _result(self, *, finished: bool, complete: bool, said: str) -> Crawled:
        with self._house.store.read() as tx:
            return Crawled(
                generation=self._crawl.generation, is_finished=finished, is_complete=complete,
                spaces=tx.spaces.count_live(), people=tx.people.count(), said=said,
            )  # fmt: skip

    def _fault(self, said: str) -> None:
        with self._house.store.begin() as tx:
            tx.crawls.fault(self._crawl.generation, said)
            tx.commit()
