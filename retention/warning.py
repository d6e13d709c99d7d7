"""Warnings: one digest an owner a night, with every space of theirs that is due.

A notice counts once it was delivered to a living person, and only then does the case go on
(I2, I5). Which spaces a card names is written down in the transaction of the card's own
intent, and its step is made of exactly that list; so a card that got through before a crash is
found again, and one that did not is sent once.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.audit import Word
from domain.cases import Case
from domain.errors import Fault, Paused
from domain.ids import CaseKey, PersonKey, StepKey
from domain.intents import Intent, Outcome
from domain.lifecycle import CaseState, Cause
from domain.people import SYSTEM, Person
from domain.policies import PolicyVersion
from domain.spaces import Space
from domain.views import Warned
from query.faults import QueryFault
from query.language import parse
from query.spec import Moments
from retention import cadence
from retention.decision import explain
from retention.proving import Proof
from retention.spec import CalledOff, Night
from retention.tracing import Step
from spaces.effects import send_card
from spaces.effects.cards import code_of, marker_of
from storage.notices import Notice
from storage.store import UnitOfWork
from webex.errors import NotAuthorised

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A notice that is to go out: number `number` about `proof.case`, promising `promised`."""

    proof: Proof
    number: int
    promised: datetime
    why: str
    needed: int = 0
    older_than: timedelta | None = None

    @property
    def case(self) -> Case:
        return self.proof.case

    @property
    def shown(self) -> Warned:
        version = self.proof.version
        return warned(
            self.proof.space, self.case, version, number=self.number, due=self.promised,
            gone_at=cadence.gone_at(version, self.promised), why=self.why,
            needed=self.needed,
            older_than=self.older_than,
        )  # fmt: skip


def warned(
    space: Space, case: Case, version: PolicyVersion, *, number: int, due: datetime,
    gone_at: datetime | None, why: str, needed: int = 0, older_than: timedelta | None = None,
) -> Warned:  # fmt: skip
    """What an owner is told of a case; the numbers are the policy's."""
    return Warned(
        space=space, ending=version.ending, due=due, gone_at=gone_at, why=why, case=case.key,
        cycle=case.cycle, version=version.key, number=number, of=cadence.notices_of(version),
        policy=version.name, condition=version.query, period=version.period, basis=version.basis,
        basis_of=version.basis_of, needed=needed, older_than=older_than,
        changed_by=_changed_by(version.query),
    )  # fmt: skip


def _changed_by(query: str) -> tuple[str, ...]:
    """What changes the answer to a condition, by its own criteria."""
    try:
        asked = parse(query).criteria
    except QueryFault:  # it matches nothing as it is
        return ()
    return tuple(dict.fromkeys(filter(None, (one.condition.changed_by for one in asked))))


def due_notice(night: Night, proof: Proof) -> Due | None:
    """The notice that a case is to get now, as it will be promised."""
    now = night.house.clock.now()
    number = cadence.next_notice(proof.version, proof.case, now)
    if number is None:
        return None
    with night.house.store.read() as tx:
        why = reason(tx, proof.case, proof.version)
        needed = tx.needs.counts([proof.case.key]).get(proof.case.key, 0)
    promised = cadence.promise(proof.version, proof.case, number, now)
    return Due(
        proof=proof, number=number, promised=promised, why=why, needed=needed,
        older_than=proof.least_age,
    )  # fmt: skip


def reason(tx: UnitOfWork, case: Case, version: PolicyVersion) -> str:
    """The policy's sentence about a space, as the decision's own trace has it."""
    trace = explain(tx, case.space, tx.policies.holding(), Moments(now=tx.now))
    lines = [line.sentence for line in trace.lines if line.step is Step.AUTOMATIC]
    return lines[0] if lines else f"“{version.name}” decides about it."


def warn(night: Night, notices: Sequence[Due]) -> tuple[int, list[str]]:
    """Sends each owner their cards. Gives how many cases were told of, and what went wrong."""
    notices = _for_today(night, notices)
    people: dict[PersonKey, Person] = {}
    theirs: dict[PersonKey, list[Due]] = {}
    for one in notices:
        for owner in one.proof.owners:
            people[owner.key] = owner
            theirs.setdefault(owner.key, []).append(one)
    told: set[CaseKey] = set()
    wrong: list[str] = []
    for key, mine in sorted(theirs.items()):
        mine.sort(key=lambda one: (one.promised, one.case.key))
        for start in range(0, len(mine), night.voice.most_warned):
            some = mine[start : start + night.voice.most_warned]
            try:
                told |= _tell(night, people[key], some)
            except (NotAuthorised, Paused):
                raise
            except Fault as no:
                wrong.append(f"{people[key].name} was not warned: {no}")
    return len(told), wrong


