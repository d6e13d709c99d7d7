"""What the commands about deleting by hand share: their voice, and who speaks for compliance."""

from __future__ import annotations

from cards.deletion import deletion_second_card, deletion_stopped_card, deletion_told_card
from cards.kit import Card
from commands.spec import Context
from domain.audit import Word
from domain.endings import Pending, Request
from domain.people import Reader
from retention.byhand.asking import pending_of
from retention.byhand.cooling import about
from retention.byhand.judging import window
from retention.byhand.spec import Words
from spaces.officers import officers
from spaces.spec import House
from spaces.telling import tell_people


def words_of(house: House) -> Words:
    def told(pending: Pending, reader: Reader) -> Card:
        span = window(house.limits, by_compliance=pending.request.by_compliance)
        due = house.clock.now() + span
        return deletion_told_card(pending, due=due, reader=reader)

    return Words(
        told=told,
        stopped=lambda pending, why, reader: deletion_stopped_card(pending, why=why, reader=reader),
    )


def as_compliance(context: Context) -> bool:
    """Whether the caller needs a second person: whoever is of compliance does, also for a space
    that they moderate, since they could make themselves moderator of any."""
    return context.is_compliance


def tell_officers(context: Context, request: Request) -> None:
    """The others of compliance learn that one of them waits for a second."""
    house = context.house
    others = [one for one in officers(house) if one.key != context.caller.key]
    with house.store.read() as tx:
        pending = pending_of(tx, request)
    tell_people(
        house, others, lambda reader: deletion_second_card(pending),
        step=f"deletion/{request.key}/second", space=request.space, about=about(request),
        word=Word.ALERT_SEND, actor=context.actor,
    )  # fmt: skip
