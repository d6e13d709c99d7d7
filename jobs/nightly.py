from __future__ import annotations

from datetime import timedelta

from jobs.spec import Firing, Summary, job
from jobs.voice import night_of
from retention.nightly import run_night


@job(
    "nightly", doc="Decides over all spaces, warns owners, blocks and deletes what is due.",
    cron="0 2 * * *", grace=timedelta(hours=4),
)  # fmt: skip
def nightly(firing: Firing) -> Summary:
    return run_night(night_of(firing))
