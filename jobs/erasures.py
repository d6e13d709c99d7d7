"""Erasures of people that two officers agreed to, and the deadlines of all requests."""

from __future__ import annotations

from datetime import timedelta

from jobs.spec import Firing, Summary, job
from jobs.voice import night_of
from retention.erasing.running import run_erasures


@job(
    "erasures", doc="Erases people whose erasure two officers agreed to, and watches deadlines.",
    cron="5-59/10 * * * *", grace=timedelta(minutes=9),
)  # fmt: skip
def erasures(firing: Firing) -> Summary:
    return run_erasures(night_of(firing))
