"""Carrying out erasures that two people agreed to: the job's part, and the deadlines of all.

An erasure is a list of spaces, each with how it stands in the database; a run does what can be
done now, one space after the other, and stops at a pause, at the cap, at a throttle or with the
process. The next run, in this process or another, goes on there. What waits (for a hold's end,
for a person) is looked at again each time, and the others do not wait for it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from domain.alerts import AlertKind, Mend, Raised
from domain.audit import Word
from domain.erasures import Erasure, ErasureState, Obstacle, Part, PartState
from domain.errors import Elsewhere, Fault, Paused, Stopped
from domain.people import SYSTEM, Person
from retention.erasing.certifying import certify_erasure
from retention.erasing.finding import find_seats, find_writing
from retention.erasing.registering import why_no_person
from retention.erasing.standing import standings
from retention.erasing.turn import Turn, take_turn
from retention.ground import out_of_reach
from retention.leading import NotLeader, leading
from retention.restored import remembers_less
from retention.spec import CalledOff, Night
from retention.telling import alert, note
from spaces.effects import CapReached
from spaces.effects.caps import whole
from spaces.guarding import guard_own_spaces
from spaces.opening import opening
from spaces.spec import House
from storage.store import UnitOfWork
from webex.errors import Missing, NotAuthorised, Throttled, WebexFault
from webex.gateway import Lane

log = logging.getLogger(__name__)

SOON = (timedelta(days=7), timedelta(days=2), timedelta(0))
"""Before its deadline compliance is told of a request that is not over; each once."""
LEASE = "erasing"
LOOKED_AGAIN = timedelta(hours=1)
"""What waits for a person, or for Webex, is tried again so often."""
_HELD = "waits for a hold's end"
_ENDS = (NotAuthorised, Paused, Throttled, CapReached)


def run_erasures(night: Night) -> Mapping[str, object]:
    """Does what is due. Says what it did, in words and numbers."""
    house = night.house
    if night.is_dry:
        with house.store.read() as tx:
            return {"counts": dict(Counter(str(one.state) for one in tx.erasures.open()))}
    counts: Counter[str] = Counter()
    counts["told of a deadline"] += _deadlines(night)
    stopped = ""
    try:
        stopped = _work(night, counts)
    except _ENDS as no:
        stopped = str(no)
    return {"counts": {k: v for k, v in counts.items() if v}, "stopped": stopped}


def _work(night: Night, counts: Counter[str]) -> str:
    house = night.house
    with house.store.read() as tx:
        due = tx.erasures.open(ErasureState.AGREED, ErasureState.ERASING, ErasureState.PARTLY)
        pause, now, open_ = tx.settings.pause(), tx.now, opening(tx, house.limits)
    for one in due:
        if one.state is ErasureState.AGREED and one.expires_at and one.expires_at <= now:
            counts["expired"] += _expire(night, one)
    due = tuple(one for one in due if _is_due(one, now))
    if not due:
        return ""
    if pause is not None:
        return f"paused by {pause.by}"
    if not house.webex.has_compliance:
        return "there is no compliance identity"
    if why := open_.closed(now):
        return why
    if whole(house.limits.erase_per_day) < 1:
        return "the operator allows to erase nothing (SPACEKEEPER_ERASE_PER_DAY)"
    if why := out_of_reach(night) or remembers_less(night):
        return why
    guard_own_spaces(house)
    try:
        with leading(night, LEASE):  # one run may last for hours, and the next is due meanwhile
            for one in due:
                counts[_by_itself(night, one, counts)] += 1
    except NotLeader as no:
        return str(no)
    return ""


def _is_due(one: Erasure, now: datetime) -> bool:
    if one.state is not ErasureState.AGREED:
        return True
    return one.begins_at is not None and one.begins_at <= now


def _by_itself(night: Night, one: Erasure, counts: Counter[str]) -> str:
    """One request; what goes wrong with it is noted, and the others go on."""
    try:
        return _carry(night, one, counts)
    except _ENDS:
        raise
    except Fault as no:
        log.warning("%s is put off: %s", one.number, no)
    except Exception:
        log.exception("%s is poisoned", one.number)
        _tell(
            night, one, "poisoned", "something is wrong with an erasure", why="the log says what",
            means="It stands still; others go on.", to_do="Ask your operator to look at the log.",
        )  # fmt: skip
    return "put off"


def _carry(night: Night, one: Erasure, counts: Counter[str]) -> str:
    """One request, as far as it goes now. Says how it stands then."""
    house = night.house
    person = _begin(night, one)
    if person is None:
        return "stands still"
    with house.store.begin() as tx:
        one = tx.erasures.get(one.key)
        parts = _whose_turn(tx, one)
        spaces = tx.spaces.by_keys(part.space for part in parts)
        tx.commit()
    general = {key for key, space in spaces.items() if space.is_general}
    turn = Turn(house=house, erasure=one, person=person, run=night.run)
    for part in sorted(parts, key=lambda each: each.space in general):
        if night.stop():
            raise Stopped
        counts[_one(turn, part)] += 1
    return _end(night, one, person)


def _whose_turn(tx: UnitOfWork, one: Erasure) -> list[Part]:
    """Those that something may be done about now; what stands in the way of the others is written
    down as it is now."""
    parts = [part for part in tx.erasures.parts(one.key) if _has_a_turn(part, tx.now)]
    waiting = {
        part.space: part for part in parts
        if part.state is PartState.WAITS and part.obstacle is not Obstacle.UNSEEN
    }  # fmt: skip
    for key, stands in standings(tx, waiting).items():
        was = waiting[key]
        if stands.obstacle in (Obstacle.NONE, Obstacle.GONE):
            del waiting[key]
        elif (stands.obstacle, stands.why) != (was.obstacle, was.why):
            tx.erasures.set_part(
                one.key, key, state=str(stands.state), obstacle=str(stands.obstacle),
                why=stands.why,
            )  # fmt: skip
    return [part for part in parts if part.space not in waiting]


def _one(turn: Turn, part: Part) -> str:
    """One space; what goes wrong with it is noted, and the others go on."""
    try:
        return f"space {take_turn(turn, part)}"
    except _ENDS:
        raise
    except (CalledOff, Elsewhere) as no:
        log.info("%s stopped: %s", turn.erasure.number, no)
        return "space called off"
    except Fault as no:
        why = f"It could not be done just now: {no}."
    except Exception:
        log.exception("a space of %s is poisoned", turn.erasure.number)
        why = "Something is wrong with it; the log says what."
    with turn.house.store.begin() as tx:
        tx.erasures.set_part(
            turn.erasure.key, part.space, state=str(PartState.WAITS),
            obstacle=str(Obstacle.UNSEEN), why=why, tried_at=tx.now,
        )  # fmt: skip
        tx.commit()
    return "space put off"


def _has_a_turn(part: Part, now: datetime) -> bool:
    match part.state:
        case PartState.TO_DO:
            return True
        case PartState.DONE | PartState.LEFT:
            return False
        case _ if part.obstacle is Obstacle.NEW:
            return False
        case PartState.WAITS if part.obstacle is not Obstacle.UNSEEN:
            return True  # the database alone says whether it still does
        case _:
            return part.tried_at is None or part.tried_at + LOOKED_AGAIN <= now


def _begin(night: Night, one: Erasure) -> Person | None:
    """None: it may not go on, and compliance was told why."""
    house = night.house
    with house.store.begin() as tx:
        if one.person is None:
            return None
        person = tx.people.by_key(one.person)
        why = why_no_person(house, tx, person)
        if not why and one.state is ErasureState.AGREED:
            why = _no_officers(house, tx, one)
        if not why and one.state is ErasureState.AGREED:
            tx.audit.serialise()
            if not tx.erasures.move(one, ErasureState.ERASING, why="its time has come"):
                return None
            tx.audit.add(
                Word.ERASURE_BEGIN, SYSTEM, erasure=one.number, whom=one.pseudonym,
                list=one.list_hash,
            )  # fmt: skip
            tx.commit()
    if not why:
        return person
    _tell(
        night, one, "stuck", "an erasure stands still", why=why,
        means="Nothing of that person is erased while this is so.",
        to_do=f"Look at it with `erasure {one.number}`; `erasure cancel` calls it off.",
    )  # fmt: skip
    return None


def _no_officers(house: House, tx: UnitOfWork, one: Erasure) -> str:
    """Whose word it begins by has to be of compliance then, too (I12); empty when they are."""
    keys = {one.by, *([one.second] if one.second is not None else [])}
    people = tx.people.by_keys(keys)
    if len(keys) > 1 and all(house.is_officer(tx, each) for each in people.values()):
        return ""
    return "of the two who agreed to it, not both are of compliance any more"


def _end(night: Night, one: Erasure, person: Person) -> str:
    """Where the request stands after a run: over, partly done, or going on."""
    house = night.house
    with house.store.read() as tx:
        now = tx.erasures.get(one.key)
        parts = tx.erasures.parts(one.key)
    if now.state not in (ErasureState.ERASING, ErasureState.PARTLY):
        return str(now.state)
    if any(part.state is PartState.TO_DO for part in parts):
        return "goes on"
    waiting = [p for p in parts if p.state in (PartState.WAITS, PartState.ATTENTION)]
    waiting = waiting or list(_came_up(house, now, person, parts))
    if waiting:
        _rest(night, now, waiting)
        return "waits"
    if (end := _close(night, now, person, parts)) == _HELD:
        _tell_held(night, now)
    return end


def _came_up(
    house: House, one: Erasure, person: Person, parts: tuple[Part, ...]
) -> tuple[Part, ...]:
    """Spaces that nobody agreed to, since they came up later."""
    known = {part.space for part in parts}
    found, seen = find_writing(house, person), find_seats(house, person, lane=Lane.BACKGROUND)
    if found.unknown or seen.unknown:
        raise Fault(found.unknown or seen.unknown)
    new = tuple(
        Part(
            space=key, state=PartState.WAITS, obstacle=Obstacle.NEW,
            why="It came up later; `erase person` looks at it, and two people have to agree.",
        )
        for key in {*found.seats, *seen.seats} - known
    )  # fmt: skip
    if new:
        with house.store.begin() as tx:
            tx.erasures.put_parts(one.key, new)
            tx.commit()
    return new


def _rest(night: Night, one: Erasure, waiting: list[Part]) -> None:
    """The rest waits; told once for each number of spaces that do."""
    with night.house.store.begin() as tx:
        if one.state is not ErasureState.PARTLY:
            tx.audit.serialise()
            why = f"{len(waiting)} spaces wait"
            if tx.erasures.move(one, ErasureState.PARTLY, why=why):
                tx.audit.add(
                    Word.ERASURE_REST, SYSTEM, erasure=one.number, whom=one.pseudonym,
                    waiting=len(waiting),
                )  # fmt: skip
        tx.commit()
    _tell(
        night, one, f"rest/{len(waiting)}", "an erasure is partly done",
        why=f"{len(waiting)} spaces wait: {waiting[0].why}",
        means="What could be erased is; the rest goes on by itself when nothing forbids it.",
        to_do=f"`erasure {one.number}` shows what waits, and for what.",
    )  # fmt: skip


def _close(night: Night, one: Erasure, person: Person, parts: tuple[Part, ...]) -> str:
    """Our own records, the certificate, the end: in one transaction."""
    house = night.house
    still_there = _is_in_webex(house, person)
    with house.store.begin() as tx:
        tx.audit.serialise()
        if tx.protections.is_held(person.key):  # it reaches all spaces that they ever were in
            return _HELD
        one = tx.erasures.get(one.key)
        own = tx.erasures.forget(person.key, one.pseudonym, rename=not still_there)
        made = certify_erasure(tx, one, parts, own, still_there=still_there)
        left = sum(part.state is PartState.LEFT for part in parts)
        why = f"done, and {left} spaces were left" if left else "all of it is erased"
        if not tx.erasures.move(
            one,
            ErasureState.DONE,
            why=why,
            certificate=made.number,
            person_id=None,
            reason="",
            extended="",
        ):
            return "was called off"
        tx.audit.add(
            Word.ERASURE_END, SYSTEM, erasure=one.number, whom=one.pseudonym, left=left,
            certificate=made.number, sha256=made.sha256,
        )  # fmt: skip
        tx.commit()
    _tell(
        night, one, "done", "an erasure is done", why=why, is_urgent=False,
        means=f"Certificate {made.number} proves it; it names the person by a pseudonym only.",
        to_do=f"`certificate {made.number}` sends it. Answer the person.",
    )  # fmt: skip
    return "done"


def _tell_held(night: Night, one: Erasure) -> None:
    """Where they were stays known while a hold is on them: else it would not reach those spaces."""
    _tell(
        night, one, "held", "an erasure waits for a hold to end", why="a hold is on the person",
        means="What they wrote is erased; who was where is kept while the hold lasts.",
        to_do=f"`erasure {one.number}` shows how it stands; it ends by itself after the hold.",
    )  # fmt: skip


def _is_in_webex(house: House, person: Person) -> bool:
    """Whether Webex still knows them, so that the inventory would learn of them again at once."""
    try:
        found = house.webex.compliance(Lane.BACKGROUND).person(person.id)
    except Missing:
        return False
    except NotAuthorised:
        raise
    except WebexFault:
        return True
    return found.login_enabled is not False


def _expire(night: Night, one: Erasure) -> int:
    with night.house.store.begin() as tx:
        tx.audit.serialise()
        why = "what was agreed to was not begun in time"
        if not tx.erasures.move(one, ErasureState.SHOWN, why=why, list_hash="", second_id=None):
            return 0
        tx.audit.add(Word.ERASURE_CANCEL, SYSTEM, erasure=one.number, whom=one.pseudonym, why=why)
        tx.commit()
    return 1


def _deadlines(night: Night) -> int:
    """Tells compliance of deadlines that come near, and of those that are over."""
    with night.house.store.read() as tx:
        found, now = tx.erasures.open(), tx.now
    told = 0
    for one in found:
        near = [span for span in SOON if one.due - span <= now]
        if not near:
            continue
        is_over = near[-1] == timedelta(0)
        what = "is over" if is_over else f"ends in {max(0, (one.due - now).days)} days"
        told += _tell(
            night, one, f"due/{one.due:%Y-%m-%d}/{near[-1].days}",
            f"the time to answer {one.number} {what}", why=f"It is {one.state}",
            means="The person has a right to an answer in time (GDPR Art. 12(3)).",
            to_do=f"Look at it with `erasure {one.number}`"
            + ("." if one.extended_at or is_over else "; `erasure extend` gives two months."),
        )  # fmt: skip
    return told


def _tell(
    night: Night, one: Erasure, name: str, what: str, *, why: str, means: str, to_do: str,
    is_urgent: bool = True,
) -> int:  # fmt: skip
    """An alert, once for each name of a request, whichever run tells it; what nobody has to do
    anything about is a note."""
    pairs = (("Request", one.number), ("Why", why), ("To be answered by", f"{one.due:%Y-%m-%d}"))
    if not is_urgent:
        return note(
            replace(night, run=f"erasure/{one.number}"), what, *pairs, name=name, means=means,
            lines=(to_do,),
        )  # fmt: skip
    return alert(
        night,
        Raised(
            kind=AlertKind.ERASURE, subject=f"{one.number}/{name}", what=what, pairs=pairs,
            means=means, to_do=to_do, occurrence=name,
            mends=(
                Mend(
                    title="The request", command="erasure", args={"number": one.number},
                    typed=f"erasure {one.number}",
                ),
            ),
        ),
    )  # fmt: skip
