"""Exports of spaces that are to be deleted, while they wait: by people's wish, or by policy."""

from __future__ import annotations

from datetime import timedelta

from jobs.spec import Firing, Summary, job
from retention.byhand.exporting import export_requests
from retention.exporting import export_cases, waiting_cases


@job(
    "exports", doc="Exports spaces that are to be deleted, by wish or by policy.",
    cron="*/10 * * * *", grace=timedelta(minutes=9),
)  # fmt: skip
def exports(firing: Firing) -> Summary:
    if firing.is_dry:
        with firing.house.store.read() as tx:
            by_wish = sum(not one.export for one in tx.deletions.open())
            return {"waiting": by_wish, "waiting by policy": len(waiting_cases(tx))}
    asked = export_requests(firing.house, stop=firing.stop)
    if asked.get("stopped"):
        return asked
    return {**asked, "by policy": export_cases(firing.house, stop=firing.stop)}
