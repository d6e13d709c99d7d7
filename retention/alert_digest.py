"""The digest: once a day, in the morning of each reader, all that is open, as one card.

Where nothing is open nothing is said. A process that was not there in the morning says it as
soon as it is; who was told today is not told again.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from domain.alerts import NATURES, AlertDigest, AlertKind, Way
from domain.audit import Word
from domain.errors import Fault
from domain.ids import RoomId, StepKey
from domain.intents import Outcome
from domain.outgoing import Showable
from domain.people import SYSTEM, Person
from retention.alert_readers import readers
from retention.alert_telling import SPACE
from retention.alerting import LIVING, way_of
from retention.quiet import zone_of
from spaces.effects import send_card
from spaces.spec import House
from storage.store import UnitOfWork
from webex.errors import NotAuthorised

log = logging.getLogger(__name__)

MORNING = 8
"""The hour, by the reader's own clock; of the alert space, UTC."""
DAY = timedelta(days=1)
MOST_LINES = 12
DrawDigest = Callable[[AlertDigest, str], Showable]


def tell_digest(house: House, draw: DrawDigest) -> int:
    """Tells each whose morning has come. Says how many it reached."""
    with house.store.read() as tx:
        is_open = tx.alerts.count(LIVING) > 0
    if not is_open:
        return 0
    where = readers(house)
    if where.room is not None:
        return _tell(house, draw, SPACE, room=where.room)
    return sum(_tell(house, draw, f"{one.key}", person=one) for one in where.people)


def _tell(
    house: House, draw: DrawDigest, reader: str, *, person: Person | None = None,
    room: RoomId | None = None,
) -> int:  # fmt: skip
    zone = person.time_zone if person is not None else "UTC"
    with house.store.read() as tx:
        here = tx.now.astimezone(zone_of(zone))
        day = f"{here:%Y-%m-%d}"
        if here.hour < MORNING or tx.settings.get(_mark(reader)) == day:
            return 0
        morning = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
        found = digest_of(tx, person, before=morning)
    reached = 1
    if found.total:
        try:
            sent = send_card(
                house, draw(found, zone), step=StepKey(f"alert-digest/{day}/{reader}"),
                word=Word.ALERT_SEND, actor=SYSTEM, room=room,
                person=(person.key, person.id) if person is not None else None,
            )  # fmt: skip
        except NotAuthorised:
            raise
        except Fault as no:
            log.warning("the digest did not reach %s: %s", reader, no)
            return 0
        reached = int(sent.outcome is Outcome.DONE)
        if not sent.outcome.is_final:
            return 0
    with house.store.begin() as tx:
        tx.settings.put(_mark(reader), day, by=SYSTEM.name)
        tx.commit()
    return reached if found.total else 0


def digest_of(tx: UnitOfWork, person: Person | None, *, before: datetime) -> AlertDigest:
    """What is open, of the kinds that are not off, and was opened before then: what comes after
    the morning is told at once, or is in the next morning's."""
    since = before - DAY
    ways = {kind: way_of(tx, kind) for kind in NATURES}
    told = [kind for kind, said in ways.items() if said.way is not Way.OFF]
    counts: Counter[AlertKind] = Counter()
    for (kind, state), number in tx.alerts.counts(before=before).items():
        if kind in told and state in LIVING:
            counts[kind] += number
    shown = tx.alerts.listed(LIVING, kinds=told, before=before, limit=MOST_LINES)
    mine = tx.alerts.count(LIVING, assigned=person.key) if person is not None else 0
    return AlertDigest(
        total=sum(counts.values()), counts=dict(counts), alerts=shown, mine=mine,
        new=tx.alerts.count(LIVING, kinds=told, since=since, before=before),
        changes=tuple(one for one in ways.values() if one.at is not None and one.at >= since),
    )  # fmt: skip


def _mark(reader: str) -> str:
    return f"alert-digest/{reader}"
