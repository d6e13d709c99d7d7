"""Cards of alerts that are there: brought up to date where they are when an alert changes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from domain.alerts import AlertKey, AlertView
from domain.errors import Fault
from domain.ids import RoomId
from domain.outgoing import Showable
from retention.alert_readers import readers
from retention.alerting import about, view_of
from spaces.replacing import replace_card
from spaces.spec import House
from storage.presses import SentCard
from storage.store import UnitOfWork

log = logging.getLogger(__name__)

Draw = Callable[[AlertView, str], Showable]
"""The card of an alert, for a reader in a time zone."""


def show_anew(house: House, key: AlertKey, draw: Draw, *, but_in: RoomId | None = None) -> int:
    """Puts an alert as it stands now where its cards are. Says how many.

    Not in the conversation of whoever is no officer any more, nor in a space where somebody else
    may read by now: what they were shown stands there as it was (I13).
    """
    with house.store.begin() as tx:
        view = view_of(house, tx, key)
        tx.alert_telling.shown(view.alert)
        sent = _standing(tx, tx.presses.sent_about(about(key)))
        tx.commit()
    where = readers(house)
    people = {one.key: one for one in where.people}
    theirs = {one.room for one in sent if one.person in people}
    done = 0
    for one in sent:
        person = people.get(one.person) if one.person is not None else None
        may_read = one.room in theirs or (one.person is None and one.room == str(where.room))
        if not may_read or one.room == but_in:
            continue
        try:
            zone = person.time_zone if person is not None else "UTC"
            replace_card(house, one, draw(view, zone), about=about(key))
            done += 1
        except Fault as no:
            log.info("a card of alert %s could not be brought up to date: %s", key, no)
    return done


def _standing(tx: UnitOfWork, sent: Sequence[SentCard]) -> list[SentCard]:
    """Each message once: where an answer took a card's place, the answer, and whose it is."""
    newest: dict[str, SentCard] = {}
    for one in sent:  # the latest first
        first = newest.setdefault(one.message, one)
        if first is one:
            continue
        tx.presses.replaced(one.marker)
        if first.person is None and one.person is not None:
            newest[one.message] = replace(first, person=one.person)
            tx.presses.sent(
                first.marker, message=first.message, room=first.room, about=first.about,
                person=one.person, title=first.title,
            )  # fmt: skip
    return list(newest.values())
