"""Purging by policy: messages that are too old go in batches, each on a fresh look.

The principle: a batch is an intent of its own, small enough that what it rests on is fresh when
it begins. Before each the space is read live and judged again, inside its transaction and before
each single message once more, and a message goes only if it is old enough by the policy and by
every floor that applies or may apply. Who is stopped on the way goes on at the mark up to which
nothing is left; a batch that a dead process left half done is finished first, by its own step.

Caps count spaces, as for everything that is destroyed, and besides them the messages of a day.
Decides what goes in which order. When it may begin is `enforcements.purge`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.audit import Word
from domain.cases import Case
from domain.errors import Fault, Stopped
from domain.ids import SpaceKey, StepKey
from domain.intents import Intent, Outcome, Plan
from domain.lifecycle import CaseState, Cause
from domain.people import SYSTEM
from domain.policies import Ruling
from retention.moving import move_case
from retention.planning import judge
from retention.proving import Proof, last_look, look
from retention.purge_proofs import certify_purge
from retention.spec import CalledOff, Night
from spaces.effects import Busy, CapReached, perform
from spaces.effects.purging import KIND, leave_as_it_is, messages_of
from spaces.spec import House
from storage.cases import Judged
from storage.store import UnitOfWork
from webex.errors import Unclear
from webex.gateway import Lane

BATCH = 500
"""Messages of one intent: few enough that it begins on fresh evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Messages from `after` on (None: the first ever) and before `before`; so many are there."""

    after: datetime | None
    before: datetime
    most: int


def cutoff(night: Night, case: Case) -> datetime | None:
    """What is from before may go now, by the policy and by all floors; None: nothing may, or
    something that decides about it is not known."""
    with night.house.store.read() as tx:
        versions = {one.key: one for one in tx.policies.holding()}
        judged = judge(tx, case, versions)
        is_sure = judged.ruling is Ruling.DATED and judged.version == case.version
        return tx.now - judged.least_age if is_sure and judged.least_age is not None else None


def has_older(house: House, space: SpaceKey, before: datetime) -> bool:
    """Whether a message of before `before` is there that was not purged yet. One question."""
    with house.store.read() as tx:
        mark, room = tx.purges.mark_of(space), tx.spaces.by_key(space).id
    if mark is not None and mark.until >= before:
        return False
    page = house.webex.compliance(Lane.BACKGROUND).messages(room, before=before, max=1)
    newest = page.items[0] if page.items else None
    if newest is None:
        return page.next is not None or page.faulty > 0  # not sure: then it is looked through
    return mark is None or newest.created >= mark.until


def _nothing_else(proof: Proof) -> None:
    """Where only the decision stands in a purge's way."""


def purge_older(
    night: Night, proof: Proof, before: datetime, *, is_all: bool = False,
    still: Callable[[Proof], None] = _nothing_else,
) -> str:  # fmt: skip
    """Deletes what is of before `before`, batch by batch. Says why not all of it went; empty when
    all did.

    Args:
        is_all: the whole space goes, so that of its messages none has to be old enough.
        still: asked of each fresh look between two batches; raises to stop the rest.

    Raises:
        CalledOff: the case does not go on, or something can't be known.
        CapReached: nothing may go today.
        Stopped, Paused, Throttled, NotAuthorised: in the midst of it; the next night goes on.
    """
    house, case = night.house, proof.case
    proof = _finish(night, proof, is_all, still)
    batches, waiting = _batches(house, case.space, before)
    for number, batch in enumerate(batches):
        if night.stop():
            raise Stopped
        if number:  # the one before may have taken its time
            proof = look(night, case)
            still(proof)
        try:
            _purge(night, proof, batch, is_all)
        except CapReached as no:
            if not number:
                raise
            return str(no)
    if waiting:
        return f"{waiting:,} wait, since at most {house.limits.cap_messages:,} go a day"
    with house.store.begin() as tx:
        tx.purges.came(case.space, before)
        tx.commit()
    return ""


def _batches(house: House, space: SpaceKey, before: datetime) -> tuple[list[Batch], int]:
    """What there is to purge today, the oldest first, and how many have to wait for a cap."""
    with house.store.read() as tx:
        mark, room = tx.purges.mark_of(space), tx.spaces.by_key(space).id
        allowed = house.limits.cap_messages - tx.purges.messages_today()
    after = mark.until if mark is not None else None
    officer = house.webex.compliance(Lane.BACKGROUND)
    found = messages_of(officer, room, before=before, after=after)
    if not found.complete:
        raise Unclear(f"its messages can't be listed: {found.why}")
    moments = sorted(one.created for one in found.items)
    if moments and allowed < 1:
        raise CapReached(f"at most {house.limits.cap_messages:,} messages go a day")
    some = moments[: max(0, allowed)]
    waiting = len(moments) - len(some)
    upto = moments[len(some)] if waiting else before
    while some and some[-1] == upto:  # of one moment all go together, or none
        some.pop()
        waiting += 1
    return cut(some, after=after, before=upto), waiting


