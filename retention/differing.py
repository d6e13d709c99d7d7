"""What a change of policies would change: each space whose end is another one afterwards.

The principle (KPMG 2020): who agrees to a change sees the difference, not the rule. Both sides
are the whole decision over all spaces, so that what a change does to spaces that *other*
policies decide (a keep that was narrowed, a number that comes first now) is in it, too.
Changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

import numpy as np

from domain.ids import SpaceKey
from domain.policies import Ending, PolicyState, PolicyVersion, Ruling
from query.answering import columns
from query.facts import FOREVER
from query.spec import Moments
from retention.bitsets import Flags
from retention.decision import Target, weigh_each
from retention.readings import Reading
from retention.weighing import RULINGS, Numbers, Weighed
from storage.schema import from_ms, space
from storage.store import UnitOfWork

DATED, KEEP, HELD, UNKNOWN = (
    RULINGS.index(one) for one in (Ruling.DATED, Ruling.KEEP, Ruling.HELD, Ruling.UNKNOWN)
)


class Moved(StrEnum):
    """How the end of a space changes, the most dangerous first."""

    NEWLY = "newly hit"
    SOONER = "hit sooner"
    OTHERWISE = "ended otherwise"
    UNKEPT = "not kept any more"
    LATER = "hit later"
    RELEASED = "released"
    KEPT = "newly kept"


DANGEROUS = (Moved.NEWLY, Moved.SOONER, Moved.OTHERWISE, Moved.UNKEPT)
_PLACE = {how: place for place, how in enumerate(Moved, 1)}
_HOW = {place: how for how, place in _PLACE.items()}


@dataclass(frozen=True, slots=True)
class Side:
    """What is said of a space on one side; `version` is who decides, if any does."""

    ruling: Ruling
    due: datetime | None
    version: PolicyVersion | None

    @property
    def ending(self) -> Ending | None:
        return self.version.ending if self.version and self.ruling is Ruling.DATED else None


@dataclass(frozen=True, slots=True)
class Moving:
    """`how` is None where nothing changes for the space."""

    space: SpaceKey
    how: Moved | None
    was: Side
    now: Side
    has_outsiders: bool
    is_held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Args:
    targets: whom the version decides, with its date.
    unknown: spaces that it may match, and of which something that is needed is not known.
    before, lost: how many its policy hits now, and how many of those not any more; None where
        nothing of it holds.
    held: spaces that it matches, and that a hold keeps from everything.
    takes_over, outweighed: by the other policy's name, how many spaces that one decides and this
        one would; and that this one matches and that one goes on deciding.
    besides: spaces that other policies decide, or none, and that lose protection by it.
    losses: all that lose protection, by how, and by who decides them before and after.
    """

    targets: tuple[Target, ...]
    unknown: int
    before: frozenset[SpaceKey] | None
    lost: int
    counts: Mapping[Moved, int]
    outsiders: int
    held: int
    takes_over: tuple[tuple[str, int], ...]
    outweighed: tuple[tuple[str, int], ...]
    besides: tuple[SpaceKey, ...]
    losses: Mapping[str, tuple[SpaceKey, ...]]
    _codes: Numbers
    _external: Flags
    _held: Flags
    _sides: tuple[tuple[Sequence[Reading], Weighed], tuple[Sequence[Reading], Weighed]]

    def moving(self, key: SpaceKey) -> Moving:
        was, now = (_side(read, weighed, int(key)) for read, weighed in self._sides)
        return Moving(
            space=key, how=_HOW.get(int(self._codes[key])), was=was, now=now,
            has_outsiders=bool(self._external[key]), is_held=bool(self._held[key]),
        )  # fmt: skip

    def keys(self) -> list[SpaceKey]:
        """All that it hits or changes, the most dangerous and the soonest first."""
        mine = np.zeros(len(self._codes), dtype=np.bool_)
        mine[[int(one.space) for one in self.targets]] = True
        found = np.flatnonzero(mine | (self._codes > 0) | self._held)
        rank = np.where(self._codes[found] > 0, self._codes[found], len(_PLACE) + 1)
        order = np.lexsort((found, self._sides[1][1].due[found], rank))
        return [SpaceKey(int(key)) for key in found[order]]


