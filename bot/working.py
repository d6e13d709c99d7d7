"""Long works of people, carried on: each item once, through waits, stops and crashes.

Decides the order (what came of an item is written down before the next is begun), who carries
on (one process at a time, by a lease), when Webex is waited for, what is told meanwhile (a few
edits of one card) and in the end (a card and files, 1:1). What is done with an item is its
command's; that a work is taken up again at all is `bot/tasks.py`'s.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from bot.callers import Callers
from bot.liveness import BEAT, SPAN
from cards.kit import Card
from cards.sheets import Sheet, stamp, xlsx
from cards.work import MOST_ROWS, SAID, over_card, progress_card, result_card
from commands.working import Kind, Result, Working, about, kind_of
from domain.audit import Word
from domain.errors import Elsewhere, Fault, Paused, Refusal, Stopped
from domain.ids import MessageId, RoomId, StepKey
from domain.outgoing import Attached
from domain.people import SYSTEM, Person, Role
from domain.works import Came, Ended, How, Item, Work
from spaces.effects import Busy
from spaces.effects.cards import send_card
from spaces.effects.leasing import myself, take_over
from spaces.spec import House
from webex.errors import NotAuthorised, Throttled, Unclear, WebexFault
from webex.gateway import Lane

log = logging.getLogger(__name__)

TOLD_AT = (4.0, 15.0, 45.0, 120.0, 300.0, 900.0, 2700.0)
"""Seconds after which the card of the progress is edited; Webex allows ten edits (1.5)."""
AGAIN = (1.0, 3.0, 10.0, 30.0)
"""Seconds after which an item whose answer was lost is tried again."""
LONGEST_WAIT = 120.0
PAUSED_FOR = 2.0
"""Seconds after which it is looked whether everything is still paused."""
BY_ROLE_EVERY = 60.0
"""Seconds after which it is asked again what the caller may be."""
GONE = Refusal("You may not use me any more.")


class Carrier:
    """Carries on works. Called with a work's key and the event that ends the process."""

    def __init__(self, house: House, callers: Callers) -> None:
        self._house = house
        self._callers = callers

    def __call__(self, id: int, stopping: threading.Event) -> None:
        """Carries a work on until it is through, also where another process left off.

        Raises:
            Stopped: the process ends, or another one has it; it goes on there or after a start.
        """
        holder, lease = myself(), f"work/{id}"
        while not self._take(lease, holder):
            with self._house.store.read() as tx:
                known = tx.works.get(id)
            if known is None or known.finished_at is not None:
                return
            if stopping.wait(1):
                raise Stopped
        with self._kept(lease, holder) as lost:
            self._carry(id, lambda: stopping.is_set() or lost.is_set())

    def _carry(self, id: int, stop: Callable[[], bool]) -> None:
        with self._house.store.begin() as tx:
            tx.works.started(id)
            work = tx.works.get(id)
            person = tx.people.by_key(work.caller) if work else None
            tx.commit()
        if work is None or person is None or work.finished_at is not None:
            return
        kind = kind_of(work.kind)
        try:
            if kind is None:
                raise Refusal("I don't know this work any more.", "Begin it again.")
            ended = _Course(self._house, self._callers, work, person, kind, stop).run()
            self._end(kind, work, person, ended, stop)
        except Refusal as no:
            self._give_up(work, person, str(no))
        except Exception:
            fault = secrets.token_hex(4)
            log.exception("fault %s in work %s", fault, id)
            self._give_up(work, person, f"Something of mine broke; its number is {fault}.")

    # -- the end ----------------------------------------------------------------------------

    def _end(
        self, kind: Kind, work: Work, person: Person, ended: Ended, stop: Callable[[], bool]
    ) -> None:
        role = self._role_at_the_end(person)
        if role is Role.OUTSIDER:
            self._give_up(work, person, str(GONE), ended=ended, may_see=False)
            return
        with self._house.store.read() as tx:
            counts, results = tx.works.counts(work.id), tx.works.results(work.id)
            work = tx.works.get(work.id) or work
        made = kind.finish(
            Working(house=self._house, caller=person, role=role, work=work, stop=stop)
        )
        shown = replace(work, ended=ended)
        files = (*_table(kind, shown, results, person.time_zone), *made.files)
        card = result_card(
            shown, counts, _first(results), columns=kind.columns,
            notes=_notes(made, files), zone=person.time_zone,
        )  # fmt: skip
        self._tell(work, person, card, files)
        with self._house.store.begin() as tx:
            tx.works.finish(work.id, ended)
            tx.commit()
        self._settle_progress(work)

    def _role_at_the_end(self, person: Person) -> Role:
        """Read now; by what is known of a minute ago where Webex has no answer."""
        try:
            return self._callers.who(person.id, live=True).role
        except (Throttled, Unclear):
            return self._callers.who(person.id).role

    def _give_up(
        self, work: Work, person: Person, why: str, *, ended: Ended = Ended.FAILED,
        may_see: bool = True,
    ) -> None:  # fmt: skip
        """`may_see`: what came of each, which has names in it (I13)."""
        with self._house.store.read() as tx:
            counts, results = tx.works.counts(work.id), tx.works.results(work.id)
        shown = replace(work, ended=ended)
        card = result_card(
            shown, counts, _first(results) if may_see else (), columns=("Name", "What came of it"),
            notes=(why,), zone=person.time_zone,
        )  # fmt: skip
        self._tell(work, person, card, ())
        with self._house.store.begin() as tx:
            tx.works.finish(work.id, ended)
            tx.commit()
        self._settle_progress(work)

    def _tell(self, work: Work, person: Person, card: Card, files: Sequence[Attached]) -> None:
        """The result, once, and its files; a file whose answer was lost may come twice."""
        send_card(
            self._house, card, step=StepKey(f"{work.step}/result"), word=Word.MESSAGE_SEND,
            actor=SYSTEM, person=(person.key, person.id),
        )  # fmt: skip
        bot = self._house.webex.bot(Lane.BACKGROUND)
        for file in files:
            _patiently(partial(bot.send, person=person.id, text=file.text, file=file.parts))

    def _settle_progress(self, work: Work) -> None:
        _edit(self._house, work, over_card(work))

    # -- the lease --------------------------------------------------------------------------

    def _take(self, lease: str, holder: str) -> bool:
        with self._house.store.begin() as tx:
            taken = take_over(tx, lease, holder, span=SPAN)
            tx.commit()
        return taken

    @contextmanager
    def _kept(self, lease: str, holder: str) -> Iterator[threading.Event]:
        over, lost = threading.Event(), threading.Event()

        def beat() -> None:
            while not over.wait(BEAT):
                try:
                    with self._house.store.begin() as tx:
                        if not tx.leases.take(lease, holder, span=SPAN):
                            lost.set()
                            return
                        tx.commit()
                except Exception as no:  # the next beat tries again, in time
                    log.warning("the lease %s was not renewed: %s", lease, type(no).__name__)

        thread = threading.Thread(target=beat, name=lease, daemon=True)
        thread.start()
        try:
            yield lost
        finally:
            over.set()
            thread.join(5)
            with self._house.store.begin() as tx:
                tx.leases.give_back(lease, holder)
                tx.commit()


