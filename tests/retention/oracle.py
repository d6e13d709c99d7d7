"""The decision for one space in plain Python, written from the words of design.md alone.

Slow and obvious on purpose: `decide` (sets) and `explain` (words) are held against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.policies import Basis, Ending, PolicyState, PolicyVersion, Ruling
from query import tree
from query.language import parse
from query.spec import Criterion
from tests.tenants import NOW


@dataclass(kw_only=True)
class Facts:
    """One space, as it is put into the tables."""

    type: int | None = 1
    scope: int | None = 0
    last_human: datetime | None = None
    last_activity: datetime | None = None
    known_until: datetime | None = None
    created: datetime | None = None
    size: int | None = None
    is_ours: bool | None = True
    is_general: bool = False
    is_untouchable: bool = False
    state: int = 0
    members_known: bool = True
    groups_known: bool = True
    classified: str | None = None
    tags: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    manual: datetime | str | None = None  # "for ever"
    not_before: datetime | None = None
    tagged: datetime | None = None  # when it got its tags
    end_date: datetime | None = None
    is_held: bool = field(default=False)


@dataclass(kw_only=True)
class Holds:
    persons: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def judge(one: Criterion, facts: Facts) -> bool | None:
    name, _, value = one.key.partition(":")
    seen = used(facts)
    match name:
        case "tag":
            return value in facts.tags
        case "scope":
            return None if facts.scope is None else (facts.scope == 1) == (value == "external")
        case "type":
            return None if facts.type is None else (facts.type == 2) == (value == "direct")
        case "classification":
            return None if facts.classified is None else facts.classified == value
        case "group":
            return True if value in facts.groups else False if facts.groups_known else None
        case "inactive":
            return None if seen is None else NOW - seen > timedelta(days=int(value[1:-1]))
        case "size":
            return None if facts.size is None else facts.size >= int(value[2:])
    raise AssertionError(one.key)


def used(facts: Facts) -> datetime | None:
    """The latest human message; where later activity is unexplained, that."""
    human, other = facts.last_human, facts.last_activity
    if human is None or other is None:
        return human or other
    explained = max(human, facts.known_until or human) + timedelta(minutes=1)
    return other if other > explained else human


def kleene(node: tree.Node, facts: Facts) -> bool | None:
    if isinstance(node, tree.All):
        return True
    if isinstance(node, tree.Nothing):
        return False
    if isinstance(node, Criterion):
        return judge(node, facts)
    if isinstance(node, tree.Not):
        inner = kleene(node.part, facts)
        return None if inner is None else not inner
    parts = [kleene(part, facts) for part in node.parts]
    strong = isinstance(node, tree.Or)
    if strong in parts:
        return strong
    return None if None in parts else not strong


def basis(version: PolicyVersion, facts: Facts) -> datetime | None:
    match version.basis:
        case Basis.ACTIVITY:
            return used(facts)
        case Basis.CREATED:
            return facts.created
        case Basis.TAGGED:
            return (facts.tagged or NOW) if version.basis_of in facts.tags else None
        case Basis.END_DATE:
            return facts.end_date
        case Basis.DAY:
            if not version.basis_of:
                return None
            midnight = datetime.fromisoformat(f"{version.basis_of}T00:00:00+00:00")
            return midnight + timedelta(hours=36)  # over in the last time zone, too


def is_for_ever(version: PolicyVersion) -> bool:
    return version.period is None or version.period <= timedelta(0)


def keeps(version: PolicyVersion) -> bool:
    return version.ending is Ending.KEEP or is_for_ever(version)


Answer = tuple[Ruling, datetime | None, int | None]


def rule(facts: Facts, policies: Sequence[PolicyVersion], holds: Holds) -> Answer:
    """(ruling, due, policy version)."""
    if facts.state or facts.is_ours is False or facts.is_general or facts.is_untouchable:
        return Ruling.UNTOUCHABLE, None, None
    people = {*facts.members, *facts.former}
    if facts.is_held or people & set(holds.persons) or set(facts.tags) & set(holds.tags):
        return Ruling.HELD, None, None
    if facts.is_ours is None or (holds.persons and not facts.members_known):
        return Ruling.UNKNOWN, None, None
    holding = [v for v in policies if v.state in (PolicyState.ACTIVE, PolicyState.PAUSED)]
    holding.sort(key=lambda v: (v.priority, v.policy, v.key))

    floors: list[tuple[datetime, PolicyVersion]] = []
    may_be: list[datetime] = []
    for one in holding:
        held = kleene(parse(one.query).tree, facts) if one.is_floor else False
        since = basis(one, facts)
        date = (
            datetime.max.replace(tzinfo=NOW.tzinfo) if is_for_ever(one) or since is None
            else since + (one.period or timedelta())
        )  # fmt: skip
        if held and (since is not None or is_for_ever(one)):
            floors.append((date, one))
        elif held is not False:
            may_be.append(date)
    for _date, one in floors:
        if is_for_ever(one):
            return Ruling.KEEP, None, one.key
    if facts.manual == "for ever":
        return Ruling.KEEP, None, None

    doubts: list[PolicyVersion] = []
    winner: PolicyVersion | None = None
    taking_part = [v for v in holding if not (v.is_floor and v.ending is Ending.KEEP)]
    for priority in sorted({v.priority for v in taking_part}):
        certain = []
        above = list(doubts)
        for one in (v for v in taking_part if v.priority == priority):
            held = kleene(parse(one.query).tree, facts)
            if not (one.includes_direct or keeps(one)):
                group = None if facts.type is None else facts.type == 1
                held = False if False in (held, group) else None if None in (held, group) else True
            if held is None or (held and not keeps(one) and basis(one, facts) is None):
                doubts.append(one)
            elif held:
                certain.append(one)
        if not certain:
            continue
        kept = [one for one in certain if keeps(one)]
        if kept:
            if any(not keeps(one) for one in above):
                return Ruling.UNKNOWN, None, None
            first = min(kept, key=lambda v: (v.ending.order, v.policy))
            return Ruling.KEEP, None, first.key
        if doubts:
            return Ruling.UNKNOWN, None, None
        winner = min(
            certain,
            key=lambda v: (-(basis(v, facts) + v.period).timestamp(), v.ending.order, v.policy),  # type: ignore[operator]
        )
        break
    if winner is None:
        return (Ruling.UNKNOWN if doubts else Ruling.NO_POLICY), None, None
    dates = [basis(winner, facts) + winner.period, *(date for date, _ in floors)]  # type: ignore[operator]
    dates += [d for d in (facts.manual, facts.not_before) if isinstance(d, datetime)]
    due: datetime = max(dates)  # type: ignore[type-var,assignment]
    if any(date > due for date in may_be):
        return Ruling.UNKNOWN, None, None
    return Ruling.DATED, due, winner.key
