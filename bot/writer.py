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

from storage.contention import is_contention
from storage.store import Store, UnitOfWork

T = TypeVar("T")
Job = Callable[[UnitOfWork], Any]
MOST = 256
MOST_TRIES = 5
"""Of a job that got in the way of another process."""
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
            for _ in range(MOST_TRIES):
                if not (batch := self._write(batch)):
                    break
            for _, done in batch:
                done.set_exception(TimeoutError("other processes were always in the way"))
            if is_last:
                return

    def _write(
        self, batch: list[tuple[Job, Future[Any]]]
    ) -> list[tuple[Job, Future[Any]]]:  # fmt: skip
        """Gives those back that another process was in the way of; they are done once more."""
        outcomes: list[tuple[Job, Future[Any], Any, Exception | None]] = []
        try:
            with self._store.begin() as tx:
                for job, done in batch:
                    outcomes.append((job, done, *_alone(tx, job)))
                tx.commit()
        except Exception as no:  # the database itself: nothing of the batch was written
            if is_contention(no):
                return batch
            _log.warning("nothing could be written: %s", type(no).__name__)
            for _, done in batch:
                done.set_exception(no)
            return []
        again = []
        for job, done, made, wrong in outcomes:
            if wrong is None:
                done.set_result(made)
            elif is_contention(wrong):
                again.append((job, done))
            else:
                done.set_exception(wrong)
        return again


def _alone(tx: UnitOfWork, job: Job) -> tuple[Any, Exception | None]:
    try:
        with tx.connection.begin_nested():
            return job(tx), None
    except Exception as no:
        return None, no
