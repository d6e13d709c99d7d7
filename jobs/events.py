"""Events: what changed in the company since the last look, between two crawls."""

from __future__ import annotations

from datetime import timedelta

from jobs.spec import Firing, Summary, job
from spaces.sync.events import CURSOR, poll


@job(
    "events", doc="Brings up to date what Webex says has changed.",
    cron="* * * * *", grace=timedelta(seconds=50),
)  # fmt: skip
def events(firing: Firing) -> Summary:
    if firing.is_dry:
        with firing.house.store.read() as tx:
            return {"read until": tx.settings.get(CURSOR)}
    polled = poll(firing.house)
    return {"events": polled.events, "spaces": polled.spaces, "complete": polled.complete,
            "gap": polled.gap}  # fmt: skip
