"""Carrying out what people asked for, when its time has come: the job's part.

Each is looked at live right before, judged again in the intent's own transaction and once more
right before the request leaves; it counts against the caps of the engine, stands still in its
pause, waits for firm ground as its nights do, and pulls its brake when something does not match.
“Deleted” is said of what a second identity saw gone (I14). One that goes wrong takes nobody with
it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from domain.alerts import AlertKind, Raised
from domain.audit import Word
from domain.endings import Request, RequestState, Way
from domain.errors import Fault, Paused, Stopped
from domain.ids import StepKey
from domain.intents import Intent, Outcome, Plan
from domain.people import SYSTEM
from domain.spaces import Space, SpaceState
from retention import brake
from retention.alert_sources import DELETIONS
from retention.byhand.asking import AGREED_WITHIN
from retention.byhand.closing import close_request, intents_of
from retention.byhand.cooling import begin, put_back, stop, tell_owners, tell_stopped
from retention.byhand.judging import (
    NO_EXPORT,
    is_emptied,
    may_still,
    purge_step,
    purges_of,
    speaks_against,
    unseen,
)
from retention.byhand.spec import Hands
from retention.byhand.tombstones import lay_tombstone
from retention.ground import not_ready, out_of_reach
from retention.restored import remembers_less
from retention.spec import CalledOff
from retention.telling import alert
from spaces.blocking import is_blocked
from spaces.effects import CapReached, Check, perform
from spaces.guarding import guard_own_spaces
from spaces.spec import House
from spaces.sync.live import LiveReading, read_live, settle_missing
from storage.store import UnitOfWork
from webex.errors import Missing, NotAuthorised, Throttled
from webex.gateway import Lane

_log = logging.getLogger(__name__)

SERVED = "deletions-served"
"""When a run last found Webex; in a gap nobody could take anything back."""
OUTAGE = timedelta(hours=1)
STALLED = timedelta(minutes=5)
"""A request whose process may still be at it is left to it so long."""
TOLD_WITHIN = timedelta(days=7)
_ENDS = (NotAuthorised, Paused, Throttled, CapReached)


def run_requests(hands: Hands, *, is_dry: bool = False) -> Mapping[str, object]:
    """Does what is due, and puts back what is left. Says what it did, in words and numbers."""
    house = hands.night.house
    if is_dry:
        with house.store.read() as tx:
            states = Counter(str(one.state) for one in tx.deletions.open())
            due = sum(_is_due(one, tx.now) for one in tx.deletions.open(RequestState.COOLING))
        return {"counts": {**states, "due": due}, "stopped": ""}
    counts: Counter[str] = Counter()
    stopped = ""
    try:
        stopped = _work(hands, counts)
    except _ENDS as no:
        stopped = str(no)
    return {"counts": dict(counts), "stopped": stopped}


def _work(hands: Hands, counts: Counter[str]) -> str:
    house = hands.night.house
    for request in _open(hands, RequestState.DELETING):
        _by_itself(hands, request, counts, lambda one: _word(close_request(hands, one)))
    _put_back_left(hands, counts)
    if why := out_of_reach(hands.night):
        return why
    _make_up(hands, counts)
    guard_own_spaces(house)
    for request in _open(hands, RequestState.WAITING, RequestState.COOLING):
        _by_itself(hands, request, counts, lambda one: _still_stands(hands, one))
    for request in _open(hands, RequestState.BEGUN):
        _by_itself(hands, request, counts, lambda one: _go_on(hands, one))
    for request in _open(hands, RequestState.COOLING):
        _by_itself(hands, request, counts, lambda one: _tell(hands, one))
    due = [
        one for one in _open(hands, RequestState.COOLING, RequestState.DELETING)
        if _is_due(one, house.clock.now()) and not _is_settling(hands, one)
    ]  # fmt: skip
    if not due:
        return ""
    if why := not_ready(hands.night) or remembers_less(hands.night):
        return why
    for number, request in enumerate(due):
        if number:
            house.sleep(house.limits.pace.total_seconds())
        _by_itself(hands, request, counts, lambda one: _carry_out(hands, one))
    return ""


def _by_itself(
    hands: Hands, request: Request, counts: Counter[str], act: Callable[[Request], str]
) -> None:
    """One request; what goes wrong with it is noted, and the others go on."""
    if hands.night.stop():
        raise Stopped
    try:
        word = act(request)
    except _ENDS:
        raise
    except CalledOff as no:
        word = "put off"
        _log.info("request %s is put off: %s", request.key, no)
    except Fault as no:
        word = "put off"
        _log.warning("request %s is put off: %s", request.key, no)
    except Exception:
        _log.exception("request %s is poisoned", request.key)
        word = "needs attention"
        _needs_attention(hands, request, "something is wrong with it; the log says what")
    if word:
        counts[word] += 1


def _open(hands: Hands, *states: RequestState) -> tuple[Request, ...]:
    with hands.night.house.store.read() as tx:
        return tx.deletions.open(*states)


def _is_due(request: Request, now: datetime) -> bool:
    return request.due is not None and request.due <= now


def _is_settling(hands: Hands, request: Request) -> bool:
    """Recovery finds out what came of it; only a purge that stopped half way is gone on with."""
    if request.state is RequestState.COOLING:
        return False
    with hands.night.house.store.read() as tx:
        (*_, last) = (None, *intents_of(tx, request))
    return last is None or last.plan.kind != "purge room" or last.outcome is not Outcome.OPEN


def _still_stands(hands: Hands, request: Request) -> str:
    """What came up since stops it at once, and not only when it is due (I10, I11)."""
    house = hands.night.house
    with house.store.read() as tx:
        why, now = speaks_against(tx, request), tx.now
    if not why and request.state is RequestState.WAITING:
        late = request.asked_at is None or request.asked_at + AGREED_WITHIN <= now
        why = "nobody of compliance agreed in time" if late else ""
    if not why and request.due is None and request.state is RequestState.COOLING:
        late = request.asked_at is None or request.asked_at + TOLD_WITHIN <= now
        why = "none of its owners could be told" if late else ""
    return _stop(hands, request, why) if why else ""


def _go_on(hands: Hands, request: Request) -> str:
    """A process died between the wish and the block."""
    house = hands.night.house
    since = request.asked_at if request.asked_at is not None else request.shown_at
    if house.clock.now() - since < STALLED:
        return ""
    begin(house, SYSTEM, request)
    return "begun"


def _tell(hands: Hands, request: Request) -> str:
    if request.due is not None:
        return ""
    now = tell_owners(hands.night.house, request, hands.words)
    return "told of" if now.due is not None else "not told of yet"


def _stop(hands: Hands, request: Request, why: str) -> str:
    with hands.night.house.store.read() as tx:
        half = is_emptied(tx, request)
    if half:  # nobody may be told that nothing was deleted
        _needs_attention(hands, request, f"it was emptied, and the rest was stopped: {why}")
        return "stopped half way"
    ended = stop(hands.night.house, request, why=why)
    if ended is None:
        return ""
    tell_stopped(hands.night.house, ended, hands.words)
    return "stopped"


def _carry_out(hands: Hands, request: Request) -> str:
    night, house = hands.night, hands.night.house
    with house.store.read() as tx:
        space = tx.spaces.by_key(request.space)
    try:
        live = read_live(house, space.key)
    except Missing:
        if settle_missing(house, space.key) in (SpaceState.GONE, SpaceState.LOST):
            return _stop(hands, request, "Nobody of us can see it any more.")
        raise
    if why := unseen(live):
        raise CalledOff(why)
    if house.exports is not None and not request.export:
        raise CalledOff("its export is not finished")
    why = may_still(house, request, space)
    if house.exports is None and house.limits.needs_export:
        why = why or NO_EXPORT
    if not why and not is_blocked(live, house.webex.bot(Lane.BACKGROUND).me().id):
        why = "Somebody changed the block on it."
    with house.store.begin() as tx:
        request = tx.deletions.get(request.key)
        if request.state not in (RequestState.COOLING, RequestState.DELETING):
            return ""
        space = tx.spaces.by_key(request.space)
        why = why or speaks_against(tx, request)
        if not why:
            lay_tombstone(tx, house, space, live, request=request.key, export=request.export)
            tx.commit()
    if why and request.state is RequestState.DELETING:
        _needs_attention(hands, request, f"it was stopped half way: {why}")
        return "stopped half way"
    if why:
        return _stop(hands, request, why)
    for kind in _KINDS[request.way]:
        made = _perform(hands, request, space, live, kind)
        if made.outcome is not Outcome.DONE:
            break
        if kind == "purge room" and request.way is Way.ARCHIVE:  # which may have taken long
            live = read_live(house, space.key)
            if why := _in_between(house, request, space, live):
                _needs_attention(hands, request, f"it was stopped half way: {why}")
                return "stopped half way"
    with house.store.read() as tx:
        request = tx.deletions.get(request.key)
    outcome = close_request(hands, request, own=True)
    if outcome in (Outcome.NOT_DONE, Outcome.LEFT, Outcome.UNKNOWN):
        with house.store.begin() as tx:
            brake.pull(tx, f"a deletion that was asked for ended as {outcome}: {request.key}")
            tx.commit()
    return _word(outcome) or f"is {made.outcome} ({night.run})"


def _in_between(house: House, request: Request, space: Space, live: LiveReading) -> str:
    """Why a space that was emptied may not go after all: what is looked at before, once more."""
    if why := unseen(live) or may_still(house, request, space):
        return why
    if not is_blocked(live, house.webex.bot(Lane.BACKGROUND).me().id):
        return "somebody changed the block on it"
    with house.store.read() as tx:
        return speaks_against(tx, request)


_KINDS = {
    Way.DELETE: ("delete room",), Way.ARCHIVE: ("purge room", "delete room"),
    Way.PURGE: ("purge room",),
}  # fmt: skip


def _perform(hands: Hands, request: Request, space: Space, live: LiveReading, kind: str) -> Intent:
    """One of the effects. A purge keeps its step, and goes on where it stopped."""
    night, house = hands.night, hands.night.house
    is_purge = kind == "purge room"
    step = StepKey(f"deletion/{request.key}/delete/{night.run}")
    if is_purge:
        step = _step_of_purge(house, request)
    plan = Plan(
        kind=kind, step=step,
        word=Word.SPACE_PURGE if is_purge else Word.SPACE_DELETE, actor=SYSTEM,
        payload={"room": str(space.id)}, space=space.key, run=night.run, is_destructive=True,
        evidence_at=live.at,
    )  # fmt: skip
    try:
        return perform(house, plan, check=_last_look(request, plan.step))
    except Fault:
        with house.store.read() as tx:
            now = tx.deletions.get(request.key)
        close_request(hands, now)
        raise


def _step_of_purge(house: House, request: Request) -> StepKey:
    with house.store.read() as tx:
        found = purges_of(tx, request)
    is_over = bool(found) and found[-1].outcome in (Outcome.CANCELLED, Outcome.NOT_DONE)
    return purge_step(request, max(1, len(found) + is_over))


def _last_look(request: Request, step: StepKey) -> Check:
    """In the intent's own transaction, and right before each request. The first look moves the
    request to DELETING: from then on only reading leads out."""

    def check(tx: UnitOfWork) -> None:
        now = tx.deletions.get(request.key)
        is_ours = now.state is RequestState.DELETING and now.step is not None
        if now.state is not RequestState.COOLING and not is_ours:
            raise CalledOff(f"it is {now.state} now: {now.why}")
        if now.due is None or tx.now < now.due:
            raise CalledOff("its time has not come")
        if why := speaks_against(tx, now):
            raise CalledOff(why)
        block = tx.blocks.of(now.space)
        if block is None or block.request != now.key:
            raise CalledOff("it is not blocked for this any more")
        if now.state is RequestState.COOLING or now.step != step:
            tx.deletions.move(now, RequestState.DELETING, why="its time has come", step=step)

    return check


def _needs_attention(hands: Hands, request: Request, why: str) -> None:
    with hands.night.house.store.begin() as tx:
        now = tx.deletions.get(request.key)
        if now.state in (RequestState.BEGUN, RequestState.COOLING, RequestState.DELETING):
            tx.deletions.move(now, RequestState.ATTENTION, why=why)
            tx.audit.add(
                Word.DELETION_END, SYSTEM, space=now.space, request=now.key,
                state=str(RequestState.ATTENTION), why=why,
            )  # fmt: skip
            tx.commit()
    alert(
        hands.night,
        Raised(
            kind=AlertKind.ATTENTION, subject=f"deletion/{request.key}",
            what="a deletion that was asked for is stuck", pairs=(("Why", why),),
            means="The space stays blocked. Nothing more is done to it.",
            to_do="Look at it with `deletions`; `delete undo` puts it back.",
            space=request.space, occurrence=f"stuck: {why}", mends=(DELETIONS,),
        ),
    )  # fmt: skip


def _put_back_left(hands: Hands, counts: Counter[str]) -> None:
    """Blocks of requests that are over, also in a pause: putting back destroys nothing."""
    house = hands.night.house
    with house.store.read() as tx:
        left = [tx.deletions.get(key) for key in tx.blocks.left_by_requests()]
    for request in left:
        if request.state is RequestState.ENDED or request.way is Way.PURGE:
            counts["put back"] += put_back(house, request, run=hands.night.run)


def _make_up(hands: Hands, counts: Counter[str]) -> None:
    """While we were away nobody could take anything back, so that time does not count."""
    with hands.night.house.store.begin() as tx:
        served = tx.settings.get(SERVED)
        tx.settings.put(SERVED, tx.now.isoformat(), by=SYSTEM.name)
        gap = tx.now - datetime.fromisoformat(str(served)) if served else timedelta(0)
        if gap > OUTAGE:
            counts["given more time"] += tx.deletions.extend(gap)
        tx.commit()


def _word(outcome: Outcome | None) -> str:
    match outcome:
        case None:
            return ""
        case Outcome.DONE:
            return "done"
        case Outcome.ARCHIVED:
            return "archived"
        case Outcome.CANCELLED:
            return "put off"
        case other:
            return f"ended as {other}"


__all__ = ["intents_of", "run_requests"]
