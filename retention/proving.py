"""Evidence: a look at one space on Webex right now, and the last look inside an intent.

The principle: nothing is concluded from the inventory alone. Before a space's owners are told,
and before anything is done to it, it is read live, what was read goes into the inventory, and
the decision is made again on that. Inside the intent's own transaction it is made once more,
because a hold, a keep or a press may have come in between. What can't be read is unknown, and
nothing follows from an unknown (I1, I7, I10, I11, I12).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.cases import Case
from domain.lifecycle import CaseState, Cause
from domain.people import Person
from domain.policies import PolicyState, PolicyVersion, Ruling
from domain.spaces import Space
from retention import cadence
from retention.moving import move_case
from retention.planning import Versions, fate, judge
from retention.spec import LEADER, CalledOff, Night
from spaces.effects.kernel import Check
from spaces.looking import owners_of
from spaces.sync.live import LiveReading, read_live, record
from spaces.sync.pages import Whole
from storage.cases import RUNNING, Judged
from storage.store import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was seen of a case's space, and what follows from it."""

    at: datetime
    live: LiveReading
    case: Case
    space: Space
    version: PolicyVersion
    owners: tuple[Person, ...]
    last_human: datetime
    least_age: timedelta | None = None
    """How old a message has to be for its policy to purge it."""


def look(night: Night, case: Case) -> Proof:
    """Reads the space of `case` now and judges it again.

    Raises:
        CalledOff: it does not go on: the case was moved, or something can't be known.
        Missing, WebexFault: it could not be read; nothing may be concluded.
    """
    live = read_live(night.house, case.space)
    record(night.house, live.room, Whole(live.members, live.members_complete))
    if not live.members_complete or not live.members:
        raise CalledOff("its members could not be read completely")
    if not live.human_known:
        raise CalledOff("its latest human message could not be found")
    # Where nobody ever wrote, its creation is the last thing that a person did there.
    last_human = live.last_human or live.room.created
    with night.house.store.begin() as tx:
        tx.spaces.set_activity(case.space, last_activity=None, last_human=last_human)
        versions = _holding(tx)
        case = _as_before(tx, case)
        judged = judge(tx, case, versions)
        found = fate(judged, versions, tx.now) or _other_owners(tx, case)
        if found is not None:
            move_case(tx, case, found[0], why=found[1])
            tx.commit()
            raise CalledOff(found[1])
        version = _sure(judged, versions)
        proof = Proof(
            at=live.at, live=live, case=case, space=tx.spaces.by_key(case.space),
            version=version, owners=owners_of(tx, case.space),
            last_human=last_human, least_age=judged.least_age,
        )  # fmt: skip
        tx.commit()
    return proof


def _no_more(tx: UnitOfWork, judged: Judged) -> None:
    """Nothing else to ask."""


def last_look(
    night: Night,
    case: Case,
    *,
    going_to: Cause,
    also: Callable[[UnitOfWork, Judged], None] = _no_more,
) -> Check:
    """The check that goes into the transaction of an intent against the space of `case`.

    When all still holds and the way `going_to` leads to ENFORCING, the case is moved there in
    the same transaction: from then on only reading leads out. `also` is asked in the end, with
    what was judged just now.
    """

    def check(tx: UnitOfWork) -> None:
        if not tx.leases.holds(LEADER, night.holder):
            raise CalledOff("another process leads")
        now = tx.cases.get(case.key)
        if now.state is CaseState.ENFORCING and going_to is Cause.GRACE_OVER:
            # The second of the two looks: it was moved by the first.
            judged_as = replace(now, state=case.state)
        elif (now.state, now.notices, now.closed_at) == (case.state, case.notices, None):
            judged_as = now
        else:
            raise CalledOff(f"it is {now.state} now: {now.why}")
        versions = _holding(tx)
        judged = judge(tx, judged_as, versions)
        if (found := fate(judged, versions, tx.now)) is not None:
            raise CalledOff(found[1])
        version = _sure(judged, versions)
        # By the row as it is now: its date may have moved since the look that `case` is of.
        if judged_as.due is None or tx.now < judged_as.due:
            raise CalledOff("its date has not come")
        if going_to is Cause.NOTICES_OVER and not cadence.notices_are_over(
            version, judged_as, tx.now
        ):
            raise CalledOff("its notices are not over")
        if going_to in (Cause.GRACE_OVER, Cause.MAY_PURGE) and (
            short := cadence.short_of_notice(version, judged_as, tx.now)
        ):
            raise CalledOff(short)
        also(tx, judged)
        if now.state is CaseState.BLOCKED and going_to is Cause.GRACE_OVER:
            move_case(tx, now, going_to, why=f"its grace ended on {judged_as.due:%Y-%m-%d}")

    return check


def _holding(tx: UnitOfWork) -> Versions:
    return {one.key: one for one in tx.policies.holding()}


def _as_before(tx: UnitOfWork, case: Case) -> Case:
    now = tx.cases.get(case.key)
    if (now.state, now.cycle, now.closed_at) != (case.state, case.cycle, None):
        raise CalledOff(f"it is {now.state} now: {now.why}")
    return now


def _sure(judged: Judged, versions: Versions) -> PolicyVersion:
    """`fate` lets what is unknown stay; here it must be known that the case goes on."""
    case = judged.case
    version = versions.get(case.version) if case.version is not None else None
    if version is None:
        raise CalledOff("its policy does not hold any more")
    if judged.ruling is not Ruling.DATED or judged.version != case.version:
        raise CalledOff("something that decides about it is not known")
    if version.state is not PolicyState.ACTIVE or not version.approved_by:
        raise CalledOff("its policy is not active")
    return version


def _other_owners(tx: UnitOfWork, case: Case) -> tuple[Cause, str] | None:
    """Whoever became an owner after the first notice has the right to all of them (I10). An
    owner who left takes nothing away from those who stay."""
    if not case.notices or case.state not in RUNNING:
        return None
    told = tx.notices.told(case.key)
    new = [one for one in owners_of(tx, case.space) if one.key not in told]
    if new and not _was_told_of(tx, case, new):
        return Cause.DECISION_CHANGED, f"{new[0].name} owns it now, and was not told"
    return None


def _was_told_of(tx: UnitOfWork, case: Case, new: list[Person]) -> bool:
    """A notice to them is written down, and did not arrive: they are no new owners."""
    planned = {one.person for one in tx.notices.of_case(case.key)}
    return all(one.key in planned for one in new)
