"""Deletions that people asked for: those whose time has come, and what is left of the others."""

from __future__ import annotations

from datetime import timedelta

from cards.deletion import deletion_stopped_card, deletion_told_card
from cards.kit import Card
from domain.endings import Pending
from domain.people import Reader
from jobs.spec import Firing, Summary, job
from jobs.voice import night_of
from retention.byhand.ending import run_requests
from retention.byhand.judging import window
from retention.byhand.spec import Hands, Words


@job(
    "deletions", doc="Deletes what people asked to delete, once their time to undo it is over.",
    cron="*/10 * * * *", grace=timedelta(minutes=9),
)  # fmt: skip
def deletions(firing: Firing) -> Summary:
    return run_requests(hands_of(firing), is_dry=firing.is_dry)


def hands_of(firing: Firing) -> Hands:
    house = firing.house

    def told(pending: Pending, reader: Reader) -> Card:
        span = window(house.limits, by_compliance=pending.request.by_compliance)
        due = house.clock.now() + span
        return deletion_told_card(pending, due=due, reader=reader)

    return Hands(
        night=night_of(firing),
        words=Words(
            told=told,
            stopped=lambda pending, why, reader: deletion_stopped_card(
                pending, why=why, reader=reader
            ),
        ),
    )
