"""What the next run would do, as things stand: its very plan, in a transaction that is rolled
back, so that the two can't disagree (I21).

Besides what a plan can't know: how Webex stands then, and what its live look at each space shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.cases import Case
from domain.policies import Ending, PolicyVersion
from domain.spaces import Space
from retention import brake
from retention.ground import make_up, unready
from retention.planning import Agenda, plan
from retention.policies import let_in_force
from retention.waiting import waiting
from spaces.effects.caps import left_today
from spaces.opening import opening
from spaces.spec import House
from storage.store import UnitOfWork

MOST_LISTED = 50_000
MOST_SHOWN = 15
A_PIECE = 500

AFTER_NOTICES = {
    Ending.NOTIFY: "told of", Ending.OUTSIDERS: "rid of outsiders", Ending.BLOCK: "blocked",
    Ending.DELETE: "blocked", Ending.PURGE: "purged",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planned:
    """`what` is what would be done to the space of `case`: “warned”, “blocked”, “deleted”, …"""

    what: str
    case: Case
    version: PolicyVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Tonight:
    """Args:
    planned: what is most destructive first, and of that what waited longest.
    stopped: why nothing of it would be done; empty when it would.
    brake: why the brake would be pulled, and nothing of it done.
    hours: why what destroys would wait, all of it.
    own_hours: of policies with hours of their own, why what they destroy would wait.
    left: how many more may be destroyed today, by the caps of the house.
    """

    planned: tuple[Planned, ...]
    opened: int
    unknown: int
    idle: tuple[str, ...]
    left: int
    stopped: str = ""
    brake: str = ""
    hours: str = ""
    own_hours: tuple[str, ...] = ()
    first: tuple[tuple[Space, Planned], ...] = ()

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """How many spaces, by what would be done; the most destructive first."""
        return tuple(Counter(one.what for one in self.planned).items())


def plan_rolled_back(tx: UnitOfWork, house: House) -> tuple[int, Agenda, str]:
    """(cases that are given more time, the plan, why the brake would be pulled). Writes what the
    night itself writes; whoever calls it never commits."""
    more = make_up(tx)
    let_in_force(tx)
    last = tx.crawls.last(complete=True)
    agenda = plan(tx, generation=last.generation if last else 0)
    return more, agenda, brake.look_at_plan(tx, agenda, house.limits)


def tonight(house: House) -> Tonight:
    """What the night's run would do if it were now. Changes nothing."""
    with house.store.read() as tx:
        broken = brake.broken_record(tx, house.anchors)
    with house.store.begin() as tx:  # never committed
        _, agenda, why = plan_rolled_back(tx, house)
        planned = tuple(_planned(agenda))
        spaces = tx.spaces.by_keys([one.case.space for one in planned[:MOST_SHOWN]])
        left = left_today(tx, house.limits)
        hours = opening(tx, house.limits).closed(tx.now)
        own = {} if hours else waiting(tx, house.limits, agenda)
    if broken is not None:
        why = f"the record was changed at its row {broken}"
    return Tonight(
        planned=planned, opened=agenda.opened, unknown=agenda.unknown, idle=agenda.idle,
        left=left, stopped=unready(house), brake=why,
        hours=hours, own_hours=tuple(dict.fromkeys(why for why, _ in own.values())),
        first=tuple(
            (spaces[one.case.space], one)
            for one in planned[:MOST_SHOWN]
            if one.case.space in spaces
        ),
    )  # fmt: skip


def listed(house: House, planned: Sequence[Planned]) -> Iterator[tuple[Space, Planned]]:
    """The first `MOST_LISTED` with their spaces, read in pieces."""
    for start in range(0, min(len(planned), MOST_LISTED), A_PIECE):
        piece = planned[start : min(start + A_PIECE, MOST_LISTED)]
        with house.store.read() as tx:
            spaces = tx.spaces.by_keys([one.case.space for one in piece])
        yield from ((spaces[one.case.space], one) for one in piece if one.case.space in spaces)


def _planned(agenda: Agenda) -> Iterator[Planned]:
    def of(cases: Sequence[Case], what: str = "") -> Iterator[Planned]:
        for case in cases:
            if case.version is not None and case.version in agenda.versions:
                version = agenda.versions[case.version]
                yield Planned(what or AFTER_NOTICES[version.ending], case, version)

    yield from of(agenda.ends, "deleted")
    yield from of(agenda.purging, "purged")
    yield from of(agenda.over)
    yield from of(agenda.notices, "warned")