def differ(
    tx: UnitOfWork, holding: Sequence[PolicyVersion], moments: Moments, version: PolicyVersion, *,
    is_taken_away: bool = False,
) -> Difference:  # fmt: skip
    """What is another between `holding` and the same with `version` in force in its policy's
    place, or with its policy taken away."""
    others = [one for one in holding if one.policy != version.policy]
    old = next((one for one in holding if one.policy == version.policy), None)
    new = None if is_taken_away else replace(version, state=PolicyState.ACTIVE)
    lists = [list(holding), others if new is None else [*others, new]]
    if old is not None and new is not None:
        lists.append(others)
    watch = new.key if new is not None else old.key if old is not None else version.key
    facts, sides = weigh_each(tx, lists, moments, watch=watch)
    before, now = sides[0], sides[1]
    alone = sides[-1] if lists[-1] is others else before
    exists = facts.exists
    external = np.zeros(facts.count, dtype=np.bool_)
    (outside,) = columns(tx.connection, [space.c.id], space, space.c.scope == 1)
    external[outside] = True

    mine = _decided(now, new) & exists
    touched = _touched(now, facts.count) if new is not None else _touched(before, facts.count)
    held = touched & (now[1].ruling == HELD) & exists
    codes = _codes(before, now) * exists
    was = None if old is None else _decided(before, old) & exists
    dangerous = np.isin(codes, [_PLACE[one] for one in DANGEROUS])
    return Difference(
        targets=tuple(
            Target(SpaceKey(int(one)), _due(int(now[1].due[one]))) for one in np.flatnonzero(mine)
        ),
        unknown=int(np.count_nonzero(touched & (now[1].ruling == UNKNOWN) & exists)),
        before=None if was is None else _keys(was), lost=int(np.count_nonzero(was & ~mine))
        if was is not None else 0,
        counts={
            how: number
            for how, place in _PLACE.items()
            if (number := int(np.count_nonzero(codes == place)))
        },
        outsiders=int(np.count_nonzero((mine | dangerous) & external)),
        held=int(np.count_nonzero(held)),
        takes_over=_names(alone, mine & _rules(alone)),
        outweighed=_names(now, touched & ~mine & _rules(now)),
        besides=tuple(sorted(_keys(dangerous & ~mine))), losses=_losses(codes, dangerous, sides),
        _codes=codes, _external=external, _held=held, _sides=(before, now),
    )  # fmt: skip


_Side = tuple[tuple[Reading, ...], Weighed]


def _decided(side: _Side, version: PolicyVersion | None) -> Flags:
    read, weighed = side
    place = next(
        (i for i, one in enumerate(read) if version is not None and one.version.key == version.key),
        -2,  # no place of a version
    )
    found: Flags = _rules(side) & (weighed.version == place)
    return found


def _rules(side: _Side) -> Flags:
    """Where a policy says what becomes of it: a date, or that it is kept."""
    found: Flags = np.isin(side[1].ruling, [DATED, KEEP]) & (side[1].version >= 0)
    return found


def _touched(side: _Side, count: int) -> Flags:
    for flags in side[1].touched.values():
        return flags
    return np.zeros(count, dtype=np.bool_)


def _codes(before: _Side, now: _Side) -> Numbers:
    """How each space's end changes, as its place in `Moved`; 0 where it does not."""
    was, is_now = before[1], now[1]
    dated, stays = was.ruling == DATED, is_now.ruling == DATED
    kept, keeps = was.ruling == KEEP, is_now.ruling == KEEP
    codes = np.zeros(len(was.due), dtype=np.int64)
    both = dated & stays
    codes[both & (_orders(before) != _orders(now))] = _PLACE[Moved.OTHERWISE]
    codes[both & (is_now.due > was.due)] = _PLACE[Moved.LATER]
    codes[both & (is_now.due < was.due)] = _PLACE[Moved.SOONER]
    codes[~dated & stays] = _PLACE[Moved.NEWLY]
    codes[dated & ~stays] = _PLACE[Moved.RELEASED]
    codes[~dated & ~kept & keeps] = _PLACE[Moved.KEPT]
    codes[kept & ~keeps & ~stays] = _PLACE[Moved.UNKEPT]
    return codes


def _orders(side: _Side) -> Numbers:
    """How destructive the end of each space is."""
    read, weighed = side
    orders = np.array([*(one.version.ending.order for one in read), -1], dtype=np.int64)
    return orders[weighed.version]


def _names(side: _Side, where: Flags) -> tuple[tuple[str, int], ...]:
    read, weighed = side
    places = Counter(int(place) for place in weighed.version[where])
    return tuple((read[place].version.name, number) for place, number in places.most_common())


def _losses(
    codes: Numbers, dangerous: Flags, sides: tuple[_Side, ...]
) -> dict[str, tuple[SpaceKey, ...]]:
    """Spaces by what becomes of them, in words that stand for it: the versions' own keys, so that
    whoever agrees agrees to what *those* say, and to no later one's."""
    before, now = sides[0], sides[1]
    losing = np.flatnonzero(dangerous)
    ways = np.stack([codes[losing], before[1].version[losing], now[1].version[losing]])
    kinds, which = np.unique(ways, axis=1, return_inverse=True)
    return {
        f"{_HOW[int(how)]}: {_name(before, int(was))} to {_name(now, int(then))}": tuple(
            SpaceKey(int(key)) for key in losing[which.reshape(-1) == place]
        )
        for place, (how, was, then) in enumerate(kinds.T)
    }


def _name(side: _Side, place: int) -> str:
    return f"version {side[0][place].version.key}" if place >= 0 else "no policy"


def _keys(flags: Flags) -> frozenset[SpaceKey]:
    return frozenset(SpaceKey(int(key)) for key in np.flatnonzero(flags))


def _side(read: Sequence[Reading], weighed: Weighed, key: int) -> Side:
    place = int(weighed.version[key])
    return Side(
        RULINGS[int(weighed.ruling[key])], _due(int(weighed.due[key])),
        read[place].version if place >= 0 else None,
    )  # fmt: skip


def _due(ms: int) -> datetime | None:
    return None if ms == FOREVER else from_ms(ms)
