"""One thread that writes for all workers: their small transactions share one commit.

Forty workers that each wait for the disk would wait for each other; together they wait once.
Decides nothing about what is written. Each job has a savepoint of its own, so that one that
fails takes nobody with it.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from storage.store import Store, UnitOfWork

T = TypeVar("T")
Job = Callable[[UnitOfWork], Any]
MOST = 256
_log = logging.getLogger(__name__)


class Writer:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._jobs: queue.SimpleQueue[tuple[Job, Future[Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Writes what is waiting, then ends."""
        self._jobs.put(None)
        self._thread.join(30)

    def soon(self, job: Callable[[UnitOfWork], T]) -> Future[T]:
        """Has `job` done and committed soon; the future says when, or what went wrong."""
        done: Future[T] = Future()
        self._jobs.put((job, done))
        return done

    def now(self, job: Callable[[UnitOfWork], T]) -> T:
        """Has `job` committed before it returns."""
        return self.soon(job).result()

    def _run(self) -> None:
        while (first := self._jobs.get()) is not None:
            batch = [first]
            is_last = False
            while len(batch) < MOST:
                try:
                    more = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    is_last = True
                    break
                batch.append(more)
            self._write(batch)
            if is_last:
                return

    def _write(self, batch: list[tuple[Job, Future[Any]]]) -> None:
        outcomes: list[tuple[Future[Any], Any, Exception | None]] = []
        try:
            with self._store.begin() as tx:
                for job, done in batch:
                    outcomes.append((done, *_alone(tx, job)))
                tx.commit()
        except Exception as no:  # the database itself: nothing of the batch was written
            _log.warning("nothing could be written: %s", type(no).__name__)
            for _, done in batch:
                done.set_exception(no)
            return
        for done, made, wrong in outcomes:
            if wrong is None:
                done.set_result(made)
            else:
                done.set_exception(wrong)


def _alone(tx: UnitOfWork, job: Job) -> tuple[Any, Exception | None]:
    try:
        with tx.connection.begin_nested():
            return job(tx), None
    except Exception as no:
        return None, no
