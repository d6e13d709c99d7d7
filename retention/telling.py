"""What the engine says to people besides warnings: to owners, and to compliance.

A card that can't be delivered stops nothing: what it tells stands in the record anyway, and
the run's own card says that it was not told. Alerts go out in a pause, too.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence

from domain.alerts import Raised
from domain.audit import Word
from domain.errors import Fault
from domain.ids import CaseKey, RoomId, SpaceKey, StepKey
from domain.intents import Outcome
from domain.outgoing import Showable
from domain.people import SYSTEM, Person, Reader
from retention.alert_readers import readers
from retention.alert_telling import tell_alerts
from retention.alerting import raise_now
from retention.spec import Night
from spaces.effects import send_card
from spaces.effects.cards import code_of, marker_of
from webex.errors import NotAuthorised

log = logging.getLogger(__name__)

Drawn = Callable[[str], Showable]
"""The card, for a reader in a time zone."""
ForOwner = Callable[[Reader], Showable]


def tell_owners(
    night: Night, owners: Iterable[Person], drawn: ForOwner, *, what: str, space: SpaceKey,
    case: CaseKey | None = None,
) -> int:  # fmt: skip
    """Tells each 1:1, once for each `what`. Says how many it reached."""
    done = 0
    for person in owners:
        step = f"{night.run}/{what}/{person.key}"
        code = code_of(marker_of(StepKey(step)))
        done += _send(
            night, drawn(night.house.reader(person, code=code)), step=step, word=Word.NOTICE_SEND,
            person=person, space=space, case=case,
        )  # fmt: skip
    return done


def tell_compliance(night: Night, drawn: Drawn, *, what: str, space: SpaceKey | None = None) -> int:
    """Into the alert space where compliance alone is in it, else 1:1 to each. Says how many it
    reached."""
    step = f"{night.run}/{what}"
    where = readers(night.house)
    if where.room is not None and _send(
        night, drawn("UTC"), step=step, word=Word.ALERT_SEND, room=where.room, space=space
    ):
        return 1
    return sum(
        _send(
            night, drawn(person.time_zone), step=f"{step}/{person.key}", word=Word.ALERT_SEND,
            person=person, space=space,
        )
        for person in where.people
    )  # fmt: skip


def note(
    night: Night, what: str, *pairs: tuple[str, str], name: str, means: str = "",
    lines: Sequence[str] = (),
) -> int:  # fmt: skip
    """What compliance is to know and has nothing to do about. `name` makes it one of its kind in
    this run."""
    at = night.house.clock.now()
    return tell_compliance(
        night,
        lambda zone: night.voice.note(what, *pairs, at=at, means=means, lines=lines, zone=zone),
        what=f"note/{name}",
    )


def alert(night: Night, raised: Raised) -> int:
    """Raises an alert and tells it at once. Says how many it reached, now or before; what could
    not be told now is told later."""
    key = raise_now(night.house, raised)
    return tell_alerts(night.house, night.voice.alert, only=key).reached


def _send(
    night: Night, card: Showable, *, step: str, word: Word, person: Person | None = None,
    room: RoomId | None = None, space: SpaceKey | None = None, case: CaseKey | None = None,
) -> int:  # fmt: skip
    try:
        sent = send_card(
            night.house, card, step=StepKey(step), word=word, actor=SYSTEM, run=night.run,
            person=(person.key, person.id) if person else None, room=room, space=space, case=case,
            about="" if case is None else f"case/{case}",
        )  # fmt: skip
    except NotAuthorised:
        raise
    except Fault as no:
        log.warning("%s was not told: %s", step, no)
        return 0
    return int(sent.outcome is Outcome.DONE)
