"""Sync: the whole company, every space and who is in it, read anew before the night."""

from __future__ import annotations

from datetime import timedelta

from domain.errors import Stopped
from jobs.spec import Firing, Summary, job
from spaces.sync.crawl import crawl


@job(
    "sync", doc="Reads every space of the company and who is in it.",
    cron="0 18 * * *", grace=timedelta(hours=10),
)  # fmt: skip
def sync(firing: Firing) -> Summary:
    """Goes on with a crawl that was left; a large company takes hours, so it begins early."""
    if firing.is_dry:
        return _state(firing)
    done = crawl(firing.house, progress=firing.progress, stop=firing.stop)
    if not done.is_finished:
        raise Stopped
    return {
        "generation": done.generation, "complete": done.is_complete, "spaces": done.spaces,
        "people": done.people, "said": done.said,
    }  # fmt: skip


def _state(firing: Firing) -> Summary:
    with firing.house.store.read() as tx:
        last, complete = tx.crawls.last(), tx.crawls.last(complete=True)
        return {
            "spaces": tx.spaces.count_live(),
            "last": last.finished_at if last else None,
            "last complete": complete.finished_at if complete else None,
        }
