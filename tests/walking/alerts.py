"""What compliance is told of by itself: alerts at once, and in the morning all that is open."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from domain.errors import Fault
from jobs.alerts import alerts
from tests.walks import Walk, step


@step(2, wide=True)
def alerting(walk: Walk) -> None:
    """The job comes by at some hour of the day, now and then twice."""
    walk.world.pass_(walk.chance.choice((1, 4, 9)) * timedelta(hours=1))
    for _ in range(walk.chance.choice((1, 1, 2))):
        with suppress(Fault):
            said = alerts(walk.world.firing())
            walk.met["I5 digests of alerts"] += int(str(said["digests"]))
    walk.met["I5 looked for alerts"] += 1
