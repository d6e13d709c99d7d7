"""Policy versions, read once: what each means for the decision, without a database.

The principle: nothing here has a destructive default. No period, or one that is not longer
than zero, means keep; a query that can't be read any more is "not known" for every space.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.policies import Basis, Counting, Ending, PolicyState, PolicyVersion
from query import tree
from query.faults import QueryFault
from query.language import parse
from query.spec import Criterion

MS_A_DAY = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A version with its condition read. `node` is None when it can't be read any more."""

    version: PolicyVersion
    node: tree.Node | None

    @property
    def span(self) -> int | None:
        """The period in milliseconds; None means for ever."""
        period = self.version.period
        if period is None or period.total_seconds() <= 0:
            return None
        return round(period.total_seconds() * 1000)

    @property
    def is_keep(self) -> bool:
        """It has no end: it says keep, or it has no period."""
        return self.version.ending is Ending.KEEP or self.span is None

    @property
    def is_purge(self) -> bool:
        """It is about the messages in a space, and counts from the oldest that can be there."""
        return self.version.ending is Ending.PURGE

    @property
    def is_automatic(self) -> bool:
        """It takes part in the automatic step. A floor that ends in nothing is only a floor."""
        return not (self.version.is_floor and self.version.ending is Ending.KEEP)

    @property
    def is_for_direct(self) -> bool:
        """Direct conversations too: where it says so, and always where it only protects."""
        return self.version.includes_direct or self.is_keep

    @property
    def rank(self) -> tuple[int, int]:
        """Within a tier, after the date: the least destructive, then the oldest policy."""
        return (self.version.ending.order, int(self.version.policy))


def read_versions(policies: Iterable[PolicyVersion]) -> tuple[Reading, ...]:
    """Those that hold, in the order in which they decide.

    A paused policy still takes part: leaving it out would let a lower one decide, and that
    may end a space sooner. What pauses is its steps (`CaseState.PAUSED`).
    """
    holding = [one for one in policies if one.state in (PolicyState.ACTIVE, PolicyState.PAUSED)]
    holding.sort(key=lambda one: (one.priority, int(one.policy), int(one.key)))
    return tuple(Reading(version=one, node=_node(one.query)) for one in holding)


def _node(query: str) -> tree.Node | None:
    try:
        return parse(query).tree
    except QueryFault:
        return None


def criteria(readings: Iterable[Reading]) -> tuple[Criterion, ...]:
    """The distinct criteria of all of them."""
    found = {
        one.key: one
        for reading in readings
        if reading.node is not None
        for one in tree.criteria(reading.node)
    }
    return tuple(found.values())


def counted_from(readings: Iterable[Reading]) -> tuple[Counting, ...]:
    """What they count from besides what is in a space's own row, each once."""
    own = (Basis.ACTIVITY, Basis.CREATED, Basis.MESSAGES)
    found = (one.version.counting for one in readings if one.version.basis not in own)
    return tuple(dict.fromkeys(found))


def judge(node: tree.Node | None, said: Mapping[str, bool | None]) -> bool | None:
    """What a condition says of one space, from what its criteria say. None: not known."""
    match node:
        case None:
            return None
        case tree.All():
            return True
        case tree.Nothing():
            return False
        case tree.Not(part):
            inner = judge(part, said)
            return None if inner is None else not inner
        case tree.And(parts):
            return all_of(judge(part, said) for part in parts)
        case tree.Or(parts):
            opposite = all_of(_opposites(parts, said))
            return None if opposite is None else not opposite
        case Criterion():
            return said[node.key]


def _opposites(
    parts: Sequence[tree.Node], said: Mapping[str, bool | None]
) -> Iterator[bool | None]:
    for part in parts:
        one = judge(part, said)
        yield None if one is None else not one


def all_of(values: Sequence[bool | None] | Iterator[bool | None]) -> bool | None:
    seen = list(values)
    return False if False in seen else None if None in seen else True
