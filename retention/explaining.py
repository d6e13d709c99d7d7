"""What becomes of one space, and why: the decision's own trace beside the case that is running.

Everything is read from one state of the database, without Webex; whoever wants it fresh looks
at the space before. Dates are those that people can rely on: of a running case what its owners
were promised, else the earliest that full notice leaves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from domain.calendars import Calendar
from domain.cases import Case, Keep
from domain.endings import Request, RequestState
from domain.lifecycle import CaseState
from domain.policies import Ending, PolicyState, PolicyVersion, Ruling
from domain.spaces import Space, SpaceState
from domain.spans import say_span
from domain.views import SpaceView, Traced
from query import tree
from query.spec import Moments
from retention import cadence
from retention.decision import explain
from retention.readings import read_versions
from retention.reasons import comes_next, rules_that_reach, seen, who_can_change
from retention.tracing import Step, Trace
from spaces.looking import owners_of
from spaces.opening import opening, opening_of
from spaces.spec import House
from spaces.tagging import lacking_of
from storage.blocks import Block
from storage.store import UnitOfWork

LABELS = {
    Step.GUARD: "May it be touched?", Step.HOLD: "Holds", Step.FLOOR: "Locked policies",
    Step.MANUAL: "Kept by hand", Step.AUTOMATIC: "Policies",
    Step.SOONER: "Sooner by hand", Step.NOT_BEFORE: "Left alone",
    Step.RESULT: "So",
}  # fmt: skip
_PROMISED = (CaseState.DUE, CaseState.WARNED, CaseState.BLOCKED, CaseState.PURGING)
"""States in which the owners rely on the case's own date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    view: SpaceView
    trace: tuple[Traced, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """All that is known of the space's way, at one moment."""

    now: datetime
    trace: Trace
    version: PolicyVersion | None
    case: Case | None
    last: Case | None
    keep: Keep | None
    block: Block | None
    request: Request | None
    owners: tuple[str, ...]
    is_paused: bool
    lacking: tuple[str, ...]
    needed: int
    end_date: datetime | None
    open: Calendar
    zone: tzinfo


def space_view(house: House, space: Space, *, zone: tzinfo = UTC) -> SpaceView:
    """A space with what is decided about it. Args: zone: of whoever reads it."""
    with house.store.read() as tx:
        return _view(space, _read(house, tx, space, zone))


def explain_space(house: House, space: Space, *, zone: tzinfo = UTC) -> Explained:
    """The same, with each step of the decision and what stands beside it."""
    with house.store.read() as tx:
        read = _read(house, tx, space, zone)
        holding = tx.policies.holding()
        rules = tuple(rules_that_reach(tx, space, holding, read.trace))
        facts = seen(tx, space, zone)
    typed = tuple(_typed(holding))
    steps = tuple(
        Traced(step=LABELS[line.step], said=line.sentence, decides=line.decides, typed=typed)
        for line in read.trace.lines
    )
    reasons = (Traced(step="Seen", said=facts), *rules)
    longest = house.limits.keep_longest
    who = who_can_change(
        read.trace.ruling, read.trace.version, read.keep, read.owners,
        say_span(longest) if longest else "",
    )  # fmt: skip
    last = Traced(step="Who can change it", said=who)
    return Explained(
        view=_view(space, read), trace=(*steps, *reasons, *_beside(read), *_next(read), last)
    )


def _typed(holding: Sequence[PolicyVersion]) -> Iterator[tuple[str, str]]:
    """What each policy is for, in words as the trace says it, and as it is typed."""
    for one in read_versions(holding):
        if one.node is not None:
            words, command = tree.say(one.node), tree.write(one.node)
            yield f" is for spaces {words}: ", f" is for spaces {command}: "
            yield f" is for spaces {words} and keeps", f" is for spaces {command} and keeps"


def _next(read: _Read) -> Iterator[Traced]:
    said = comes_next(read.case, read.version, read.trace, read.now, read.zone)
    if said and read.request is None and not read.is_paused:
        yield Traced(step="Next", said=said)
    if closed := _not_before(read):
        yield Traced(step="Not before", said=closed)


def _not_before(read: _Read) -> str:
    """When something may be done to it, where its day or this very moment is no time for it."""
    request = read.request
    due, gone = (request.due, None) if request is not None else _dates(read)
    opens, first = _opens(read, due)
    if due is None or gone is None or gone == due:
        return first
    if opens is None:
        return first
    # What follows a block is counted from the day on which it really came.
    _, second = _opens(read, opens + (gone - due))
    parts = [f"Block: {first}" if first else "", f"Delete: {second}" if second else ""]
    return " ".join(one for one in parts if one)


def _opens(read: _Read, day: datetime | None) -> tuple[datetime | None, str]:
    """From when on it may be done, and a sentence where that is later than its day."""
    if day is None:
        return None, ""
    at = max(day, read.now)
    if not (why := read.open.closed(at)):
        return at, ""
    opens = read.open.opens_at(at)
    when = "not within a year"
    if opens is not None:
        when = f"{opens.astimezone(read.zone):%Y-%m-%d %H:%M %Z}"
    return opens, f"{when}, since {why}."


def _read(house: House, tx: UnitOfWork, space: Space, zone: tzinfo) -> _Read:
    holding = tx.policies.holding()
    trace = explain(tx, space.key, holding, Moments(now=tx.now), zone=zone)
    last = tx.cases.last_of(space.key)
    case = last if last is not None and last.closed_at is None else None
    version, request = _version(trace, case, holding), _asked_for(tx, space)
    return _Read(
        now=tx.now, trace=trace, version=version, case=case,
        last=last, keep=tx.protections.keep_of(space.key), block=tx.blocks.of(space.key),
        request=request,
        owners=tuple(one.name for one in owners_of(tx, space.key)),
        is_paused=tx.settings.pause() is not None,
        lacking=tuple(one.said for one in lacking_of(tx, space)),
        needed=tx.needs.counts([case.key]).get(case.key, 0) if case else 0,
        end_date=tx.ends.of(space.key), zone=zone,
        open=opening(tx, house.limits)
        if version is None or request is not None
        else opening_of(tx, house.limits, version),
    )  # fmt: skip


def _asked_for(tx: UnitOfWork, space: Space) -> Request | None:
    """A deletion on its way; that compliance thinks of one is their matter."""
    found = tx.deletions.open_of(space.key)
    return None if found is None or found.state is RequestState.WAITING else found


def _version(
    trace: Trace, case: Case | None, holding: Sequence[PolicyVersion]
) -> PolicyVersion | None:
    """Whose end it is: of the running case's policy while it holds, else of what decides."""
    if case is not None:
        for one in holding:
            if one.key == case.version:
                return one
    return trace.version


def _view(space: Space, read: _Read) -> SpaceView:
    due, gone_at = _dates(read)
    keep = read.keep
    return SpaceView(
        space=space, owners=read.owners, state=_state(space, read.case),
        ruling=read.trace.ruling, due=due, gone_at=gone_at,
        ending=read.version.ending if read.version else None,
        policy=read.version.name if read.version else "",
        why="" if read.request is not None else _why(read.trace),
        is_asked_for=read.request is not None,
        asked_due=read.request.due if read.request is not None else None,
        stands_still=_stands_still(read) if due else "",
        keep_until=keep.until if keep is not None and _is_ahead(keep, read.now) else None,
        keeps_forever=keep is not None and keep.until is None, lacking=read.lacking,
        end_date=read.end_date,
    )  # fmt: skip


def _state(space: Space, case: Case | None) -> CaseState:
    if case is not None:
        return case.state
    return CaseState.GONE if space.state is SpaceState.GONE else CaseState.CLEAR


def _dates(read: _Read) -> tuple[datetime | None, datetime | None]:
    """(the day on which it is blocked or told about, the day on which it is deleted)."""
    case, version = read.case, read.version
    if case is not None and case.state in _PROMISED:
        if case.due is None or version is None:
            return case.due, None
        if case.state is CaseState.BLOCKED:
            return case.due, case.due if version.ending is Ending.DELETE else None
        return case.due, cadence.gone_at(version, case.due)
    if read.trace.ruling is not Ruling.DATED or read.trace.due is None or version is None:
        return None, None
    due = cadence.first_due(version, read.trace.due, read.now)
    return due, cadence.gone_at(version, due)


def _why(trace: Trace) -> str:
    """The sentences that made the result."""
    return " ".join(
        line.sentence for line in trace.lines if line.decides and line.step is not Step.RESULT
    )


def _stands_still(read: _Read) -> str:
    """Why nothing of it happens for now; empty when it goes on."""
    version = read.version
    if read.is_paused:
        return "Everything that blocks and deletes is paused for now."
    if version is not None and version.state is PolicyState.PAUSED:
        return "Its policy is paused for now."
    if version is not None and version.ending is not Ending.NOTIFY and not version.cap:
        return "Its policy has no cap, so for now it does nothing."
    return ""


def _beside(read: _Read) -> Iterator[Traced]:
    """What is not part of the decision, and people ask about all the same."""
    case = read.case
    if case is not None:
        state = str(case.state).capitalize()
        sentences = [f"{state} since {_day(case.state_at, read)}: {case.why.rstrip('.')}."]
        if case.notices:
            sentences.append(f"Warnings delivered: {case.notices:,}.")
        yield Traced(step="Its case", said=" ".join(sentences))
    elif read.last is not None and read.last.closed_at is not None:
        since, why = _day(read.last.closed_at, read), read.last.why.rstrip(".")
        yield Traced(step="Its last case", said=f"Over since {since}: {why}.")
    if read.needed:
        number = read.needed
        said = f"{number} member says so. That keeps nothing by itself: an owner decides."
        if number != 1:
            said = f"{number:,} members say so. That keeps nothing by itself: an owner decides."
        yield Traced(step="Still needed", said=said)
    if read.request is not None:
        said = "Somebody asked to delete it."
        if read.request.due:
            due = _day(read.request.due, read)
            said = f"Somebody asked to delete it, not before {due}."
        said = " ".join((said, "Its owners can take that back."))
        yield Traced(step="To be deleted", said=said)
    if read.block is not None:
        by = (
            "by its case"
            if read.block.is_for_case
            else ("for that" if read.request is not None else "by hand")
        )
        yield Traced(step="Blocked", said=f"Since {_day(read.block.at, read)}, {by}.")
    if still := _stands_still(read):
        yield Traced(step="Stands still", said=still)


def _is_ahead(keep: Keep, now: datetime) -> bool:
    return keep.until is not None and keep.until > now


def _day(at: datetime, read: _Read) -> str:
    return f"{at.astimezone(read.zone):%Y-%m-%d}"
