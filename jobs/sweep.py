"""Sweep: what nobody will ever ask for again, so that the tables stay small.

Never the record, intents, notices or certificates: those are kept.
"""

from __future__ import annotations

from datetime import timedelta

from jobs.spec import Firing, Summary, declared, job

PRESSES = timedelta(days=30)
"""After its expiry a button is remembered so long, to say that it is too late."""
ARRIVALS = timedelta(days=30)
"""Webex repeats what is minutes old; a month is ample."""
WORKS = timedelta(days=90)
"""Long works of people, with what came of each item; the record keeps what they changed."""
HEARD, TOLD = timedelta(days=1), timedelta(days=30)
"""What was heard for watches is known by its id for a day, and for a month by what it was; the
log of what was told goes back as far."""
ALERTS = timedelta(days=400)
"""Closed ones, with their history; what happened to them stands in the record anyway."""
RUNS, OFTEN = timedelta(days=400), timedelta(days=3)
"""A daily run is remembered for a year and more, one of every minute for some days."""


@job(
    "sweep", doc="Forgets old buttons, arrivals, works and runs.",
    cron="20 * * * *", grace=timedelta(minutes=50),
)  # fmt: skip
def sweep(firing: Firing) -> Summary:
    now = firing.house.clock.now()
    with firing.house.store.begin() as tx:
        done = {
            "buttons": tx.presses.sweep(before=now - PRESSES),
            "arrivals": tx.inbox.sweep(before=now - ARRIVALS),
            "deletions only shown": tx.deletions.sweep(before=now - PRESSES),
            "tombstones": tx.tombstones.sweep(before=now),
            "works": tx.works.forget(before=now - WORKS),
            "confirmations": tx.confirmations.sweep(before=now - PRESSES),
            "sightings": tx.sightings.sweep(before=now - HEARD),
            "deliveries": tx.deliveries.sweep(before=now - TOLD),
            "alerts": tx.alerts.sweep(before=now - ALERTS),
            "runs": sum(
                tx.runs.forget(name, before=now - (OFTEN if one.is_often else RUNS))
                for name, one in declared().items()
            ),
        }
        if not firing.is_dry:
            tx.commit()
    return done
