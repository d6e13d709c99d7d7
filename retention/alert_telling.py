"""Telling compliance of alerts: into the alert space, else 1:1, again until it got there.

Decides who reads, when, and what is done where it can't be told. Only compliance reads (I13):
while somebody else is in the alert space, nothing is posted there and each officer is told 1:1.
What does not wait for a person keeps to the quiet hours of each. Who wants a second person is not
told that one is wanted, but that there is nobody else where that is so. Nobody is told twice of the
same opening; what could not be told stays written down, is tried again, is said by `spacekeeper
check` and in the log, and says later how long it was.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from domain.alerts import (
    NATURES,
    Alert,
    AlertKey,
    AlertKind,
    AlertState,
    AlertView,
    AlertWord,
    Item,
    Mend,
    Raised,
    Way,
)
from domain.audit import Word
from domain.errors import Elsewhere, Fault
from domain.ids import RoomId, StepKey
from domain.intents import Outcome
from domain.people import SYSTEM, Person
from retention.alert_readers import Readers, readers
from retention.alert_showing import Draw, show_anew
from retention.alerting import about, raise_alert, raise_now, settle_alert, view_of, way_of
from retention.quiet import quiet_until
from spaces.effects import Busy, send_card
from spaces.spec import House
from storage.store import UnitOfWork
from webex.errors import NotAuthorised

log = logging.getLogger(__name__)

SPACE, MANY = "space", "many"
MOST_CARDS = 12
"""Alerts of one pass that have a card each."""
DOWN, DARK = "alert-space-down", "alert-nobody-reached"
LONGEST_WAIT = timedelta(minutes=15)
MOST_TRIES = 12
"""Passes after which those who were reached have to do, where at least one was."""
REFRESH = timedelta(hours=1)
REMIND = timedelta(hours=24)


@dataclass(slots=True)
class Told:
    """What came of a pass.

    `reached` counts readers who know, now or before; `failed` alerts of which nobody does.
    """

    reached: int = 0
    failed: int = 0
    waiting: int = 0
    titles: list[str] = field(default_factory=list)


def tell_alerts(house: House, draw: Draw, *, only: AlertKey | None = None) -> Told:
    """Tells those whose turn it is. Raises NotAuthorised: the bot's token is dead."""
    told = Told()
    with house.store.read() as tx:
        due = [one for one in tx.alert_telling.to_tell() if only is None or one.key == only]
        is_down = tx.settings.get(DOWN) is not None
        tx_now = tx.now
        stale = tx.alert_telling.to_show(before=tx_now - REFRESH)
    if due or is_down:
        try:
            where = readers(house)
            _note_space(house, draw, where)
            for one in _a_few(house, due):
                where = _tell(house, draw, one, where, told)
        except NotAuthorised as no:
            _in_the_dark(house, f"the bot's token is dead: {no}", due)
            raise
    for one in stale:
        show_anew(house, one.key, draw)
    return told


def _a_few(house: House, due: Sequence[Alert]) -> Sequence[Alert]:
    """Of very many at once the urgent first, and one that names the others: a storm of cards
    would hide what matters."""
    if len(due) <= MOST_CARDS:
        return due
    first = sorted(due, key=lambda one: not one.nature.is_urgent)
    with house.store.begin() as tx:
        rest = first[MOST_CARDS:]
        key = raise_alert(
            tx,
            Raised(
                kind=AlertKind.CHANNEL, subject=MANY, what=f"{len(rest):,} more alerts at once",
                items=tuple(Item(key=f"alert/{one.key}/{one.round}", said=one.title)
                            for one in rest),
                means="They came without a card of their own.",
                to_do="Look at them with “alerts”.",
                mends=(Mend(title="Alerts", command="alerts"),),
            ),
        )  # fmt: skip
        for one in rest:
            tx.alert_telling.all_told(one)
        many = tx.alerts.get(key)
        tx.commit()
    return [*first[:MOST_CARDS], *([many] if many is not None and many.told_at is None else [])]


