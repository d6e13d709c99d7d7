"""From an arrival to a worker: written down first, handled once, and again after a crash.

Decides the order (the inbox row, then the acknowledgement, then the work), who works on it, how
long a claim lasts and when something is tried again. What an arrival means is
`bot/arrivals.py`'s.

A claim is short and renewed while its worker lives, so that after a kill another process takes
over within a minute. What people say and press has workers of its own: a thousand changes of
members wait for each other, and nobody waits for them.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import TypeVar

from bot.frames import MESSAGE, PRESS
from bot.order import Order
from bot.writer import Writer
from storage.inbox import Arrival, Letter
from storage.store import Store, UnitOfWork

T = TypeVar("T")
CLAIM = timedelta(seconds=40)
ROUND = 5.0
"""Seconds between two looks at what others left over."""
PERSEVERANCE = timedelta(minutes=15)
"""How long an answer is tried for; whoever asked has given up by then."""
BEHIND = 4
"""Workers for what nobody waits for."""
_log = logging.getLogger(__name__)


class Handled(StrEnum):
    ANSWERED = "answered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Later:
    """It could not be done now; `seconds` say when to try again."""

    seconds: float


Turn = AbstractContextManager[None]
"""Inside it, it is this letter's turn among those of its person."""
Handle = Callable[[Letter, Turn], Handled | Later]


class Intake:
    def __init__(
        self, store: Store, writer: Writer, handle: Handle, *, who: str, workers: int = 100
    ) -> None:
        self._order = Order()
        self._store = store
        self._writer = writer
        self._handle = handle
        self._who = who
        self._chat = ThreadPoolExecutor(workers, thread_name_prefix="worker")
        self._behind = ThreadPoolExecutor(BEHIND, thread_name_prefix="behind")
        self._new: deque[tuple[Arrival, Callable[[], None]]] = deque()
        self._in_hand: set[str] = set()
        self._begun: set[str] = set()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._wake = threading.Event()
        self._next_look = 0.0
        self._watch = threading.Thread(target=self._look_round, name="intake", daemon=True)

    def start(self) -> None:
        self._watch.start()

    def stop(self, *, wait: bool = True) -> None:
        """Takes nothing more; what is begun is finished, what is not is left to others."""
        self._stopped.set()
        self._wake.set()
        for pool in (self._chat, self._behind):
            pool.shutdown(wait=wait, cancel_futures=True)
        if self._watch.is_alive():
            self._watch.join(10)
        with self._lock:
            left = sorted(self._in_hand - self._begun)
        if left:
            try:
                self._writer.now(lambda tx: tx.inbox.give_back(left, by=self._who))
            except Exception as no:  # their claims run out by themselves
                _log.warning("what was not begun was not given back: %s", type(no).__name__)

    @property
    def in_hand(self) -> int:
        return len(self._in_hand) + len(self._new)

    def offer(self, arrival: Arrival, *, written: Callable[[], None] = lambda: None) -> None:
        """Takes an arrival; returns at once. `written` is called when its row is committed."""
        self._new.append((arrival, written))
        self._write_new()

    # -- writing down -----------------------------------------------------------------------

    def _write_new(self) -> None:
        """Has everything new written in one statement; whoever comes later finds nothing."""
        batch: list[tuple[Arrival, Callable[[], None]]] = []

        def receive(tx: UnitOfWork) -> tuple[Letter, ...]:
            batch.extend(_drained(self._new))
            return tx.inbox.receive([one for one, _ in batch], by=self._who, span=CLAIM)

        def received(done: Future[tuple[Letter, ...]]) -> None:
            if done.exception() is not None:  # the next round tries again
                self._new.extendleft(reversed(batch))
                return
            for letter in done.result():
                self._submit(letter)
            for _, written in batch:
                written()

        self._writer.soon(receive).add_done_callback(received)

    # -- working ----------------------------------------------------------------------------

    def _submit(self, letter: Letter) -> None:
        with self._lock:
            if letter.id in self._in_hand or self._stopped.is_set():
                return
            self._in_hand.add(letter.id)
        self._begin(self._order.arrive(letter))

    def _begin(self, letters: list[Letter]) -> None:
        for letter in letters:
            pool = self._chat if letter.kind in (MESSAGE, PRESS) else self._behind
            try:
                pool.submit(self._work, letter)
            except RuntimeError:  # it is being shut down; others will take this up
                return

    def _work(self, letter: Letter) -> None:
        with self._lock:
            if self._stopped.is_set():
                return
            self._begun.add(letter.id)
        try:
            try:
                how = self._handle(letter, self._order.turn(letter))
            except Exception:
                _log.exception("arrival %s could not be handled", letter.id)
                how = Later(2.0)
            self._close(letter, how)
        except Exception:
            _log.exception("what came of arrival %s could not be written", letter.id)
        finally:
            with self._lock:
                self._in_hand.discard(letter.id)
                self._begun.discard(letter.id)
            self._begin(self._order.leave(letter))

    def _close(self, letter: Letter, how: Handled | Later) -> None:
        if isinstance(how, Later):
            with self._store.read() as tx:
                is_over = tx.now - letter.received_at > PERSEVERANCE
            if not is_over:
                wait = timedelta(seconds=how.seconds)
                self._writer.now(lambda tx: tx.inbox.again(letter.id, after=wait))
                self._look_in(how.seconds)
                return
            _log.error("arrival %s is given up: it could not be handled in time", letter.id)
        if how is Handled.ANSWERED:
            self._writer.now(lambda tx: tx.inbox.answered(letter.id))
        else:
            self._writer.now(lambda tx: tx.inbox.failed(letter.id))

    # -- looking round ----------------------------------------------------------------------

    def _look_in(self, seconds: float) -> None:
        """The next look comes at the latest in so many seconds."""
        at = time.monotonic() + seconds + 0.05
        with self._lock:
            if at >= self._next_look:
                return
            self._next_look = at
        self._wake.set()

    def _look_round(self) -> None:
        while not self._stopped.is_set():
            with self._lock:
                self._next_look = time.monotonic() + ROUND
            try:
                self.take_up()
            except Exception as no:
                _log.warning("the inbox could not be read: %s", type(no).__name__)
            while not self._stopped.is_set():
                with self._lock:
                    left = self._next_look - time.monotonic()
                if left <= 0:
                    break
                self._wake.wait(left)
                self._wake.clear()

    def take_up(self) -> int:
        """Claims what is due or was left by a dead process, and what could not be written
        before; renews what is in hand. Says how much it took up."""
        if self._new:
            self._write_new()
        with self._lock:
            mine = sorted(self._in_hand)
        if mine:
            self._writer.now(lambda tx: tx.inbox.renew(mine, by=self._who, span=CLAIM))
        with self._store.read() as tx:
            left = [id for id in tx.inbox.left_over() if id not in mine]
            deadly = tx.inbox.deadly()
        for id in deadly:
            _log.error("arrival %s is given up: one process after the other died of it", id)
            self._writer.now(partial(_give_up, id))
        for id in left:
            letter = self._writer.now(partial(self._claim, id))
            if letter is not None:
                self._submit(letter)
        return len(left)

    def _claim(self, id: str, tx: UnitOfWork) -> Letter | None:
        return tx.inbox.take(id, by=self._who, span=CLAIM)


def _give_up(id: str, tx: UnitOfWork) -> None:
    tx.inbox.failed(id)


def _drained(from_: deque[T]) -> list[T]:
    found: list[T] = []
    while from_:
        found.append(from_.popleft())
    return found
