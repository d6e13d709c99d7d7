"""What runs by itself beside the conversation: the tasks and the clock that fires them.

Started in the background once the door is open, since nobody who writes to the bot has to wait
for it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from bot.firing import record_missed, run_id
from bot.scheduler import Scheduler
from bot.tasks import Tasks
from domain.errors import Fault, Stopped
from storage.store import Store

log = logging.getLogger(__name__)
FIRST_WAIT, LONGEST_WAIT = 5.0, 300.0
LONGEST_CLOSED = 20.0
"""Seconds; without Webex there is still work of our own to do."""


class Clockwork:
    """Args:
    times: cron by job, where the operator wants another than the job's own.
    is_open: whether the door is open; it starts then, or after a while.
    """

    def __init__(
        self, tasks: Tasks, times: Mapping[str, str], *,
        is_open: Callable[[], bool] = lambda: True,
    ) -> None:  # fmt: skip
        self._tasks = tasks
        self._is_open = is_open
        self._scheduler = Scheduler(
            tasks.jobs, times=times, fire=self._fire, missed=self._missed, offset=self._offset
        )
        self._lock = threading.Lock()
        self.is_clean = True
        """Whether every job left off in time when it was told to."""
        self._thread = threading.Thread(target=self._start, name="clockwork", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Leaves what is in hand; the next process goes on with it."""
        self._tasks.stopping.set()
        if self._thread.is_alive():
            self._thread.join(30)
        with self._lock:
            self._scheduler.stop()
            self.is_clean = self._tasks.stop()
            if not self.is_clean:
                log.warning("a job would not leave off; it is gone on with after the next start")

    def _start(self) -> None:
        wait, until = FIRST_WAIT, time.monotonic() + LONGEST_CLOSED
        while not self._is_open() and time.monotonic() < until:
            if self._tasks.stopping.wait(0.05):
                return
        while not self._tasks.stopping.is_set():
            try:
                with self._lock:
                    if not self._tasks.stopping.is_set():
                        self._begin()
                    return
            except Fault as no:  # another process may yet end, and leave its place
                log.error("no job runs yet: %s; in %.0f s again", no, wait)
            except Exception:
                log.exception("the jobs could not be started; in %.0f s again", wait)
            self._tasks.stopping.wait(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    def _begin(self) -> None:
        self._tasks.start()
        for name in self._scheduler.at_start():
            self._tasks.fire(name, self._now())
        self._scheduler.start()
        self._scheduler.look_back(self._was_there)  # second: nothing falls due in between

    def _was_there(self, name: str, due: datetime) -> bool:
        """Before anybody looked after the company, nothing was due."""
        with self._tasks.house.store.read() as tx:
            since = tx.runs.first_at()
            return since is None or due < since or tx.runs.get(run_id(name, due)) is not None

    def _fire(self, name: str, due: datetime) -> None:
        self._tasks.fire(name, due)

    def _missed(self, name: str, due: datetime) -> None:
        record_missed(self._tasks.house, self._tasks.jobs[name], due)

    def _now(self) -> datetime:
        return self._tasks.house.clock.now()

    def _offset(self) -> timedelta:
        """Whole seconds, so that several processes agree; nothing but for a sandbox."""
        return timedelta(seconds=round((self._now() - datetime.now(UTC)).total_seconds()))


class Pacer:
    """How the pace between effects is kept: a pause ends the wait (the next effect then finds
    it), and a stop ends the work."""

    LOOK = 2.0

    def __init__(self, store: Store, stopping: threading.Event) -> None:
        self._store = store
        self._stopping = stopping

    def __call__(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._stopping.wait(min(left, self.LOOK)):
                raise Stopped
            with self._store.read() as tx:
                if tx.settings.pause() is not None:
                    return
        if self._stopping.is_set():
            raise Stopped
