from __future__ import annotations

from datetime import timedelta

from jobs.spec import Firing, Summary, job
from retention.alert_rules import look_at_rules


@job(
    "alert rules", doc="Looks which spaces are as the rules of compliance forbid.",
    cron="5-55/10 * * * *", grace=timedelta(minutes=9),
)  # fmt: skip
def alert_rules(firing: Firing) -> Summary:
    """The job `alerts` tells what it finds, within two minutes."""
    if firing.is_dry:
        with firing.house.store.read() as tx:
            return {"rules": len(tx.alert_rules.all())}
    return {"looked at": look_at_rules(firing.house)}
