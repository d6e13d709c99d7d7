"""What the engine says to people besides warnings: to owners, and to compliance.

A card that can't be delivered stops nothing: what it tells stands in the record anyway, and
the run's own card says that it was not told. Alerts go out in a pause, too.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence

from domain.audit import Word
from domain.errors import Fault, Refusal
from domain.ids import CaseKey, RoomId, SpaceKey, StepKey
from domain.intents import Outcome
from domain.outgoing import Showable
from domain.people import SYSTEM, Person, Reader
from retention.spec import Night
from spaces.effects import send_card
from spaces.looking import find_person
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
        done += _send(
            night, drawn(night.house.reader(person)), step=step, word=Word.NOTICE_SEND,
            person=person, space=space, case=case,
        )  # fmt: skip
    return done


def tell_compliance(night: Night, drawn: Drawn, *, what: str, space: SpaceKey | None = None) -> int:
    """Into the alert space where there is one, else 1:1 to each. Says how many it reached."""
    step = f"{night.run}/{what}"
    if night.house.alert_room:
        room = RoomId(night.house.alert_room)
        return _send(night, drawn("UTC"), step=step, word=Word.ALERT_SEND, room=room, space=space)
    return sum(
        _send(
            night, drawn(person.time_zone), step=f"{step}/{person.key}", word=Word.ALERT_SEND,
            person=person, space=space,
        )
        for person in _compliance(night)
    )  # fmt: skip


def alert(
    night: Night, what: str, *pairs: tuple[str, str], name: str, means: str = "", to_do: str = "",
    lines: Sequence[str] = (), is_urgent: bool = True,
) -> int:  # fmt: skip
    """An alert card to compliance. `name` makes it one of its kind in this run."""
    at = night.house.clock.now()
    return tell_compliance(
        night,
        lambda zone: night.voice.alert(
            what, *pairs, at=at, means=means, to_do=to_do, lines=lines, is_urgent=is_urgent,
            zone=zone,
        ),
        what=f"alert/{name}",
    )  # fmt: skip


def _compliance(night: Night) -> list[Person]:
    found: list[Person] = []
    for email in sorted(night.house.compliance):
        with night.house.store.read() as tx:
            known = tx.people.by_email(email)
        try:
            found.append(known or find_person(night.house, email))
        except Refusal as no:
            log.warning("an officer can't be found: %s", no.reason)
    return found


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
