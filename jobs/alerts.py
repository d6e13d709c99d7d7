"""Alerts: what lasts is looked at again, what is written down is told, and once a day all of it.

A run that reaches nobody fails, so that `spacekeeper check` and the log say so; the next one
tries again.
"""

from __future__ import annotations

from datetime import timedelta

from cards.alert_digest import alert_digest_card
from domain.errors import Fault
from jobs.spec import Firing, Summary, job
from jobs.voice import VOICE
from retention.alert_digest import tell_digest
from retention.alert_sources import look
from retention.alert_telling import remind, tell_alerts


@job(
    "alerts", doc="Tells compliance what waits for them, and closes what is put right.",
    cron="*/2 * * * *", grace=timedelta(seconds=110), at_start=True,
)  # fmt: skip
def alerts(firing: Firing) -> Summary:
    house = firing.house
    with house.store.begin() as tx:
        lasting = look(house, tx)
        if firing.is_dry:
            return {"lasting": lasting, "to tell": len(tx.alert_telling.to_tell())}
        remind(tx)
        tx.commit()
    told = tell_alerts(house, VOICE.alert)
    digests = tell_digest(house, lambda found, zone: alert_digest_card(found, zone=zone))
    if told.failed:
        raise Fault(f"{told.failed} alerts could be told to nobody; they are tried again")
    return {"lasting": lasting, "told": told.titles, "wait for the morning": told.waiting,
            "digests": digests}  # fmt: skip
