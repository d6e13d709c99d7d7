"""Exports of spaces that people asked to delete, while they wait."""

from __future__ import annotations

from datetime import timedelta

from jobs.spec import Firing, Summary, job
from retention.byhand.exporting import export_requests


@job(
    "exports", doc="Exports spaces that somebody asked to delete, before they are.",
    cron="*/10 * * * *", grace=timedelta(minutes=9),
)  # fmt: skip
def exports(firing: Firing) -> Summary:
    if firing.is_dry:
        with firing.house.store.read() as tx:
            return {"waiting": sum(not one.export for one in tx.deletions.open())}
    return export_requests(firing.house, stop=firing.stop)
