"""First sync: a new installation does not wait for the evening to know its company."""

from __future__ import annotations

from datetime import timedelta

from jobs.spec import Firing, Summary, job
from jobs.sync import sync


@job(
    "first-sync", doc="Reads the company for the first time, as long as that never ended.",
    cron="*/10 * * * *", grace=timedelta(minutes=9),
)  # fmt: skip
def first_sync(firing: Firing) -> Summary:
    with firing.house.store.read() as tx:
        is_read = tx.crawls.last() is not None
        is_going = any(run.job == "sync" for run in tx.runs.going())
    return {"needed": False} if is_read or is_going else sync(firing)
