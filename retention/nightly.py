"""A night: settle what was left, look whether the ground is firm, decide, warn, end, report.

Decides the order and what stops what; each step is another file's. One case that goes wrong
takes nobody with it; a dead token, a pause or a Webex that wants to be left alone stop the
rest of the night, and the next one goes on.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.audit import Word
from domain.cases import Case
from domain.errors import Fault, Paused, Stopped
from domain.ids import PolicyVersionKey
from domain.lifecycle import Cause
from domain.people import SYSTEM
from domain.policies import Ending
from domain.views import RunView
from retention import brake
from retention.alert_sources import raise_of_night
from retention.alert_telling import tell_alerts
from retention.ended import close_all
from retention.enforcements.spec import Act, Enforcement, Turn, load
from retention.ground import CLOCKS_DIFFER, make_up_for_outage, not_ready, out_of_reach
from retention.leading import leading
from retention.moving import move_case
from retention.outsider_proofs import certify_left as certify_left_removals
from retention.ownerless.searching import WHY, begin_search
from retention.planning import Agenda, plan
from retention.policies import let_in_force
from retention.proving import look
from retention.purging import certify_left, close_stopped
from retention.restored import remembers_less
from retention.spec import CalledOff, Night
from retention.telling import note, tell_compliance
from retention.tonight import plan_rolled_back
from retention.waiting import waiting
from retention.warning import Due, due_notice, settle_notices, warn
from spaces.blocking import unblock
from spaces.effects import CapReached, settle_open
from spaces.effects.caps import Closed
from spaces.guarding import guard_own_spaces
from spaces.opening import opening
from storage.cases import RUNNING
from webex.errors import NotAuthorised, Throttled

log = logging.getLogger(__name__)

_ENDS_THE_NIGHT = (NotAuthorised, Paused, Throttled)

LOOK_AGAIN = timedelta(seconds=5)
"""Before clocks that differ are believed to differ."""
Summary = Mapping[str, object]


@dataclass(slots=True)
class _Tally:
    """What came of the night so far."""

    counts: Counter[str] = field(default_factory=Counter)
    attention: list[str] = field(default_factory=list)
    stopped: str = ""
    capped: dict[str, str] = field(default_factory=dict)
    """What reached its cap, by policy, with what the cap said."""
    closed: set[PolicyVersionKey] = field(default_factory=set)
    """Versions outside of whose own hours it is."""
    done: dict[str, list[str]] = field(default_factory=dict)
    """What was done to which spaces, by the word for it."""


def run_night(night: Night) -> Summary:
    """Does the night's work, or says what it would do.

    Raises:
        NotLeader: another process has the lease.
    """
    started = night.house.clock.now()
    if night.is_dry:
        return _rehearse(night, started)
    tally = _Tally()
    with leading(night):
        _audit(night, Word.RUN_START, {})
        try:
            _work(night, tally)
        except _ENDS_THE_NIGHT as no:
            tally.stopped = str(no)
        view = _view(night, tally, started)
        try:
            _put_back(night, tally)
            view = _view(night, tally, started)
            _tell(night, view, tally)
        except NotAuthorised as no:  # nobody can be told by us; the silence and the log tell
            log.error("the run could not be reported: %s", no)
        _audit(night, Word.RUN_END, summary := _summary(view))
    return summary


def recover(night: Night) -> int:
    """Settles what a dead process left: intents, cards, cases. At start and now and then."""
    settled = settle_open(night.house)
    settle_notices(night)
    return settled.done + settled.not_done + close_all(night) + close_stopped(night)


def _work(night: Night, tally: _Tally) -> None:
    tally.counts["settled"] = recover(night)
    certify_left(night)
    guard_own_spaces(night.house)
    why = out_of_reach(night)
    if why.startswith(CLOCKS_DIFFER):
        why = _clock_fault(night, why)
    if not why:
        certify_left_removals(night)
        tally.counts["given more time"] = make_up_for_outage(night)
        why = not_ready(night) or remembers_less(night)
    if why:
        tally.stopped = why
        return
    agenda = _plan(night, tally)
    if agenda is not None:
        close_stopped(night)  # of cases that have just left their way
        acts = load()
        _warn(night, agenda, tally)
        # What has waited longest goes first, should a cap be reached on the way.
        if _is_closed(night, agenda, tally):
            return
        _end(night, agenda.ends, lambda one: one.after_grace, acts, tally)
        _end(night, agenda.over, lambda one: one.after_notices, acts, tally)
        _go_on(night, agenda, acts, tally)


def _clock_fault(night: Night, why: str) -> str:
    """Clocks that differ at a second look, too, pull the brake: what was promised to people may
    be wrong. A single answer with an odd date only ends this night (decision page 0109)."""
    night.house.sleep(LOOK_AGAIN.total_seconds())
    again = out_of_reach(night)
    if not again.startswith(CLOCKS_DIFFER):
        return f"{why}, for a moment"
    with night.house.store.begin() as tx:
        brake.pull_for_clocks(tx, again)
        tx.commit()
    return f"{again}; the brake is pulled, and two people have to let it go"


def _is_closed(night: Night, agenda: Agenda, tally: _Tally) -> bool:
    """What is due waits: nothing is lost, and nobody is warned anew. Some may have to wait for
    the hours of their own policy alone."""
    house = night.house
    with house.store.read() as tx:
        company, now = opening(tx, house.limits), house.clock.now()
        own = waiting(tx, house.limits, agenda)
    if closed := company.closed(now):
        if agenda.destructive:
            tally.counts["waiting for the hours"] = agenda.destructive
            _say_closed(tally, closed, company.opens_at(now))
        return True
    for why, at in own.values():
        _say_closed(tally, why, at)
    tally.closed |= set(own)
    return False


def _say_closed(tally: _Tally, why: str, at: datetime | None) -> None:
    until = f"; it goes on from {at:%Y-%m-%d %H:%M} UTC" if at is not None else ""
    tally.attention.append(f"{why[0].upper()}{why[1:]}{until}.")


def _tell(night: Night, view: RunView, tally: _Tally) -> None:
    """To compliance: why the night stopped, what was done to which spaces, and its sum."""
    raise_of_night(night, stopped=tally.stopped, capped=tally.capped)
    tell_alerts(night.house, night.voice.alert)
    for word, titles in tally.done.items():
        number = f"{len(titles)} space{'s' if len(titles) != 1 else ''}"
        note(
            night, f"{number} {word} tonight", ("Run", night.run), name=f"done/{word}",
            lines=titles,
        )  # fmt: skip
    if any(number for _, number in view.counts) or view.attention:
        tell_compliance(night, lambda zone: night.voice.run(view, zone), what="run")


def _plan(night: Night, tally: _Tally) -> Agenda | None:
    """Decides, and takes what follows from it alone. None when the brake was pulled."""
    with night.house.store.read() as tx:  # it takes its time, and nobody has to wait for it
        broken = brake.broken_record(tx, night.house.anchors)
    with night.house.store.begin() as tx:
        let_in_force(tx)
        agenda = plan(tx, generation=_generation(tx.crawls.last(complete=True)))
        why = _of_the_record(broken) or brake.look_at_plan(tx, agenda, night.house.limits)
        if not why:
            brake.remember(tx, agenda)
            tx.commit()
    if why:
        with night.house.store.begin() as tx:
            brake.pull(tx, why, broken_at=broken)
            tx.commit()
        tally.stopped = f"the brake was pulled, and two people have to let it go: {why}"
        return None
    _count_plan(agenda, tally)
    return agenda


def _of_the_record(broken_at: int | None) -> str:
    return f"the record was changed at its row {broken_at}" if broken_at is not None else ""


def _count_plan(agenda: Agenda, tally: _Tally) -> None:
    tally.counts["newly due"] = agenda.opened
    for cause, number in agenda.left.items():
        tally.counts[_LEFT[cause]] += number
    tally.counts["not known"] = agenda.unknown
    tally.attention += [f"“{name}” has no cap, so it does nothing" for name in agenda.idle]


def _warn(night: Night, agenda: Agenda, tally: _Tally) -> None:
    notices: list[Due] = []

    def collect(case: Case) -> None:
        proof = look(night, case)
        if not proof.owners:
            _nobody_owns(night, case, tally)
        elif (due := due_notice(night, proof)) is not None:
            notices.append(due)

    for case in agenda.notices:
        _by_itself(night, case, tally, collect)
    told, wrong = warn(night, notices)
    tally.counts["warned"] = told
    tally.attention += wrong


def _go_on(night: Night, agenda: Agenda, acts: Mapping[Ending, Enforcement], tally: _Tally) -> None:
    """What is done every night, to those for which there is something to do."""
    busy: list[Case] = []

    def ask(case: Case) -> None:
        version = None if case.version is None else agenda.versions.get(case.version)
        if version is not None and not acts[version.ending].is_idle(night, case):
            busy.append(case)

    for case in agenda.purging:
        _by_itself(night, case, tally, ask)
    _end(night, busy, lambda one: one.each_night, acts, tally, pace=0)


def _end(
    night: Night, cases: Sequence[Case], which: Callable[[Enforcement], Act | None],
    acts: Mapping[Ending, Enforcement], tally: _Tally, *, pace: float | None = None,
) -> None:  # fmt: skip
    """Args: pace: seconds between two, where it is not that of deletions."""
    wait = night.house.limits.pace.total_seconds() if pace is None else pace
    full: set[object] = set()  # policies that may do no more tonight
    for number, case in enumerate(cases):
        if case.version in tally.closed:
            tally.counts["waiting for the hours"] += 1
            continue
        if case.version in full:
            tally.counts["waiting for a cap"] += 1
            continue
        if number:
            night.house.sleep(wait)

        def act(case: Case) -> None:
            proof = look(night, case)
            if not proof.owners:  # whoever was warned is gone, and nobody took their place
                _nobody_owns(night, case, tally)
                return
            do = which(acts[proof.version.ending])
            if do is not None:
                word = do(Turn(night=night, proof=proof))
                tally.counts[word] += 1
                tally.done.setdefault(word, []).append(proof.space.shown_title)
                if word.startswith("deletion "):
                    _mismatch(night, case, word)

        try:
            _by_itself(night, case, tally, act)
        except Closed as no:  # the hour came, or somebody set a freeze, while the night was at it
            if case.version is not None:
                tally.closed.add(case.version)
            tally.counts["waiting for the hours"] += 1
            _say_closed(tally, str(no), None)
        except CapReached as no:
            full.add(case.version)
            tally.counts["waiting for a cap"] += 1
            tally.attention.append(f"A cap was reached: {no}")
            tally.capped[_policy(night, case)] = str(no)


def _by_itself(night: Night, case: Case, tally: _Tally, act: Callable[[Case], None]) -> None:
    """One case; what goes wrong with it is noted, and the others go on."""
    if night.stop():
        raise Stopped
    try:
        act(case)
    except (*_ENDS_THE_NIGHT, CapReached):
        raise
    except CalledOff as no:
        tally.counts["left alone"] += 1
        log.info("case %s is left alone: %s", case.key, no)
    except Fault as no:
        tally.counts["put off"] += 1
        tally.attention.append(f"{_title(night, case)}: {no}")
    except Exception:
        log.exception("case %s is poisoned", case.key)
        tally.counts["needs attention"] += 1
        tally.attention.append(f"{_title(night, case)}: something is wrong with it; see the log")
        _stuck(night, case, "something is wrong with it; the log says what")


def _nobody_owns(night: Night, case: Case, tally: _Tally) -> None:
    """Without an owner nothing goes on by itself (design.md, The lifecycle)."""
    tally.counts["without owner"] += 1
    tally.attention.append(f"{_title(night, case)}: {WHY}; its members are asked")
    _stuck(night, case, WHY, is_ownerless=True)


def _stuck(night: Night, case: Case, why: str, *, is_ownerless: bool = False) -> None:
    with night.house.store.begin() as tx:
        now = tx.cases.get(case.key)
        if now.state in RUNNING:
            move_case(tx, now, Cause.STUCK, why=why)
            if is_ownerless:
                begin_search(tx, case.space, case=now)
            tx.commit()


def _mismatch(night: Night, case: Case, word: str) -> None:
    """Something was to be destroyed and is not: whatever the reason, nothing more is. The next
    destructive step finds the pause, and ends the night."""
    with night.house.store.begin() as tx:
        brake.pull(tx, f"{word}: case {case.key}")
        tx.commit()


def _put_back(night: Night, tally: _Tally) -> None:
    """Blocks whose reason is gone are taken back, also in a pause."""
    house = night.house
    with house.store.read() as tx:
        left = [tx.spaces.by_key(key) for key in tx.blocks.left_over()]
    for space in left:
        try:
            unblock(house, SYSTEM, space, step=f"{night.run}/unblock/{space.key}")
            tally.counts["unblocked"] += 1
        except NotAuthorised:
            raise
        except Fault as no:
            tally.attention.append(f"{space.shown_title} could not be unblocked: {no}")


def _rehearse(night: Night, started: datetime) -> Summary:
    """The very same plan, rolled back."""
    house, tally = night.house, _Tally(stopped=out_of_reach(night) or not_ready(night))
    if not tally.stopped:
        with house.store.read() as tx:
            broken = _of_the_record(brake.broken_record(tx, night.house.anchors))
        with house.store.begin() as tx:  # never committed
            tally.counts["given more time"], agenda, why = plan_rolled_back(tx, house)
            tally.stopped = broken or why
        _count_plan(agenda, tally)
        tally.counts["to be warned"] = len(agenda.notices)
        tally.counts["to be blocked or told of"] = len(agenda.over)
        tally.counts["to be deleted"] = len(agenda.ends)
    return _summary(_view(night, tally, started))


def _view(night: Night, tally: _Tally, started: datetime) -> RunView:
    return RunView(
        run=night.run, started_at=started, ended_at=night.house.clock.now(), is_dry=night.is_dry,
        counts=tuple((word, number) for word, number in tally.counts.items() if number),
        attention=tuple(tally.attention), stopped=tally.stopped,
    )  # fmt: skip


def _summary(view: RunView) -> Summary:
    return {
        "run": view.run, "dry": view.is_dry, "counts": dict(view.counts),
        "attention": list(view.attention), "stopped": view.stopped,
    }  # fmt: skip


def _generation(crawl: object) -> int:
    return int(getattr(crawl, "generation", 0))


def _policy(night: Night, case: Case) -> str:
    with night.house.store.read() as tx:
        return tx.policies.version(case.version).name if case.version is not None else ""


def _title(night: Night, case: Case) -> str:
    with night.house.store.read() as tx:
        return tx.spaces.by_key(case.space).shown_title


def _audit(night: Night, word: Word, said: Summary) -> None:
    with night.house.store.begin() as tx:
        tx.audit.add(word, SYSTEM, run=night.run, said=dict(said))
        tx.commit()


_LEFT = {
    Cause.WOKE_UP: "woke up", Cause.KEPT: "kept", Cause.HOLD_PLACED: "held",
    Cause.HOLD_RELEASED: "released", Cause.DECISION_CHANGED: "changed",
    Cause.POLICY_PAUSED: "paused", Cause.POLICY_RESUMED: "resumed",
}  # fmt: skip
