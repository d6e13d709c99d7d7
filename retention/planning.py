"""What a night has to do: decided by sets, then walked case by case along the table.

Everything here is inside one unit of work and without a look at Webex. A dry run takes the
very same way and rolls it back, so that the two can't disagree (I21).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.cases import Case
from domain.ids import PolicyVersionKey
from domain.lifecycle import CaseState, Cause
from domain.policies import Basis, Ending, PolicyState, PolicyVersion, Ruling
from query.spec import Moments
from retention import cadence
from retention.decision import decide, explain
from retention.moving import move_case
from retention.sooner import void_outdated
from storage.cases import Judged
from storage.store import UnitOfWork

WATCHED = (
    CaseState.DUE, CaseState.WARNED, CaseState.BLOCKED, CaseState.PURGING, CaseState.HELD,
    CaseState.PAUSED,
)  # fmt: skip
Versions = Mapping[PolicyVersionKey, PolicyVersion]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """What is to be done now, the soonest first.

    `notices` are cases whose owners are to be told; `over` those whose notices are over;
    `ends` those whose grace is over; `purging` those that go on every night, the one that waited
    longest first. `idle` names policies that may do nothing.
    """

    versions: Versions
    opened: int = 0
    left: Mapping[Cause, int] = field(default_factory=dict)
    """How many cases left their way tonight, by the cause."""
    unknown: int = 0
    notices: tuple[Case, ...] = ()
    over: tuple[Case, ...] = ()
    ends: tuple[Case, ...] = ()
    purging: tuple[Case, ...] = ()
    idle: tuple[str, ...] = ()

    @property
    def destructive(self) -> int:
        return len(self.over) + len(self.ends)


def plan(tx: UnitOfWork, *, generation: int) -> Agenda:
    """Decides over all spaces, moves the cases that leave their way, opens new ones, and says
    what is to be done."""
    holding = tx.policies.holding()
    versions = {one.key: one for one in holding}
    summary = decide(tx, holding, Moments(now=tx.now), generation=generation)
    void_outdated(tx)
    left = _leave(tx, tx.cases.judged(*WATCHED), versions)
    opened, idle = 0, []
    for version in holding:
        if version.state is not PolicyState.ACTIVE or version.ending is Ending.KEEP:
            continue
        if not _may_act(version):
            idle.append(version.name)
            continue
        opened += _open(tx, version)
    open_ones = tx.cases.open(CaseState.DUE, CaseState.WARNED, CaseState.BLOCKED)
    known = [(one, versions[one.version]) for one in open_ones if one.version in versions]
    return Agenda(
        versions=versions, opened=opened, left=left, idle=tuple(idle),
        unknown=summary.counts[Ruling.UNKNOWN],
        notices=tuple(c for c, v in known if cadence.next_notice(v, c, tx.now)),
        over=tuple(c for c, v in known if cadence.notices_are_over(v, c, tx.now)),
        ends=tuple(c for c, v in known if cadence.grace_is_over(v, c, tx.now)),
        purging=_purging(tx),
    )  # fmt: skip


def fate(judged: Judged, versions: Versions, now: datetime) -> tuple[Cause, str] | None:
    """Why a case can't go on as it is, or None when it can (or when that is not known: then
    it stays where it is, and nothing is done to its space)."""
    case, ruling = judged.case, judged.ruling
    if ruling is Ruling.HELD:
        return None if case.state is CaseState.HELD else (Cause.HOLD_PLACED, "a hold is on it")
    if ruling is None or ruling is Ruling.UNKNOWN:
        return None
    if case.state is CaseState.HELD:
        return Cause.HOLD_RELEASED, "no hold is on it any more"
    version = versions.get(case.version) if case.version is not None else None
    if version is None:
        return Cause.DECISION_CHANGED, "its policy does not hold any more"
    if case.state is CaseState.PAUSED:
        is_on = version.state is PolicyState.ACTIVE
        return (Cause.POLICY_RESUMED, "its policy goes on") if is_on else None
    if _is_awake(judged, version):
        return Cause.WOKE_UP, "somebody wrote in it"
    if ruling is Ruling.KEEP:
        return Cause.KEPT, "it is kept"
    if ruling is not Ruling.DATED or judged.version != case.version:
        return Cause.DECISION_CHANGED, _changed(ruling)
    if version.state is PolicyState.PAUSED:
        return Cause.POLICY_PAUSED, "its policy is paused"
    is_past = case.state in (CaseState.BLOCKED, CaseState.PURGING)
    limit = now if is_past or case.due is None else case.due
    if judged.due is not None and judged.due > limit:
        return Cause.DECISION_CHANGED, f"its date is {judged.due:%Y-%m-%d} now"
    return None


def judge(tx: UnitOfWork, case: Case, versions: Versions) -> Judged:
    """What the decision says of one case's space at this moment, from the facts as they are."""
    trace = explain(tx, case.space, tuple(versions.values()), Moments(now=tx.now))
    return Judged(
        case=case, ruling=trace.ruling, version=trace.version_key, due=trace.due,
        last_human=tx.spaces.by_key(case.space).last_human, least_age=trace.least_age,
    )  # fmt: skip


def _may_act(version: PolicyVersion) -> bool:
    """A policy that ends something does nothing without a cap (safety.md, Blast radius)."""
    return version.ending is Ending.NOTIFY or (version.cap is not None and version.cap > 0)


def _leave(tx: UnitOfWork, judged: Sequence[Judged], versions: Versions) -> dict[Cause, int]:
    counts: dict[Cause, int] = {}
    for one in judged:
        found = fate(one, versions, tx.now)
        if found is not None and move_case(tx, one.case, found[0], why=found[1]):
            counts[found[0]] = counts.get(found[0], 0) + 1
    return counts


def _open(tx: UnitOfWork, version: PolicyVersion) -> int:
    until = tx.now + cadence.looks_ahead(version)
    candidates = tx.cases.candidates(
        version.key,
        version.counting,
        until=until,
        not_empty=version.ending is Ending.DELETE,
    )
    for one in candidates:
        due = cadence.first_due(version, one.due, tx.now)
        tx.cases.begin(
            one.space, version=version.key, due=due, basis_at=one.basis_at, state=CaseState.DUE,
            why=f"“{version.name}” says {version.ending} on {one.due:%Y-%m-%d}",
        )  # fmt: skip
    return len(candidates)


def _purging(tx: UnitOfWork) -> tuple[Case, ...]:
    found = tx.cases.open(CaseState.PURGING)
    looked_at = tx.purges.looked_at([one.space for one in found])
    return tuple(sorted(found, key=lambda one: looked_at.get(one.space, one.opened_at)))


def _is_awake(judged: Judged, version: PolicyVersion) -> bool:
    """A human being wrote since the date was counted. Where it counts from the creation,
    since the case was opened: a space in use is not ended behind its people's backs (I10)."""
    case = judged.case
    if version.ending is Ending.PURGE:
        return False
    if version.ending is Ending.OUTSIDERS and version.basis is not Basis.ACTIVITY:
        return False  # the space goes on, so that it is used says nothing
    since = case.basis_at if version.basis is Basis.ACTIVITY else case.opened_at
    return judged.last_human is not None and (since is None or judged.last_human > since)


def _changed(ruling: Ruling) -> str:
    match ruling:
        case Ruling.UNTOUCHABLE:
            return "it is not to be touched"
        case Ruling.NO_POLICY:
            return "no policy matches it any more"
        case _:
            return "another policy decides now"