def cut(moments: Sequence[datetime], *, after: datetime | None, before: datetime) -> list[Batch]:
    """Batches of about `BATCH`, in order; messages of the same moment stay together."""
    made: list[Batch] = []
    start = 0
    while start < len(moments):
        end = min(start + BATCH, len(moments))
        while end < len(moments) and moments[end] == moments[end - 1]:
            end += 1
        upto = moments[end] if end < len(moments) else before
        made.append(Batch(after=after, before=upto, most=end - start))
        after, start = upto, end
    return made


def _purge(night: Night, proof: Proof, batch: Batch, is_all: bool) -> None:
    case = proof.case
    payload: dict[str, object] = {
        "room": str(proof.space.id), "before": batch.before.isoformat(), "most": batch.most,
    }  # fmt: skip
    if batch.after is not None:
        payload["after"] = batch.after.isoformat()
    plan = Plan(
        kind=KIND, step=StepKey(f"{night.run}/purge/{case.key}/{batch.before.isoformat()}"),
        word=Word.SPACE_PURGE, actor=SYSTEM, payload=payload, space=case.space, case=case.key,
        policy_version=proof.version.key, run=night.run, is_destructive=True,
        evidence_at=proof.at,
    )  # fmt: skip
    _perform(night, proof, plan, is_all)


def _finish(night: Night, proof: Proof, is_all: bool, still: Callable[[Proof], None]) -> Proof:
    """Goes on with what an earlier night was stopped in, by its own step."""
    with night.house.store.read() as tx:
        left = [one for one in purges_of(tx, proof.case) if one.outcome is Outcome.OPEN]
        today, most = tx.purges.messages_today(), night.house.limits.cap_messages
    for intent in left:
        if int(str(intent.plan.payload["most"])) > most:  # it is cut anew, from where it came to
            leave_as_it_is(night.house, intent, f"at most {most:,} messages go a day now")
            continue
        if today > most:
            raise CapReached(f"{today:,} of at most {most:,} messages a day")
        _perform(night, proof, replace(intent.plan, evidence_at=proof.at), is_all)
        proof = look(night, proof.case)
        still(proof)
    return proof


def purges_of(tx: UnitOfWork, case: Case) -> list[Intent]:
    """What was planned to purge for a case, in order."""
    return [one for one in tx.intents.of_case(case.key) if one.plan.kind == KIND]


def _perform(night: Night, proof: Proof, plan: Plan, is_all: bool) -> None:
    house, case = night.house, proof.case
    before = datetime.fromisoformat(str(plan.payload["before"]))

    def old_enough(tx: UnitOfWork, judged: Judged) -> None:
        is_old = judged.least_age is not None and before <= tx.now - judged.least_age
        if not (is_old or is_all):
            raise CalledOff("its messages are kept for longer now")
        if tx.intents.of_step(plan.step) is None:
            _check_messages(tx, house, int(str(plan.payload["most"])))

    check = last_look(night, case, going_to=Cause.MAY_PURGE, also=old_enough)
    made = perform(house, plan, check=check)
    why = str(made.evidence.get("why", ""))
    match made.outcome:
        case Outcome.DONE:
            return
        case Outcome.OPEN:
            raise Fault("its purge stopped on the way; the next night goes on")
        case Outcome.UNKNOWN:
            _stuck(night, case, why or "it is not known what came of its purge")
        case _:
            raise CalledOff(why or f"its purge is {made.outcome}")


def _check_messages(tx: UnitOfWork, house: House, most: int) -> None:
    """In the intent's own transaction, so that the cap holds over processes and restarts."""
    today = tx.purges.messages_today()
    if today + most > house.limits.cap_messages:
        raise CapReached(f"{today:,} of at most {house.limits.cap_messages:,} messages a day")


def _stuck(night: Night, case: Case, why: str) -> None:
    with night.house.store.begin() as tx:
        move_case(tx, case, Cause.STUCK, why=why)
        tx.commit()
    raise Fault(why)


_GO_ON = (CaseState.PURGING, CaseState.BLOCKED, CaseState.ENFORCING)
"""Cases whose purge is gone on with: it is what they are for, or comes before the deletion."""


def certify_left(night: Night) -> None:
    """Certifies what a process that died did not come to, of cases that do not go on; what goes
    on is certified with what comes next."""
    with night.house.store.read() as tx:
        cases = [tx.cases.get(key) for key in tx.purges.uncertified()]
    for case in cases:
        if case.closed_at is not None or case.state not in _GO_ON:
            certify_purge(night, case)


def close_stopped(night: Night) -> int:
    """Batches that were stopped on their way, and whose case does not go on: kept, held, or under
    another policy now; and those of which some is not known, once somebody has looked. What went
    of them is counted. Says how many."""
    house = night.house
    with house.store.read() as tx:
        left = [
            (intent, tx.cases.get(intent.plan.case))
            for intent in tx.intents.open()
            if intent.plan.kind == KIND and intent.plan.case is not None
        ]  # fmt: skip
    closed = 0
    for intent, case in left:
        if case.closed_at is None and case.state in _GO_ON:
            continue
        if intent.outcome is Outcome.UNKNOWN and case.closed_at is None:
            continue  # nobody has looked yet
        try:
            leave_as_it_is(house, intent, f"it is {case.state} now: {case.why}")
        except Busy:
            continue
        certify_purge(night, case)
        closed += 1
    return closed