def remind(tx: UnitOfWork) -> int:
    """What is urgent and that nobody acknowledged within a day is told once more."""
    kinds = [kind for kind, nature in NATURES.items() if nature.is_urgent]
    again = [one for one in kinds if way_of(tx, one).way is Way.AT_ONCE]
    return tx.alert_telling.tell_once_more(again, told_before=tx.now - REMIND)


def _tell(house: House, draw: Draw, one: Alert, where: Readers, told: Told) -> Readers:
    """One alert, to all who do not know yet. Gives where the next ones go."""
    with house.store.read() as tx:
        known = tx.alert_telling.attempts(one)
        late = _late(tx.settings.get(DARK), tx.now)
        view = view_of(house, tx, one.key, late=late)
    if view.alert.state is AlertState.CLOSED:
        return where
    # Here those are known, too, who never wrote to us.
    view = replace(view, is_alone=[one.asked_by] == [person.key for person in where.people])
    if where.room is not None:
        if known.get(SPACE, (0, False))[1] or _to(house, draw, view, SPACE, known, room=where.room):
            _done(house, one, told, 1, bool(late))
            return where
        where = Readers(people=where.people, why="what I post there does not arrive")
        _note_space(house, draw, where)
    waits: list[datetime] = []
    reached = failed = 0
    for person in _who(one, where):
        reader = f"{person.key}"
        if known.get(reader, (0, False))[1]:
            reached += 1
            continue
        until = None if one.nature.is_urgent else quiet_until(house, person)
        if until is not None:
            waits.append(until)
        elif _to(house, draw, view, reader, known, person=person):
            reached += 1
        else:
            failed += 1
    told.waiting += len(waits)
    if (reached and not failed and not waits) or (reached and one.tries >= MOST_TRIES):
        _done(house, one, told, reached, bool(late))
        return where
    told.reached += reached
    _later(house, one, waits, failed=not where.people or failed > 0, reached=reached, told=told)
    return where


def _who(one: Alert, where: Readers) -> tuple[Person, ...]:
    others = tuple(person for person in where.people if person.key != one.asked_by)
    return others or where.people


def _done(house: House, one: Alert, told: Told, reached: int, was_dark: bool) -> None:
    told.reached += reached
    told.titles.append(one.title)
    with house.store.begin() as tx:
        tx.alert_telling.all_told(one)
        tx.alerts.note(one.key, AlertWord.TOLD)
        if was_dark and reached:
            tx.settings.drop(DARK)
        tx.commit()


def _later(
    house: House, one: Alert, waits: list[datetime], *, failed: bool, reached: int, told: Told
) -> None:
    now = house.clock.now()
    wait = min(timedelta(minutes=2 ** min(one.tries, 10)), LONGEST_WAIT)
    at = min([now + wait] if failed else waits)
    with house.store.begin() as tx:
        tx.alert_telling.tell_later(one, at, failed=failed)
        if failed and not one.tries:
            tx.alerts.note(one.key, AlertWord.NOT_TOLD)
        tx.commit()
    if failed and not reached and not waits:
        told.failed += 1
        _in_the_dark(house, "no officer could be reached", [one])


def _to(
    house: House, draw: Draw, view: AlertView, reader: str, known: dict[str, tuple[int, bool]],
    *, person: Person | None = None, room: RoomId | None = None,
) -> bool:  # fmt: skip
    """One reader; what surely did not get there is another attempt the next time."""
    one, attempt = view.alert, known.get(reader, (0, False))[0]
    try:
        sent = send_card(
            house, draw(view, person.time_zone if person else "UTC"),
            step=StepKey(f"{about(one.key)}/{one.round}/{attempt}/{reader}"),
            word=Word.ALERT_SEND, actor=SYSTEM,
            person=(person.key, person.id) if person else None, room=room, about=about(one.key),
        )  # fmt: skip
    except NotAuthorised:
        raise
    except (Busy, Elsewhere) as no:
        log.info("alert %s is being told by another process: %s", one.key, no)
        return False
    except Fault as no:
        log.warning("alert %s did not reach %s: %s", one.key, reader, no)
        return False
    is_told = sent.outcome is Outcome.DONE
    is_lost = sent.outcome.is_final and not is_told
    with house.store.begin() as tx:
        tx.alert_telling.tried(one, reader, attempt + is_lost, is_told=is_told)
        tx.commit()
    if not is_told:
        log.warning("alert %s did not reach %s: %s", one.key, reader, sent.outcome)
    return is_told


