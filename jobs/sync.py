"""Sync: the whole company, every space and who is in it, read anew before the night."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from domain.errors import Elsewhere, Stopped
from jobs.spec import Firing, Summary, job
from spaces.sync.crawl import Crawled, crawl

LOOK = 1.0
"""Seconds between two looks whether the process ends, while Webex wants to be left alone."""


@job(
    "sync", doc="Reads every space of the company and who is in it.",
    cron="0 18 * * *", grace=timedelta(hours=10),
)  # fmt: skip
def sync(firing: Firing) -> Summary:
    """Goes on with a crawl that was left; a large company takes hours, so it begins early."""
    if firing.is_dry:
        return _state(firing)
    while True:
        done = crawl(firing.house, progress=firing.progress, stop=firing.stop)
        if done.is_finished:
            break
        _wait(firing, done)
    return {
        "generation": done.generation, "complete": done.is_complete, "spaces": done.spaces,
        "people": done.people, "said": done.said,
    }  # fmt: skip


def _wait(firing: Firing, done: Crawled) -> None:
    """As long as Webex asks for, in real time; it may be a day."""
    if not firing.stop() and done.again_at is None:
        raise Elsewhere(done.said)
    while not firing.stop():
        if done.again_at is None or datetime.now(UTC) >= done.again_at:
            return
        time.sleep(LOOK)
    raise Stopped


def _state(firing: Firing) -> Summary:
    with firing.house.store.read() as tx:
        last, complete = tx.crawls.last(), tx.crawls.last(complete=True)
        return {
            "spaces": tx.spaces.count_live(),
            "last": last.finished_at if last else None,
            "last complete": complete.finished_at if complete else None,
        }
