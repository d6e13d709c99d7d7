"""What would go by a day, if nobody did anything until then.

The very decision, asked as of that day: what is unused then, which keeps and holds are over
then. A date is said as the engine could keep it at the earliest, with full notice from now. Who
is told by a warning may still keep their space, so it is a bound and no promise. Changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.calendars import Openings
from domain.errors import Refusal
from domain.hours import Hours
from domain.ids import PolicyVersionKey, SpaceKey
from domain.policies import Ending, PolicyState, PolicyVersion
from domain.spaces import Space
from query.spec import Moments
from retention import cadence
from retention.decision import Dated, would_end
from retention.policies import newest_of
from spaces.opening import company_hours, narrowed
from spaces.spec import House
from storage.store import UnitOfWork

MOST_LISTED = 50_000
MOST_SHOWN = 15
A_PIECE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """A space that would end: `at` is the day of what its policy does, at the earliest."""

    space: SpaceKey
    version: PolicyVersion
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Args:
    by_policy: how many spaces each policy would end, the most first.
    by_month: (year and month, how many), in order.
    first: the soonest, with their spaces.
    unknown: spaces of which something that is needed is not known.
    idle: policies that may do nothing, since they have no cap.
    shut: policies that are not open within a year of the day on which they would act.
    """

    at: datetime
    ends: tuple[Ends, ...]
    by_policy: tuple[tuple[PolicyVersion, int], ...]
    by_month: tuple[tuple[str, int], ...]
    first: tuple[tuple[Space, Ends], ...]
    unknown: int
    inventory: int
    idle: tuple[str, ...] = ()
    shut: tuple[str, ...] = ()

    def of(self, ending: Ending) -> int:
        """How many would end so."""
        return sum(count for version, count in self.by_policy if version.ending is ending)


def forecast(house: House, at: datetime, *, name: str = "") -> Forecast:
    """What would go until `at`, by all policies that are in force, or as if the newest version
    of `name` were in force, too.

    Raises:
        Refusal: there is no such policy, or it is retired.
    """
    with house.store.read() as tx:
        policies = list(tx.policies.holding())  # a paused one ends nothing, and still decides
        asked = replace(_asked(tx, name), state=PolicyState.ACTIVE) if name else None
        if asked is not None:
            policies = [*(one for one in policies if one.policy != asked.policy), asked]
        found = would_end(tx, policies, Moments(now=at, read=tx.now))
        versions = {one.key: one for one in policies}
        company = company_hours(tx, house.limits)
        span = _Span(now=tx.now, until=at, company=company)
        ends = sorted(
            _ends(found.dated, versions, span, only=asked), key=lambda one: (one.at, one.space)
        )
        shown = tx.spaces.by_keys([one.space for one in ends[:MOST_SHOWN]])
        inventory = tx.spaces.count_live()
    counted = Counter(one.version.key for one in ends)
    return Forecast(
        at=at, ends=tuple(ends), unknown=found.unknown, inventory=inventory,
        by_policy=tuple((versions[key], number) for key, number in counted.most_common()),
        by_month=_months(ends),
        first=tuple((shown[one.space], one) for one in ends[:MOST_SHOWN] if one.space in shown),
        idle=tuple(
            sorted({one.version.name for one in ends if one.version.ending is not Ending.NOTIFY
                    and not (one.version.cap or 0) > 0})
        ),
        shut=tuple(sorted(span.shut)),
    )  # fmt: skip


def listed(house: House, ends: Sequence[Ends]) -> Iterator[tuple[Space, Ends]]:
    """The first `MOST_LISTED` with their spaces, read in pieces."""
    for start in range(0, min(len(ends), MOST_LISTED), A_PIECE):
        piece = ends[start : min(start + A_PIECE, MOST_LISTED)]
        with house.store.read() as tx:
            spaces = tx.spaces.by_keys([one.space for one in piece])
        yield from ((spaces[one.space], one) for one in piece if one.space in spaces)


def _asked(tx: UnitOfWork, name: str) -> PolicyVersion:
    version = newest_of(tx, name)
    if version.state is PolicyState.RETIRED:
        raise Refusal(f"“{version.name}” is retired.", "`policy list` shows those that are not.")
    return version


@dataclass(slots=True, kw_only=True)
class _Span:
    """From now to the day that is asked about, and when which policy is open in it."""

    now: datetime
    until: datetime
    company: Hours
    shut: set[str] = field(default_factory=set)
    _known: dict[PolicyVersionKey, Openings] = field(default_factory=dict)

    def opens_at(self, version: PolicyVersion, at: datetime) -> datetime | None:
        """When the policy may act, if its day is `at`; None: it is not open within a year."""
        if at > self.until:
            return at
        if version.key not in self._known:
            calendar = narrowed(self.company, version.name, version.own)
            self._known[version.key] = Openings(calendar, self.now, self.until)
        opens = self._known[version.key].opens_at(at)
        if opens is None:
            self.shut.add(version.name)
        return opens


def _ends(
    dated: Sequence[Dated], versions: Mapping[PolicyVersionKey, PolicyVersion], span: _Span, *,
    only: PolicyVersion | None,
) -> Iterator[Ends]:  # fmt: skip
    for one in dated:
        version = versions[one.version]
        if version.state is not PolicyState.ACTIVE or only not in (None, version):
            continue
        due = span.opens_at(version, cadence.first_due(version, one.due, span.now))
        gone = cadence.gone_at(version, due) if due is not None else None
        at = span.opens_at(version, gone) if gone is not None else due
        if at is not None and at <= span.until:
            yield Ends(space=one.space, version=version, at=at)


def _months(ends: Sequence[Ends]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(f"{one.at:%Y-%m}" for one in ends).items()))
