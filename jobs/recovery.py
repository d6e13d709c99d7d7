"""Recovery: settles what an earlier process began and nobody saw the end of."""

from __future__ import annotations

from datetime import timedelta

from jobs.spec import Firing, Summary, job
from spaces.effects import settle_open


@job(
    "recovery", doc="Settles open changes to Webex by looking what came of them.",
    cron="*/5 * * * *", grace=timedelta(minutes=4), at_start=True,
)  # fmt: skip
def recover(firing: Firing) -> Summary:
    if firing.is_dry:
        with firing.house.store.read() as tx:
            return {"open": len(tx.intents.open())}
    settled = settle_open(firing.house)
    return {"done": settled.done, "not done": settled.not_done, "unknown": settled.unknown}