def tell_assigned(house: House, view: AlertView, to: Person, draw: Draw) -> bool:
    """Whoever got an alert handed is told 1:1, at any hour: somebody asked them to look."""
    one = view.alert
    at = f"{one.state_at.timestamp():.0f}" if one.state_at else ""
    try:
        sent = send_card(
            house, draw(view, to.time_zone),
            step=StepKey(f"{about(one.key)}/{one.round}/assigned/{to.key}/{at}"),
            word=Word.ALERT_SEND, actor=SYSTEM, person=(to.key, to.id), about=about(one.key),
        )  # fmt: skip
    except Fault as no:
        log.warning("alert %s was handed to %s, who could not be told: %s", one.key, to.key, no)
        return False
    return sent.outcome is Outcome.DONE


# -- what can't be told -------------------------------------------------------------------------


def _note_space(house: House, draw: Draw, where: Readers) -> None:
    """Remembers since when the alert space can't be used, and says so; and when it can again,
    how long that was."""
    with house.store.read() as tx:
        down, now = tx.settings.get(DOWN), tx.now
    if where.why and down is None:
        log.error("alerts go 1:1, since the alert space can't be used: %s", where.why)
        with house.store.begin() as tx:
            tx.settings.put(DOWN, {"since": now.isoformat(), "why": where.why}, by=SYSTEM.name)
            tx.commit()
        raise_now(
            house,
            Raised(
                kind=AlertKind.CHANNEL, subject=SPACE, what="the alert space can't be used",
                pairs=(("Why", where.why),), means="Alerts go 1:1 to each of compliance meanwhile.",
                to_do="See that I am in it, and nobody else than compliance.",
                occurrence=now.isoformat(),
            ),
        )  # fmt: skip
    elif not where.why and down is not None:
        since = datetime.fromisoformat(str(down["since"]))
        said = f"alerts went 1:1 for {_span(now - since)}, since {since:%d %b %Y %H:%M} UTC"
        with house.store.begin() as tx:
            tx.settings.drop(DOWN)
            one = tx.alerts.of(AlertKind.CHANNEL, SPACE)
            settle_alert(tx, AlertKind.CHANNEL, SPACE, why=f"it can be used again; {said}")
            tx.commit()
        if one is not None:
            _say_again(house, draw, one, where, f"The alert space can be used again: {said}.")


def _say_again(house: House, draw: Draw, one: Alert, where: Readers, late: str) -> None:
    show_anew(house, one.key, draw)
    if where.room is None:
        return
    with house.store.read() as tx:
        view = view_of(house, tx, one.key, late=late)
    step = f"{about(one.key)}/{one.round}/again/{one.times}"
    try:
        send_card(
            house, draw(view, "UTC"), step=StepKey(step), word=Word.ALERT_SEND, actor=SYSTEM,
            room=where.room, about=about(one.key),
        )  # fmt: skip
    except NotAuthorised:
        raise
    except Fault as no:
        log.warning("that the alert space works again was not said: %s", no)


def _in_the_dark(house: House, why: str, due: list[Alert]) -> None:
    """Nobody can be told: the log, the run that fails, and `spacekeeper check` say so."""
    for one in due:
        log.error("alert %s (%s) reaches nobody: %s", one.key, one.kind, why)
    with house.store.begin() as tx:
        if tx.settings.get(DARK) is None:
            said = {"since": tx.now.isoformat(), "why": why}
            tx.settings.put(DARK, said, by=SYSTEM.name)
            tx.commit()


def _late(dark: object, now: datetime) -> str:
    if not isinstance(dark, dict) or "since" not in dark:
        return ""
    since = datetime.fromisoformat(str(dark["since"]))
    return f"This comes late: for {_span(now - since)}, until now, I could reach nobody."


def _span(span: timedelta) -> str:
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes < 120:
        return f"{minutes} minutes" if minutes != 1 else "a minute"
    hours = minutes // 60
    return f"{hours} hours" if hours < 72 else f"{hours // 24} days"