def _for_today(night: Night, notices: Sequence[Due]) -> list[Due]:
    """Without those for anybody who was warned on this day of theirs already, by another run: a
    day brings nobody a second digest. They wait for the next night, and what they promise moves
    with them; all owners of a space are told of it together."""
    now = night.house.clock.now()
    people = {owner.key: owner for one in notices for owner in one.proof.owners}
    with night.house.store.read() as tx:
        last = tx.notices.last_told(people, but_in=night.run)
    resting = {
        key for key, at in last.items()
        if cadence.is_same_day(at, now, people[key].time_zone)
    }  # fmt: skip
    return [one for one in notices if not any(o.key in resting for o in one.proof.owners)]


def settle_notices(night: Night) -> int:
    """Finds out about cards that a dead process left: delivered, or certainly not."""
    with night.house.store.read() as tx:
        waiting = {step: tx.intents.of_step(step) for step in tx.notices.waiting()}
    for step, intent in waiting.items():
        if intent is None or intent.outcome.is_final:
            _note(night, step, intent)
    return len(waiting)


def _tell(night: Night, owner: Person, some: Sequence[Due]) -> set[CaseKey]:
    step = _step(owner, some)
    rows = [
        Notice(case=one.case.key, number=one.number, person=owner.key, step=step,
               promised=one.promised)
        for one in some
    ]  # fmt: skip

    def write_down(tx: UnitOfWork) -> None:
        for one in some:
            now = tx.cases.get(one.case.key)
            if now.closed_at is not None or now.notices not in (one.case.notices, one.number):
                raise CalledOff(f"it is {now.state} now: {now.why}")
        tx.notices.plan(rows)

    reader = night.house.reader(owner, code=code_of(marker_of(step)))
    sent = send_card(
        night.house, night.voice.warning([one.shown for one in some], owner.key, reader),
        step=step, word=Word.NOTICE_SEND, actor=SYSTEM, person=(owner.key, owner.id),
        run=night.run, check=write_down,
        about=f"case/{some[0].case.key}" if len(some) == 1 else f"digest/{step}",
    )  # fmt: skip
    return _note(night, step, sent)


def _note(night: Night, step: StepKey, intent: Intent | None) -> set[CaseKey]:
    """Writes down what came of a card, and lets its cases go on. Gives the cases told of."""
    with night.house.store.begin() as tx:
        tx.audit.serialise()  # before any case's row, as in `moving`
        rows = tx.notices.of_step(step)
        if intent is None or (intent.outcome.is_final and intent.outcome is not Outcome.DONE):
            tx.notices.failed(step)
            tx.commit()
            return set()
        if intent.outcome is not Outcome.DONE:
            return set()
        at = _sent_at(intent, tx.now)
        tx.notices.delivered(step, at)
        for row in rows:
            _go_on(tx, row, at)
        tx.commit()
    return {row.case for row in rows}


def _go_on(tx: UnitOfWork, row: Notice, at: datetime) -> None:
    case = tx.cases.get(row.case)
    if case.closed_at is not None or case.notices >= row.number:
        return  # another owner's card was first, or the case left its way meanwhile
    if case.state not in (CaseState.DUE, CaseState.WARNED):
        return
    why = f"notice {row.number} was delivered"
    if tx.cases.noticed(case, number=row.number, due=row.promised, at=at, why=why):
        tx.audit.add(
            Word.CASE_MOVE, SYSTEM, space=case.space, case=case.key, cycle=case.cycle,
            was=str(case.state), now=str(CaseState.WARNED), cause=str(Cause.NOTICE_DELIVERED),
            notice=row.number, promised=row.promised.isoformat(), why=why,
        )  # fmt: skip


def _sent_at(intent: Intent, otherwise: datetime) -> datetime:
    said: Mapping[str, object] = intent.evidence
    return datetime.fromisoformat(str(said["sent"])) if said.get("sent") else otherwise


def _step(owner: Person, some: Iterable[Due]) -> StepKey:
    told = ",".join(f"{one.case.key}:{one.number}:{one.promised.isoformat()}" for one in some)
    return StepKey(f"warn/{owner.key}/{hashlib.sha256(told.encode()).hexdigest()[:24]}")
