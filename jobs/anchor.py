from __future__ import annotations

from datetime import timedelta

from jobs.spec import Firing, Summary, job
from retention.anchoring import give_away


@job(
    "anchor", doc="Gives the record's new seals away to the folder for anchors, if there is one.",
    cron="30 4 * * *", grace=timedelta(hours=12),
)  # fmt: skip
def anchor(firing: Firing) -> Summary:
    folder = firing.house.anchors
    if folder is None or firing.is_dry:
        return {"anchored": None}
    made = give_away(firing.house, folder)
    return {"anchored": made.path.name if made else None, "rows": made.rows if made else None}
