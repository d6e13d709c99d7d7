"""``spacekeeper job``: one job, once, by hand, with the same care as when the clock fires it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from bot.firing import Ran, run_id
from bot.settings import Settings
from bot.tasks import Tasks, run_job
from bot.wiring import build_house
from domain.clock import as_utc
from domain.errors import Stopped
from jobs.registry import load
from jobs.spec import Job
from spaces.spec import House


class NoJob(Exception):
    """There is no such job, or no such moment; the message says which there are."""


def listing() -> str:
    """Each job's name, when it is due and what it does."""
    return "\n".join(
        f"{job.name:<10} {job.cron or 'at start' if job.at_start else job.cron:<14} {job.doc}"
        for job in sorted(load().values(), key=lambda job: job.name)
    )


def run(
    settings: Settings, name: str, *, at: str = "", is_dry: bool = False,
    tell: Callable[[str], None] = lambda text: None,
) -> Ran:  # fmt: skip
    """Runs it and waits. An interrupt leaves it; who runs it for the same moment goes on.

    Args:
        tell: is told now and then how far it has come.

    Raises:
        NoJob: nothing was run.
    """
    jobs, due = _jobs(name), _moment(at)
    stopping = threading.Event()
    house = build_house(settings, stopping=stopping)
    tasks = Tasks(house, jobs, database_url=settings.database_url, stopping=stopping)
    due = due or house.clock.now()
    try:
        if is_dry:
            return run_job(house, name, due, is_dry=True)
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda number, frame: stopping.set())
        tasks.start()
        with _followed(house, run_id(name, due), tell):
            return tasks.fire(name, due)()
    except Stopped:
        return Ran(run=run_id(name, due), outcome="stopped", summary={"why": "it was stopped"})
    finally:
        tasks.stop()
        house.store.close()


@contextmanager
def _followed(house: House, id: str, tell: Callable[[str], None]) -> Iterator[None]:
    """Meanwhile tells what the run notes of itself, whichever process it runs in."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(1):
            with house.store.read() as tx:
                found = tx.runs.get(id)
            if found is not None and "done" in found.summary and found.finished_at is None:
                total = found.summary.get("total")
                tell(f"{found.summary['done']}" + (f" of {total}" if total else ""))

    thread = threading.Thread(target=look, name="follow", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(5)
        tell("")


def _jobs(name: str) -> Mapping[str, Job]:
    """All of them: with the one, what a dead process left may come our way."""
    jobs = load()
    if name not in jobs:
        raise NoJob(f"There is no job {name!r}; there are: {', '.join(sorted(jobs))}.")
    return jobs


def _moment(at: str) -> datetime | None:
    if not at:
        return None
    try:
        return as_utc(datetime.fromisoformat(at))
    except ValueError:
        raise NoJob(f"{at!r} is no moment; write one like 2027-01-31T02:00:00Z.") from None
