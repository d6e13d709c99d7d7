"""What a job is. One file in `jobs/` declares one; the folder is walked at start.

A job says when it is due and what it runs; that it runs once, through a crash and whoever
fires it, is the business of `bot/tasks.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from spaces.spec import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """One firing: `run` names it for ever (job and due time), so that it happens once."""

    house: House
    run: str
    due_at: datetime
    is_dry: bool = False
    """Show what would be done and change nothing."""
    stop: Callable[[], bool] = field(default=lambda: False)
    """Whether the process ends: leave off at the next good place, by raising `Stopped`."""
    progress: Callable[[int, int | None], None] = field(default=lambda done, total: None)
    """To be told how much is done, and of how much if that is known."""


Summary = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as declared.

    Args:
        name: as in ``spacekeeper job NAME``.
        doc: what it does, one sentence.
        cron: when, in UTC, five fields (or six, seconds first); empty for "only when asked or
            at start".
        grace: how late it may still start; later is missed and recorded as such.
        at_start: also run it once when the process starts.
        run: does it and says what came of it, as JSON values.
    """

    name: str
    doc: str
    cron: str
    grace: timedelta
    run: Callable[[Firing], Summary]
    at_start: bool = False

    @property
    def is_often(self) -> bool:
        """Whether it runs many times a day: its hours are every hour's."""
        return not self.cron or self.cron.split()[-4] == "*"


_found: dict[str, Job] = {}


def job(
    name: str, *, doc: str, cron: str, grace: timedelta, at_start: bool = False
) -> Callable[[Callable[[Firing], Summary]], Callable[[Firing], Summary]]:
    """Declares the function below it as a job. Raises ValueError when something is missing."""

    def declare(run: Callable[[Firing], Summary]) -> Callable[[Firing], Summary]:
        if not (name and doc and grace > timedelta(0)):
            raise ValueError(f"the job {name!r} needs a name, a doc and a grace")
        if name in _found:
            raise ValueError(f"there are two jobs named {name!r}")
        _found[name] = Job(name=name, doc=doc, cron=cron, grace=grace, run=run, at_start=at_start)
        return run

    return declare


def declared() -> Mapping[str, Job]:
    """The jobs of all modules imported so far, by name."""
    return dict(_found)
