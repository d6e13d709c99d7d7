"""Owners: members of spaces that nobody owns are asked to take them over, a few at a time."""

from __future__ import annotations

from datetime import timedelta

from cards.kit import Card
from cards.need import need_unanswered_card
from cards.owner_ask import owner_ask_card, owner_over_card
from cards.owner_escalated import owner_escalated_card
from jobs.spec import Firing, Summary, job
from jobs.voice import night_of
from retention.needing import Needed, tell_of_unanswered
from retention.ownerless.seeking import seek
from retention.ownerless.spec import Cards

CARDS = Cards(
    ask=lambda view, reader: owner_ask_card(view, reader=reader),
    escalated=lambda view, zone: owner_escalated_card(view, zone=zone),
    over=lambda view, reader: owner_over_card(view, reader=reader),
)


def unanswered_card(said: Needed, zone: str) -> Card:
    return need_unanswered_card(
        said.space, number=said.number, due=said.case.due, zone=zone,
        voices=[(one.name, one.reason) for one in said.voices],
    )  # fmt: skip


@job(
    "owners", doc="Asks members of spaces that nobody owns to take them over.",
    cron="20 7 * * *", grace=timedelta(hours=6),
)  # fmt: skip
def owners(firing: Firing) -> Summary:
    if firing.is_dry:
        with firing.house.store.read() as tx:
            return {str(state): number for state, number in tx.owner_searches.counts().items()}
    night = night_of(firing)
    return {
        **seek(night, CARDS),
        "needed and not answered": tell_of_unanswered(night, unanswered_card),
    }
