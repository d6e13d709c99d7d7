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
from datetime import datetime, timedelta

from domain.audit import Word
from domain.erasures import Erasure, ErasureState, Obstacle, Part, PartState
from domain.errors import Elsewhere, Fault, Paused, Stopped
from domain.people import SYSTEM, Person
from retention.erasing.closing import how_it_stands
from retention.erasing.registering import no_officers, why_no_person
from retention.erasing.standing import standings
from retention.erasing.telling import deadlines, tell
from retention.erasing.turn import Turn, take_turn
from retention.ground import out_of_reach
from retention.leading import NotLeader, leading
from retention.restored import remembers_less
from retention.spec import CalledOff, Night
from spaces.effects import CapReached
from spaces.effects.caps import whole
from spaces.guarding import guard_own_spaces
from spaces.opening import opening
from spaces.spec import House
from storage.store import UnitOfWork
from webex.errors import NotAuthorised, Throttled

log = logging.getLogger(__name__)

LEASE = "erasing"
STOOD_STILL = timedelta(days=30)
"""After a pause or an outage as long as this, those who agreed have to agree again."""
LOOKED_AGAIN = timedelta(hours=1)
"""What waits for a person, or for Webex, is tried again so often."""
_ENDS = (NotAuthorised, Paused, Throttled, CapReached)


def run_erasures(night: Night) -> Mapping[str, object]:
    """Does what is due. Says what it did, in words and numbers."""
    house = night.house
    if night.is_dry:
        with house.store.read() as tx:
            return {"counts": dict(Counter(str(one.state) for one in tx.erasures.open()))}
    counts: Counter[str] = Counter()
    counts["told of a deadline"] += deadlines(night)
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
            counts["expired"] += _expire(night, one, "what was agreed to was not begun in time")
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
        tell(
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
    return how_it_stands(night, one, person)


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
    is_new = one.state is ErasureState.AGREED
    with house.store.begin() as tx:
        if one.person is None:
            return None
        person = tx.people.by_key(one.person)
        why = why_no_person(house, tx, person) or (no_officers(house, tx, one) if is_new else "")
        over = "" if why or is_new else _is_over(house, tx, one)
        if not why and is_new:
            tx.audit.serialise()
            if not tx.erasures.move(one, ErasureState.ERASING, why="its time has come"):
                return None
            tx.audit.add(
                Word.ERASURE_BEGIN, SYSTEM, erasure=one.number, whom=one.pseudonym,
                list=one.list_hash,
            )  # fmt: skip
        if not (why or over):
            tx.erasures.served(one.key)
            tx.commit()
            return person
    if over:
        _ask_again(night, one, over)
        return None
    tell(
        night, one, "stuck", "an erasure stands still", why=why,
        means="Nothing of that person is erased while this is so.",
        to_do=f"Look at it with `erasure {one.number}`; `erasure cancel` calls it off.",
    )  # fmt: skip
    return None


def _is_over(house: House, tx: UnitOfWork, one: Erasure) -> str:
    """Why what was agreed to and begun does not hold any more; empty while it does."""
    if why := no_officers(house, tx, one):
        return why
    since = one.served_at or one.agreed_at
    if since is None or tx.now - since > STOOD_STILL:
        return f"it stood still for more than {STOOD_STILL.days} days"
    return ""


def _ask_again(night: Night, one: Erasure, why: str) -> None:
    """What went is gone; for the rest two people have to agree anew, to what there is then."""
    if not _expire(night, one, why):
        return
    tell(
        night, one, f"again/{one.agreed_at:%Y-%m-%d}", "an erasure has to be agreed to again",
        why=why, means="Nothing more of that person is erased until two people agree anew.",
        to_do="Say `erase person` and the name to look again; another officer then agrees.",
    )  # fmt: skip


def _expire(night: Night, one: Erasure, why: str) -> int:
    with night.house.store.begin() as tx:
        tx.audit.serialise()
        if not tx.erasures.move(one, ErasureState.SHOWN, why=why, list_hash="", second_id=None):
            return 0
        tx.audit.add(Word.ERASURE_CANCEL, SYSTEM, erasure=one.number, whom=one.pseudonym, why=why)
        tx.commit()
    return 1
