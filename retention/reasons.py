"""What people ask behind a decision: which rules apply and on what was seen, what comes next,
and who can change it. Sentences only; the decision itself is `tracing`'s.

A member is told of rules that reach their space, or may reach it; of no others (I13).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo

from domain.cases import Case, Keep
from domain.lifecycle import CaseState
from domain.policies import TAKES_AWAY, Ending, PolicyState, PolicyVersion, Ruling
from domain.spaces import Scope, Space, SpaceType
from domain.spans import say_span
from domain.views import Traced
from query import tree
from query.answering import answers_of_one
from query.spec import Criterion, Moments
from retention import cadence, readings
from retention.tracing import Trace
from storage.store import UnitOfWork

MOST_RULES = 8
_TOLD = {True: "yes", False: "no", None: "not known"}


def rules_that_reach(
    tx: UnitOfWork, space: Space, holding: Sequence[PolicyVersion], trace: Trace
) -> Iterator[Traced]:
    """Each policy that applies to the space, or may, in the order in which they decide: what
    each part of its condition says of it, and what came of that."""
    read = readings.read_versions(holding)
    said = answers_of_one(tx.connection, readings.criteria(read), space.key, Moments(now=tx.now))
    found = [(one, readings.judge(one.node, said)) for one in read]
    reaching = [(one, told) for one, told in found if told is not False]
    for one, told in reaching[:MOST_RULES]:
        version = one.version
        if space.type is SpaceType.DIRECT and not one.is_for_direct:
            continue
        parts = _criteria(one.node)
        values = "; ".join(f"{part.sentence}: {_TOLD[said[part.key]]}" for part in parts)
        asks = f"Its condition: {values or 'every space: yes'}."
        yield Traced(
            step=f"“{version.name}” applies" if told else f"“{version.name}” may apply",
            said=" ".join((_does(version), asks, _standing(version, trace))),
            typed=tuple((f"{part.sentence}: ", f"{part.key}: ") for part in parts),
        )
    if len(reaching) > MOST_RULES:
        rest = len(reaching) - MOST_RULES
        yield Traced(step="And more", said=f"{rest:,} more policies apply, or may.")


def _criteria(node: tree.Node | None) -> tuple[Criterion, ...]:
    if node is None:
        return ()
    return tuple({one.key: one for one in tree.criteria(node)}.values())


def _does(version: PolicyVersion) -> str:
    number, rank = version.number, version.priority
    span = say_span(version.period) if version.period else ""
    if version.period is None:
        does = f"Keeps it (version {number}, priority {rank})."
    elif version.ending is Ending.KEEP:
        since = version.counting.said
        does = f"Keeps it for {span} after {since} (version {number}, priority {rank})."
    else:
        end, since = str(version.ending).capitalize(), version.counting.said
        does = f"{end}, {span} after {since} (version {number}, priority {rank})."
    if version.state is not PolicyState.PAUSED:
        return does
    return " ".join((does, "It is paused for now."))


def _standing(version: PolicyVersion, trace: Trace) -> str:
    if version.key == trace.version_key:
        return "It decides."
    if version.is_floor:
        return "It is a floor: nothing may go before its time."
    return "Something else decides before it."


def seen(tx: UnitOfWork, space: Space, zone: tzinfo = UTC) -> str:
    """What is known of the space, and when it was read."""
    known = tx.activity.known([space.id]).get(space.id)
    scope = {Scope.EXTERNAL: "with outsiders", Scope.INTERNAL: "no outsiders"}
    used, made = _day(space.last_used, zone), _day(space.created, zone)
    size = "people not known" if space.size is None else f"{space.size:,} people"
    outsiders = scope[space.scope] if space.scope is not None else "outsiders not known"
    tags = f"tags {', '.join(space.tags)}" if space.tags else "no tags"
    kind = f"classification {space.classification}" if space.classification else "not classified"
    sentences = [f"Last used {used}; created {made}; {size}; {outsiders}; {tags}; {kind}."]
    if known is not None and known.read_at is not None:
        sentences.append(f"Read on {_minute(known.read_at, zone)}.")
    if known is not None and known.human_known_until is not None:
        until = _minute(known.human_known_until, zone)
        sentences.append(f"Messages of people are known up to {until}.")
    return " ".join(sentences)


def comes_next(
    case: Case | None, version: PolicyVersion | None, trace: Trace, now: datetime,
    zone: tzinfo = UTC,
) -> str:  # fmt: skip
    """What happens next by the policy that decides, and when; empty where nothing does."""
    if version is None or version.state is not PolicyState.ACTIVE:
        return ""
    if case is None:
        if trace.ruling is not Ruling.DATED or trace.due is None:
            return ""
        due = cadence.first_due(version, trace.due, now)
        return f"On {_day(due - cadence.looks_ahead(version), zone)} {_first(version)}."
    if case.state is CaseState.BLOCKED and case.due is not None:
        return (
            f"On {_day(case.due, zone)} it is deleted, unless somebody keeps it."
            if version.ending is Ending.DELETE
            else "It stays blocked until somebody keeps it."
        )
    if case.state not in (CaseState.DUE, CaseState.WARNED) or case.due is None:
        return ""
    number = case.notices + 1
    if number <= len(version.notices):
        at = max(now, case.due - cadence.lead(version, number))
        return f"On {_day(at, zone)} its owners get warning {number} of {len(version.notices)}."
    end = "block, and later delete" if version.ending is Ending.DELETE else str(version.ending)
    return f"On {_day(case.due, zone)}: {end}."


def _first(version: PolicyVersion) -> str:
    if version.notices:
        return "its owners get the first warning"
    return "it is due" if version.ending in TAKES_AWAY else "its owners are told"


def who_can_change(
    ruling: Ruling, version: PolicyVersion | None, keep: Keep | None, owners: Sequence[str],
    longest: str,
) -> str:  # fmt: skip
    """Args: longest: how far ahead owners may keep it, such as “2 years”; empty: no bound."""
    theirs = f"Its owners ({', '.join(owners[:3])})" if owners else "Its owners, who are not known,"
    bound = f", at most {longest} ahead" if longest else ""
    match ruling:
        case Ruling.UNTOUCHABLE:
            return "Nobody by policy: it is left alone as what it is."
        case Ruling.HELD:
            return "Only compliance, by releasing the hold, which takes seven days."
        case Ruling.UNKNOWN:
            return "Nobody has to: nothing is done until what is missing was read."
        case Ruling.KEEP if version is not None:
            return "Compliance, two people together, by changing the policy."
        case Ruling.KEEP if keep is not None and keep.by_compliance:
            return "Only compliance, who keeps it."
        case Ruling.KEEP:
            return f"{theirs}, by `keep clear`, and compliance."
        case Ruling.NO_POLICY:
            return f"{theirs} may keep it by hand all the same{bound}."
        case _:
            return (
                f"{theirs}: keep it{bound}, tag it, or answer a warning. Compliance: keep it,"
                " hold it, or change the policy, two people together."
            )


def _day(at: datetime | None, zone: tzinfo) -> str:
    return "on a day not known" if at is None else f"{at.astimezone(zone):%Y-%m-%d}"


def _minute(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"
