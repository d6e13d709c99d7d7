"""The conflict inbox: where a hold, a keep, a floor or a second policy stands against a policy.

Nothing is wrong with these spaces: the order of the decision says what wins. But somebody
decided one thing and somebody else another, and compliance should know. What was looked at
leaves the list until its facts change: another policy takes part, another hold, another date
of a keep. Where all policies are quiet, nothing is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from domain.audit import Word
from domain.conflicts import Clash, Conflict
from domain.errors import Refusal
from domain.ids import SpaceKey
from domain.people import Actor
from domain.spaces import Space
from domain.spans import say_span
from query.facts import FOREVER
from query.protecting import holds_on
from query.spec import Moments
from retention.decision import asked, explain
from retention.disagreeing import Disagreed, disagree
from retention.readings import Reading, read_versions
from retention.weighing import Facts
from spaces.spec import House
from storage.store import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page. `counts` are of all that nobody has looked at, `seen` of the others."""

    rows: tuple[Conflict, ...]
    number: int
    total: int
    counts: tuple[tuple[Clash, int], ...]
    seen: int


def list_conflicts(house: House, *, page: int, per_page: int, kind: Clash | None = None) -> Page:
    """What nobody has looked at, the gravest first; behind the last page, the last one."""
    with house.store.read() as tx:
        found = _Found(tx)
        fresh = [one for one in found.pairs() if not found.is_seen(*one)]
        shown = [one for one in fresh if kind in (None, one[0])]
        page = min(page, max(1, -(-len(shown) // per_page)))
        some = shown[(page - 1) * per_page : page * per_page]
        spaces = tx.spaces.by_keys([key for _, key in some])
        rows = tuple(found.told(clash, spaces[key]) for clash, key in some)
        counted = Counter(clash for clash, _ in fresh)
        everything = sum(1 for _ in found.pairs())
    return Page(
        rows=rows, number=page, total=len(shown), seen=everything - len(fresh),
        counts=tuple((one, counted[one]) for one in Clash if counted[one]),
    )  # fmt: skip


def conflicts_of(house: House, space: Space) -> tuple[Conflict, ...]:
    """Those of one space, looked at or not. Raises Refusal: there is none."""
    with house.store.read() as tx:
        found = _Found(tx)
        mine = tuple(found.told(clash, space) for clash in found.of(space.key))
    if not mine:
        raise _none(space)
    return mine


def see_conflicts(house: House, actor: Actor, space: Space) -> int:
    """Marks those of a space as looked at, until their facts change. Raises Refusal: none."""
    with house.store.begin() as tx:
        found = _Found(tx)
        mine = found.of(space.key)
        if not mine or actor.person is None:
            raise _none(space)
        for clash in mine:
            tx.conflicts.see(space.key, clash, found.facts(clash, space.key), actor.person)
            tx.audit.add(
                Word.CONFLICT_SEEN, actor, space=space.key, kind=clash.name.lower(),
                facts=found.facts(clash, space.key),
            )  # fmt: skip
        tx.commit()
    return len(mine)


def _none(space: Space) -> Refusal:
    return Refusal(
        f"Nothing disagrees about “{space.shown_title}”.", "`conflicts` lists what does."
    )


class _Found:
    """What disagrees at one moment, with the words for it."""

    def __init__(self, tx: UnitOfWork) -> None:
        self._tx = tx
        self._holding = tx.policies.holding()
        self._read: Sequence[Reading] = read_versions(self._holding)
        now = Moments(now=tx.now)
        facts, sets = asked(tx, self._read, now)
        self._facts: Facts = facts
        at = round(tx.now.timestamp() * 1000)
        self._found: Disagreed = disagree(facts, self._read, sets, now=at)
        self._seen = tx.conflicts.seen()

    def pairs(self) -> Iterator[tuple[Clash, SpaceKey]]:
        """Each kind's spaces, in their order."""
        for clash in Clash:
            for key in np.flatnonzero(self._found.clashes[clash]):
                yield clash, SpaceKey(int(key))

    def of(self, space: SpaceKey) -> tuple[Clash, ...]:
        if space >= self._facts.count:
            return ()
        return tuple(one for one in Clash if self._found.clashes[one][space])

    def is_seen(self, clash: Clash, space: SpaceKey) -> bool:
        then = self._seen.get((space, clash))
        return then is not None and then == self.facts(clash, space)

    def facts(self, clash: Clash, space: SpaceKey) -> str:
        """What has to change for it to be another conflict: who takes part, and what was said by
        hand; that time passes changes nothing."""
        version = f"policy {self._reading(space).version.key}"
        match clash:
            case Clash.HOLD:
                holds = sorted(int(one.key) for one in holds_on(self._tx, space))
                return f"{version}, holds {holds}"
            case Clash.KEEP:
                return f"{version}, until {int(self._facts.manual[space])}"
            case Clash.FLOOR:
                return f"{version}, floor {self._floor(space).version.key}"
            case Clash.PRIORITY:
                return f"policies {sorted(int(one.version.key) for one in self._tier(space))}"

    def told(self, clash: Clash, space: Space) -> Conflict:
        trace = explain(self._tx, space.key, self._holding, Moments(now=self._tx.now))
        return Conflict(
            space=space, kind=clash, said=self._said(clash, space.key), wins=trace.sentence,
            policies=tuple(one.version.name for one in self._parties(clash, space.key)),
            is_seen=self.is_seen(clash, space.key),
        )  # fmt: skip

    def _said(self, clash: Clash, space: SpaceKey) -> str:
        mine = self._reading(space).version
        due = int(self._found.due[space])
        policy = f"“{mine.name}” says {mine.ending} {_on(due)}."
        match clash:
            case Clash.HOLD:
                names = ", ".join(f"“{one.name}”" for one in holds_on(self._tx, space))
                return f"{policy} Held{f' by {names}' if names else ''}."
            case Clash.KEEP:
                return f"{policy} It is kept by hand {_until(int(self._facts.manual[space]))}."
            case Clash.FLOOR:
                until = _until(int(self._found.floor_until[space]))
                return f"{policy} “{self._floor(space).version.name}” is locked: nothing {until}."
            case Clash.PRIORITY:
                each = (
                    f"“{one.version.name}” says {one.version.ending}"
                    + (" for ever" if one.is_keep else f" after {_span(one)}")
                    for one in self._tier(space)
                )
                return f"Priority {mine.priority}: {'; '.join(each)}."

    def _parties(self, clash: Clash, space: SpaceKey) -> tuple[Reading, ...]:
        match clash:
            case Clash.PRIORITY:
                return self._tier(space)
            case Clash.FLOOR:
                return (self._reading(space), self._floor(space))
            case _:
                return (self._reading(space),)

    def _reading(self, space: SpaceKey) -> Reading:
        return self._read[int(self._found.automatic[space])]

    def _floor(self, space: SpaceKey) -> Reading:
        return self._read[int(self._found.floor[space])]

    def _tier(self, space: SpaceKey) -> tuple[Reading, ...]:
        """Those of the tier that decides that certainly match it, in their order."""
        priority = self._reading(space).version.priority
        return tuple(
            self._read[place] for place, hit in self._found.tier.items()
            if hit[space] and self._read[place].version.priority == priority
        )  # fmt: skip


def _span(reading: Reading) -> str:
    period = reading.version.period
    return say_span(period) if period is not None else "no time"


def _day(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%d}"


def _on(ms: int) -> str:
    return "for ever" if ms >= FOREVER else f"on {_day(ms)}"


def _until(ms: int) -> str:
    return "for ever" if ms >= FOREVER else f"until {_day(ms)}"
