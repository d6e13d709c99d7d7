"""The door of APScheduler: it says when, and only that.

UTC, times in memory, since its stores either can't be shared or unpickle what they find. What
is due is handed on with the moment at which it was due, which every process computes alike;
that it then happens once is the tasks' business. What fell due while nobody was there is
looked up at start: run if its grace still lasts, else written down as missed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.settings import PREFIX, WrongSettings
from domain.clock import Clock
from jobs.spec import Job

log = logging.getLogger(__name__)

NEVER = "never"
Due = Callable[[str, datetime], object]


class Scheduler:
    """Calls `fire(job, due)` when a job is due and `missed(job, due)` when it was too late.

    Args:
        times: cron by job, where the operator wants another than the job's own.
        offset: how far the product's clock is ahead of the machine's (a sandbox's may be).
    """

    def __init__(
        self, jobs: Mapping[str, Job], *, times: Mapping[str, str], fire: Due, missed: Due,
        offset: Callable[[], timedelta] = timedelta,
    ) -> None:  # fmt: skip
        self._jobs = jobs
        self._crons = {
            name: cron
            for name, job in jobs.items()
            if (cron := times.get(name, job.cron)) and cron != NEVER
        }
        self._fire = fire
        self._missed = missed
        self._offset = offset
        self._scheduler: Any = None

    def at_start(self) -> list[str]:
        """What also runs once as the process starts; not what the operator has switched off."""
        return [name for name in self._crons if self._jobs[name].at_start]

    def start(self) -> None:
        from apscheduler.events import EVENT_JOB_EXECUTED, EVENT_JOB_MISSED
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.background import BackgroundScheduler

        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        self._scheduler = BackgroundScheduler(
            timezone=UTC, executors={"default": ThreadPoolExecutor(2)},
            job_defaults={"coalesce": True, "max_instances": 1},
        )  # fmt: skip
        self._scheduler.add_listener(self._heard, EVENT_JOB_EXECUTED | EVENT_JOB_MISSED)
        for name, cron in self._crons.items():
            grace = max(1, int(self._jobs[name].grace.total_seconds()))
            self._scheduler.add_job(_nothing, trigger_of(cron), id=name, misfire_grace_time=grace)
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    def look_back(self, was_there: Callable[[str, datetime], bool]) -> None:
        """Makes up for what fell due while nobody was there.

        Args:
            was_there: whether that firing was seen to, or can't have been expected.
        """
        now = datetime.now(UTC)
        for name, cron in self._crons.items():
            due = last_due(cron, now)
            if due is None or was_there(name, due + self._offset()):
                continue
            self._tell(name, due, is_late=now - due > self._jobs[name].grace)

    def _heard(self, event: Any) -> None:
        from apscheduler.events import EVENT_JOB_MISSED

        due = event.scheduled_run_time.astimezone(UTC)
        self._tell(event.job_id, due, is_late=event.code == EVENT_JOB_MISSED)

    def _tell(self, name: str, due: datetime, *, is_late: bool) -> None:
        try:
            (self._missed if is_late else self._fire)(name, due + self._offset())
        except Exception:
            log.exception("the job %s was due and could not be fired", name)


def trigger_of(cron: str) -> Any:
    """Five fields, or six with seconds first, in UTC. Raises ValueError."""
    from apscheduler.triggers.cron import CronTrigger

    fields = cron.split()
    if len(fields) == 5:
        return CronTrigger.from_crontab(cron, timezone=UTC)
    if len(fields) != 6:
        raise ValueError("five fields, or six with seconds first")
    names = ("second", "minute", "hour", "day", "month", "day_of_week")
    return CronTrigger(**dict(zip(names, fields, strict=True)), timezone=UTC)


def last_due(cron: str, now: datetime) -> datetime | None:
    """The latest moment up to `now` at which it was due; None if that is years ago."""
    trigger = trigger_of(cron)
    for back in (2 / 60, 2, 48, 24 * 40, 24 * 800):  # hours; the first window with a hit is it
        found: datetime | None = None
        next_one = trigger.get_next_fire_time(None, now - timedelta(hours=back))
        while next_one is not None and next_one <= now:
            found = next_one.astimezone(UTC)
            next_one = trigger.get_next_fire_time(found, found + timedelta(microseconds=1))
        if found is not None:
            return found
    return None


def next_due(cron: str, after: datetime) -> datetime | None:
    """The first moment behind `after` at which it is due."""
    found = trigger_of(cron).get_next_fire_time(None, after)
    return None if found is None else found.astimezone(UTC)


def timetable(
    jobs: Mapping[str, Job], times: Mapping[str, str], clock: Clock
) -> Callable[[str], datetime | None]:
    """When a job is due next, by the product's clock."""

    def due(name: str) -> datetime | None:
        job = jobs.get(name)
        cron = times.get(name, job.cron) if job is not None else ""
        if not cron or cron == NEVER:
            return None
        here = datetime.now(UTC)  # the scheduler goes by the machine's clock
        found = next_due(cron, here)
        return None if found is None else found + (clock.now() - here)

    return due


def read_times(text: str, jobs: Mapping[str, Job]) -> Mapping[str, str]:
    """The setting ``job_times``: ``name=cron; name=never``.

    Raises:
        WrongSettings: with everything that is wrong with it.
    """
    found: dict[str, str] = {}
    wrong = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, is_pair, cron = (word.strip() for word in part.partition("="))
        if not is_pair or name not in jobs:
            wrong.append(f"{part!r} is not name=cron with one of {', '.join(sorted(jobs))}")
            continue
        try:
            if cron != NEVER:
                trigger_of(cron)
        except ValueError as no:
            wrong.append(f"{cron!r} is no cron: {no}")
            continue
        found[name] = cron
    if wrong:
        raise WrongSettings(
            "These settings are wrong:\n" + "\n".join(f"  {PREFIX}JOB_TIMES: {w}" for w in wrong)
        )
    return found


def _nothing() -> None:
    """What APScheduler runs; what is ours happens once it says that it did."""
