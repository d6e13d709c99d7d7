"""One firing of a job: carried out once, whoever fires it, and written down whatever comes.

Decides what "once" means: the run's row, begun by one, and a lease on the job that is renewed
while it runs. A run whose process died is gone on with by whoever gets hold of the lease; a
firing that comes while the one before is still going is skipped and says so. That a run is
taken up again after a crash at all is `bot/tasks.py`'s business.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.liveness import BEAT, SPAN
from domain.errors import Elsewhere, Fault, Refusal, Stopped
from domain.runs import RunOutcome
from jobs.spec import Firing, Job, Summary
from spaces.effects.leasing import myself, take_over
from spaces.spec import House
from storage.runs import Run

log = logging.getLogger(__name__)

NOTED_EVERY = timedelta(seconds=2)
PATIENCE, AGAIN = 600.0, 5.0
"""Seconds for which, and after which, what another process is at is tried again."""
DRY = "dry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What came of a firing. `outcome` is a RunOutcome, or "dry"."""

    run: str
    outcome: str
    summary: Mapping[str, object]

    @property
    def is_done(self) -> bool:
        return self.outcome in (RunOutcome.DONE, DRY)


def run_id(job: str, due_at: datetime) -> str:
    """Names a firing for ever: the job and when it was due."""
    moment = due_at.astimezone(UTC)
    exact = "milliseconds" if moment.microsecond else "seconds"
    return f"{job}@{moment.isoformat(timespec=exact).replace('+00:00', 'Z')}"


def carry_out(
    house: House, job: Job, due_at: datetime, *, is_dry: bool = False,
    stopping: threading.Event | None = None,
    progress: Callable[[int, int | None], None] = lambda done, total: None,
) -> Ran:  # fmt: skip
    """Runs the job, or tells what came of it when that was decided already.

    Raises:
        Stopped: the process ends; the run stays begun, and is gone on with.
    """
    stopping = stopping or threading.Event()
    firing = Firing(
        house=house, run=run_id(job.name, due_at), due_at=due_at, is_dry=is_dry,
        stop=stopping.is_set, progress=progress,
    )  # fmt: skip
    if is_dry:
        return Ran(run=firing.run, outcome=DRY, summary=_plain(job.run(firing)))
    holder = myself()
    while True:
        known, is_ours = _begin(firing, job, holder)
        if known.finished_at is not None:
            return _told(known)
        if is_ours:
            break
        if stopping.wait(1):
            raise Stopped
    return _work(firing, job, holder, stopping)


def record_missed(house: House, job: Job, due_at: datetime) -> None:
    """Writes down that nobody was there when it was due; does nothing if somebody was."""
    id = run_id(job.name, due_at)
    with house.store.begin() as tx:
        if tx.runs.start(id, job.name, due_at):
            tx.runs.finish(id, RunOutcome.MISSED, {"why": "nobody was there to run it"})
            tx.commit()
            log.warning("%s was missed", id)


def _begin(firing: Firing, job: Job, holder: str) -> tuple[Run, bool]:
    """The run's row, and whether we carry it out. Row and lease are one transaction: between
    them another process would take a begun run for a left one."""
    with firing.house.store.begin() as tx:
        is_new = tx.runs.start(firing.run, job.name, firing.due_at)
        known = tx.runs.get(firing.run)
        assert known is not None  # noqa: S101 - it was just written
        if known.finished_at is not None:
            return known, False
        is_ours = take_over(tx, _lease(job), holder, span=SPAN)
        if is_new and not is_ours:
            why: dict[str, object] = {"why": "the run before is still going"}
            tx.runs.finish(firing.run, RunOutcome.SKIPPED, why)
            known = replace(known, finished_at=tx.now, outcome=RunOutcome.SKIPPED, summary=why)
        tx.commit()
        return known, is_ours


def _work(firing: Firing, job: Job, holder: str, stopping: threading.Event) -> Ran:
    store = firing.house.store
    noted = [datetime.min.replace(tzinfo=UTC)]

    def progress(done: int, total: int | None) -> None:
        firing.progress(done, total)
        now = datetime.now(UTC)
        if now - noted[0] >= NOTED_EVERY:
            noted[0] = now
            with store.begin() as tx:
                tx.runs.note(firing.run, {"done": done, "total": total})
                tx.commit()

    with _held(firing, job, holder) as lost:
        outcome, summary = _tried(
            replace(firing, progress=progress, stop=lambda: stopping.is_set() or lost.is_set()),
            job,
        )
        with store.begin() as tx:
            if not tx.leases.holds(_lease(job), holder):
                raise Stopped  # somebody took it over meanwhile; theirs counts
            tx.runs.finish(firing.run, outcome, summary)
            tx.commit()
    log.log(logging.DEBUG if job.is_often else logging.INFO, "%s: %s", firing.run, outcome)
    return Ran(run=firing.run, outcome=outcome, summary=summary)


def _tried(firing: Firing, job: Job) -> tuple[RunOutcome, Mapping[str, object]]:
    until = time.monotonic() + PATIENCE
    try:
        while True:
            try:
                return RunOutcome.DONE, _plain(job.run(firing))
            except Elsewhere as other:  # such as the lease of a night whose process was killed
                if time.monotonic() > until:
                    return RunOutcome.SKIPPED, {"why": str(other)}
                _wait(firing)
    except Stopped:
        if firing.stop():
            raise
        log.error("%s left off, and nothing had stopped it", firing.run)
        return RunOutcome.FAILED, {"why": "it left off, and nothing had stopped it"}
    except (Fault, Refusal) as no:
        log.warning("%s failed: %s: %s", firing.run, type(no).__name__, no)
        return RunOutcome.FAILED, {"why": str(no), "fault": type(no).__name__}
    except Exception as bug:
        log.exception("%s failed", firing.run)
        return RunOutcome.FAILED, {
            "why": f"it broke; the log of {firing.run} says how", "fault": type(bug).__name__
        }  # fmt: skip


@contextmanager
def _held(firing: Firing, job: Job, holder: str) -> Iterator[threading.Event]:
    """Renews the lease until the work is over; the event says that it was lost."""
    over, lost = threading.Event(), threading.Event()

    def beat() -> None:
        while not over.wait(BEAT):
            try:
                with firing.house.store.begin() as tx:
                    if not tx.leases.take(_lease(job), holder, span=SPAN):
                        lost.set()
                        return
                    tx.commit()
            except Exception as no:  # the next beat tries again, in time
                log.warning("the lease of %s was not renewed: %s", firing.run, type(no).__name__)

    thread = threading.Thread(target=beat, name=f"beat-{job.name}", daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        over.set()
        thread.join(5)
        with firing.house.store.begin() as tx:
            tx.leases.give_back(_lease(job), holder)
            tx.commit()


def _wait(firing: Firing) -> None:
    until = time.monotonic() + AGAIN
    while time.monotonic() < until:
        if firing.stop():
            raise Stopped
        time.sleep(0.1)


def _plain(summary: Summary) -> Mapping[str, object]:
    """As it will be read back, so that whoever asks later is told the same."""
    plain: dict[str, object] = json.loads(json.dumps(dict(summary), default=str))
    return plain


def _lease(job: Job) -> str:
    return f"job/{job.name}"


def _told(known: Run) -> Ran:
    return Ran(run=known.id, outcome=known.outcome, summary=known.summary)
