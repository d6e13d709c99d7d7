"""From an arrival to a worker: written down first, handled once, and again after a crash.

Decides the order (the inbox row, then the acknowledgement, then the work), how long a claim
lasts and when something is tried again. What an arrival means is `bot/arrivals.py`'s.

A claim is short and renewed while its worker lives, so that after a kill another process
takes over within a minute.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import TypeVar

from bot.writer import Writer
from storage.inbox import MOST_ATTEMPTS, Arrival, Letter
from storage.store import Store, UnitOfWork

T = TypeVar("T")
CLAIM = timedelta(seconds=40)
ROUND = 5.0
"""Seconds between two looks at what others left over."""
_log = logging.getLogger(__name__)


class Handled(StrEnum):
    ANSWERED = "answered"
    FAILED = "failed"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Later:
    """It could not be done now; `seconds` say when to try again."""

    seconds: float


Handle = Callable[[Letter], Handled | Later]


class Intake:
    def __init__(
        self, store: Store, writer: Writer, handle: Handle, *, who: str, workers: int = 40
    ) -> None:
        self._store = store
        self._writer = writer
        self._handle = handle
        self._who = who
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="worker")
        self._new: deque[tuple[Arrival, Callable[[], None]]] = deque()
        self._ended: deque[str] = deque()
        self._in_hand: set[str] = set()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._watch = threading.Thread(target=self._look_round, name="intake", daemon=True)

    def start(self) -> None:
        self._watch.start()

    def stop(self, *, wait: bool = True) -> None:
        """Takes nothing more; what is in hand is finished."""
        self._stopped.set()
        self._pool.shutdown(wait=wait, cancel_futures=True)
        if self._watch.is_alive():
            self._watch.join(10)

    @property
    def in_hand(self) -> int:
        return len(self._in_hand) + len(self._new)

    def offer(self, arrival: Arrival, *, written: Callable[[], None] = lambda: None) -> None:
        """Takes an arrival; returns at once. `written` is called when its row is committed."""
        self._new.append((arrival, written))
        self._write_new()

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

    def _submit(self, letter: Letter) -> None:
        with self._lock:
            if letter.id in self._in_hand or self._stopped.is_set():
                return
            self._in_hand.add(letter.id)
        self._pool.submit(self._work, letter)

    def _work(self, letter: Letter) -> None:
        try:
            try:
                how = self._handle(letter)
            except Exception:
                _log.exception("arrival %s could not be handled", letter.id)
                how = Later(2.0)
            if isinstance(how, Later) and letter.attempts < MOST_ATTEMPTS:
                self._stopped.wait(min(how.seconds, CLAIM.total_seconds() / 2))
                self._writer.now(lambda tx: tx.inbox.again(letter.id))
            elif how is Handled.ANSWERED:
                self._ended.append(letter.id)
                self._writer.now(self._close)
            else:
                self._writer.now(lambda tx: tx.inbox.failed(letter.id))
        except Exception:
            _log.exception("what came of arrival %s could not be written", letter.id)
        finally:
            with self._lock:
                self._in_hand.discard(letter.id)

    def _close(self, tx: UnitOfWork) -> None:
        ids = _drained(self._ended)
        if not ids:
            return
        try:
            tx.inbox.answered(*ids)
        except Exception:
            self._ended.extend(ids)
            raise

    def _look_round(self) -> None:
        while not self._stopped.is_set():
            started = time.monotonic()
            try:
                self.take_up()
            except Exception as no:
                _log.warning("the inbox could not be read: %s", type(no).__name__)
            self._stopped.wait(max(0.1, ROUND - (time.monotonic() - started)))

    def take_up(self) -> int:
        """Claims what waits or was left by a dead process, and what could not be written
        before; renews what is in hand. Says how much it took up."""
        if self._new:
            self._write_new()
        with self._lock:
            mine = sorted(self._in_hand)
        if mine:
            self._writer.now(lambda tx: tx.inbox.renew(mine, by=self._who, span=CLAIM))
        with self._store.read() as tx:
            left = [id for id in tx.inbox.left_over() if id not in mine]
        for id in left:
            letter = self._writer.now(partial(self._claim, id))
            if letter is not None:
                self._submit(letter)
        return len(left)

    def _claim(self, id: str, tx: UnitOfWork) -> Letter | None:
        return tx.inbox.take(id, by=self._who, span=CLAIM)


def _drained(from_: deque[T]) -> list[T]:
    found: list[T] = []
    while from_:
        found.append(from_.popleft())
    return found