class _Halted(Exception):
    """Somebody stopped it while it waited."""


class _Course:
    """The items of one work, one batch after the other."""

    def __init__(
        self, house: House, callers: Callers, work: Work, person: Person, kind: Kind,
        stop: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._house = house
        self._callers = callers
        self._work = work
        self._person = person
        self._kind = kind
        self._stop = stop
        self._began = time.monotonic()
        self._told = 0
        self._role: tuple[float, Role] | None = None

    def run(self) -> Ended:
        while True:
            with self._house.store.read() as tx:
                now = tx.works.get(self._work.id)
                items = tx.works.left(self._work.id, count=self._kind.batch)
                done = sum(tx.works.counts(self._work.id).values())
            if now is not None and now.stopped_by:
                return Ended.STOPPED
            if not items:
                return Ended.DONE
            self._tell(done)
            try:
                came = self._do(items)
            except _Halted:
                return Ended.STOPPED
            with self._house.store.begin() as tx:
                tx.works.came(
                    self._work.id,
                    [(item.number, one) for item, one in zip(items, came, strict=True)],
                )
                tx.commit()

    def _do(self, items: Sequence[Item]) -> Sequence[Came]:
        """What came of a batch. One that breaks is done again item by item, so that no item
        pays for another."""
        pauses = iter(AGAIN)
        while True:
            if self._stop():
                raise Stopped
            try:
                working = self._working()
                if working.role is Role.OUTSIDER:
                    raise GONE
                return self._kind.do(working, items)
            except Throttled as no:
                self._halt_if_asked()
                self._wait((no.retry_at - datetime.now(UTC)).total_seconds())
            except NotAuthorised:
                raise
            except (Busy, Elsewhere, Unclear) as no:
                pause = next(pauses, None)
                if pause is None:
                    return self._singly(items, How.UNCLEAR, f"Webex gave no answer ({no}).")
                self._wait(pause)
            except Refusal as no:
                return self._singly(items, How.REFUSED, str(no))
            except Paused:  # it waits as long as that lasts
                self._halt_if_asked()
                self._wait(PAUSED_FOR)
            except Fault as no:
                return self._singly(items, How.REFUSED, str(no))
            except Exception:
                fault = secrets.token_hex(4)
                log.exception("fault %s in work %s", fault, self._work.id)
                said = f"Something of mine broke; its number is {fault}."
                return self._singly(items, How.UNCLEAR, said)

    def _halt_if_asked(self) -> None:
        with self._house.store.read() as tx:
            now = tx.works.get(self._work.id)
        if now is not None and now.stopped_by:
            raise _Halted

    def _singly(self, items: Sequence[Item], how: How, said: str) -> Sequence[Came]:
        if len(items) > 1:
            return [came for one in items for came in self._do([one])]
        named = items[0].payload
        name = named.get("name") or next(iter(named.values()), f"{items[0].number + 1}")
        return [Came(how=how, name=name, said=said)]

    def _working(self) -> Working:
        now = time.monotonic()
        if self._role is None or now - self._role[0] > BY_ROLE_EVERY:
            self._role = (now, self._callers.who(self._person.id, live=True).role)
        return Working(
            house=self._house, caller=self._person, role=self._role[1], work=self._work,
            stop=self._stop,
        )  # fmt: skip

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + max(0.05, min(seconds, LONGEST_WAIT))
        while time.monotonic() < until:
            if self._stop():
                raise Stopped
            time.sleep(0.05)

    def _tell(self, done: int) -> None:
        """Edits the card of the progress now and then."""
        spent = time.monotonic() - self._began
        if self._told >= len(TOLD_AT) or spent < TOLD_AT[self._told]:
            return
        self._told = sum(spent >= at for at in TOLD_AT)
        ends = _left(spent, done, self._work.total)
        _edit(self._house, self._work, progress_card(
            self._work, done, noun=self._kind.noun, ends=ends
        ))  # fmt: skip


def _left(spent: float, done: int, total: int) -> str:
    """About how long it still takes; nothing while that would be a guess."""
    if done < 10 or not total:
        return ""
    minutes = spent / done * (total - done) / 60
    return "less than a minute to go" if minutes < 1 else f"about {minutes:.0f} min to go"


def _edit(house: House, work: Work, card: Card) -> None:
    """Replaces the card of the progress. Only for show: a failure is not worth stopping for."""
    try:
        with house.store.begin() as tx:
            found = tx.presses.cards_about(about(work))
            if not found:
                return
            marker, message, room = found[-1]
            nonces = tx.presses.mint(card.presses, card=marker) if card.presses else {}
            tx.commit()
        house.webex.bot(Lane.BACKGROUND).edit(
            MessageId(message), RoomId(room), text=card.text, card=card.render(nonces, marker)
        )
    except WebexFault as no:
        log.info("the progress of work %s was not shown: %s", work.id, no)


def _first(results: Sequence[Came]) -> list[Came]:
    """In the order in which they matter: what failed, then what was so already, then the rest;
    what went as it should, and needs no word, only where there is little else to tell."""
    order = (How.UNCLEAR, How.REFUSED, How.ALREADY, How.DONE)
    return sorted(results, key=lambda one: order.index(one.how))


def _table(kind: Kind, work: Work, results: Sequence[Came], zone: str) -> tuple[Attached, ...]:
    """All of it as a file, where the card can't hold it."""
    if len(results) <= MOST_ROWS and not any(one.detail for one in results):
        return ()
    more = sorted({name for one in results for name in one.detail})
    rows = (
        (one.name, SAID[one.how], one.said, *(one.detail.get(name, "") for name in more))
        for one in results
    )
    sheet = Sheet(
        name="What came of it", columns=(kind.columns[0], "How", kind.columns[1], *more), rows=rows
    )
    name = f"{work.kind} {stamp(work.made_at)}"
    return (xlsx(name, sheet, zone=zone, says=f"What came of each, {work.title}"),)


def _notes(made: Result, files: Sequence[Attached]) -> tuple[str, ...]:
    said = "The file below has all of it." if len(files) == 1 else "The files below have all of it."
    return (*made.notes, *([said] if files else []))


def _patiently(send: Callable[[], object]) -> None:
    """Sends a file; what Webex finally won't take is told in the log only, since the card says
    that a file was to come."""
    for pause in (*AGAIN, None):
        try:
            send()
            return
        except (Throttled, Unclear) as no:
            if pause is None:
                log.warning("a file was not sent: %s", no)
                return
            time.sleep(pause)
        except WebexFault as no:
            log.warning("a file was not taken: %s", no)
            return
