"""Recovery: settles what an earlier process began and nobody saw the end of."""

from __future__ import annotations

from datetime import timedelta

from jobs.spec import Firing, Summary, job
from jobs.voice import night_of
from retention.nightly import recover as recover_night


@job(
    "recovery", doc="Settles what an earlier process left: changes to Webex, cards, cases.",
    cron="*/5 * * * *", grace=timedelta(minutes=4), at_start=True,
)  # fmt: skip
def recover(firing: Firing) -> Summary:
    if firing.is_dry:
        with firing.house.store.read() as tx:
            return {"open": len(tx.intents.open())}
    return {"settled": recover_night(night_of(firing))}
