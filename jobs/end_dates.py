"""End dates: the owners of spaces that have reached theirs are asked what is to become of them."""

from __future__ import annotations

from datetime import timedelta

from cards.end_date import end_reached_card
from jobs.spec import Firing, Summary, job
from spaces.dating import MOST, remind


@job(
    "end dates", doc="Reminds owners of spaces that have reached their end date.",
    cron="40 6 * * *", grace=timedelta(hours=6),
)  # fmt: skip
def end_dates(firing: Firing) -> Summary:
    if firing.is_dry:
        with firing.house.store.read() as tx:
            return {"due": len(tx.ends.due(limit=MOST))}
    done = remind(
        firing.house, firing.run,
        lambda space, at, owner: end_reached_card(
            space, at, reader=firing.house.reader(owner)
        ),
    )  # fmt: skip
    return {"reminded": done.spaces, "left": done.left}
