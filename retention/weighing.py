"""The decision over all spaces at once, in arrays: ruling, due date and deciding version.

Decides the order of "The decision" (docs/decisions, design.md) and nothing else; facts come
from `decision`, answers from the database. Whatever hangs on a fact that is not known is
UNKNOWN, and a keep that is certain is a keep even so. `tracing` says the same in words for one
space; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
import numpy.typing as npt

from domain.policies import Basis, Counting, Ending, Ruling
from domain.spaces import SpaceType
from query.answering import MISSING
from query.facts import FOREVER
from retention import bitsets
from retention.bitsets import Flags, Kleene
from retention.readings import Reading

Numbers = npt.NDArray[np.int64]

NEVER_YET = -(2**61)
"""Less than every date and than MISSING: nothing was found."""
RULINGS = tuple(Ruling)
_CODE = {ruling: place for place, ruling in enumerate(RULINGS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of every space besides its criteria; arrays by the space's key.

    `manual`, `sooner` and `not_before` are MISSING where there is none, `manual` FOREVER where
    it is for ever.
    """

    count: int
    exists: Flags
    untouchable: Flags
    ours_unknown: Flags
    held: Flags
    held_unknown: Flags
    type: Numbers
    activity: Numbers
    created: Numbers
    oldest: Numbers
    """The earliest moment that a message can be of."""
    manual: Numbers
    sooner: Numbers
    sooner_by: Numbers
    """Key of the version whose day `sooner` takes the place of."""
    not_before: Numbers
    counted: Mapping[Counting, Numbers] = field(default_factory=dict)
    """What the readings count from besides activity and creation; MISSING where unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """By the space's key: place in RULINGS, due (FOREVER: none), place of the version or -1.

    `touched` are, for a watched reading, the spaces that it matches or may match.
    """

    ruling: npt.NDArray[np.int8]
    due: Numbers
    version: npt.NDArray[np.int32]
    touched: Mapping[int, Flags]


@dataclass(slots=True)
class _Floor:
    certain: Numbers
    version: npt.NDArray[np.int32]
    possible: Numbers


@dataclass(slots=True)
class _Automatic:
    due: Numbers
    version: npt.NDArray[np.int32]
    unknown: Flags


def weigh(
    facts: Facts, readings: Sequence[Reading], answers: Mapping[str, Kleene],
    *, watch: int | None = None,
) -> Weighed:  # fmt: skip
    """Weighs `readings` (in their order) for every space.

    Args:
        watch: the place of a reading whose possible matches are wanted in `touched`.
    """
    matches = _Matches(facts, readings, answers)
    automatic = _tiers(facts, readings, matches)
    floor = _floors(facts, readings, matches)
    _of_messages(floor, automatic, facts, readings, matches)

    # A keep only ever protects: MISSING is less than every date.
    base = np.maximum(facts.manual, _sooner(facts, readings, automatic))
    due = np.maximum(np.maximum(base, floor.certain), facts.not_before)
    is_dated = (automatic.version >= 0) & (automatic.due < FOREVER) & ~automatic.unknown
    kept = (automatic.due == FOREVER) & ~automatic.unknown

    ruling = np.full(facts.count, _CODE[Ruling.NO_POLICY], dtype=np.int8)
    version = np.full(facts.count, -1, dtype=np.int32)

    # From the last word to the first: what is written later, wins.
    ruling[is_dated] = _CODE[Ruling.DATED]
    version[is_dated] = automatic.version[is_dated]
    ruling[is_dated & (floor.possible > due)] = _CODE[Ruling.UNKNOWN]
    ruling[automatic.unknown] = _CODE[Ruling.UNKNOWN]
    ruling[kept] = _CODE[Ruling.KEEP]
    version[kept] = automatic.version[kept]
    by_hand = facts.manual == FOREVER
    ruling[by_hand] = _CODE[Ruling.KEEP]
    version[by_hand] = -1
    by_floor = floor.certain == FOREVER
    ruling[by_floor] = _CODE[Ruling.KEEP]
    version[by_floor] = floor.version[by_floor]
    ruling[facts.held_unknown | facts.ours_unknown] = _CODE[Ruling.UNKNOWN]
    ruling[facts.held] = _CODE[Ruling.HELD]
    ruling[facts.untouchable] = _CODE[Ruling.UNTOUCHABLE]

    dated = ruling == _CODE[Ruling.DATED]
    version[~(dated | (ruling == _CODE[Ruling.KEEP]))] = -1
    due[~dated] = FOREVER
    touched = {} if watch is None else {watch: np.logical_or(*matches.automatic(watch))}
    return Weighed(ruling=ruling, due=due, version=version, touched=touched)


def _sooner(facts: Facts, readings: Sequence[Reading], automatic: _Automatic) -> Numbers:
    """Where two people agreed that a space goes before its policy deletes it: that day, unless
    somebody has used it after (or nobody knows), beside the version that they saw, and no other.
    It never says that a space goes at all."""
    deletes = np.array(
        [int(one.version.key) if one.version.ending is Ending.DELETE else NEVER_YET
         for one in readings] + [NEVER_YET]  # for -1: no version decides
    )  # fmt: skip
    applies = (
        (facts.sooner != MISSING) & (facts.sooner_by == deletes[automatic.version])
        & (automatic.due < FOREVER) & (facts.activity != MISSING)
        & (facts.activity <= facts.sooner) & (facts.sooner < automatic.due)
    )  # fmt: skip
    return np.where(applies, facts.sooner, automatic.due)


class _Matches:
    """Which spaces a reading matches, and of which it is not known, as flags."""

    def __init__(
        self, facts: Facts, readings: Sequence[Reading], answers: Mapping[str, Kleene]
    ) -> None:
        self._facts = facts
        self._readings = readings
        self._answers = answers
        self._group = Kleene(
            bitsets.pack(facts.type == int(SpaceType.GROUP)),
            bitsets.pack(facts.type == MISSING),
        )

    def _set(self, place: int) -> Kleene:
        node = self._readings[place].node
        if node is None:
            return bitsets.unsure(self._facts.count)
        return bitsets.combine(node, self._answers, self._facts.count)

    def whole(self, place: int) -> tuple[Flags, Flags]:
        """(true, unknown), direct conversations included: for what protects."""
        return self._flags(self._set(place))

    def automatic(self, place: int) -> tuple[Flags, Flags]:
        """(true, unknown), direct conversations only where the policy says so."""
        if self._readings[place].is_for_direct:
            return self.whole(place)
        return self._flags(self._set(place) & self._group)

    def _flags(self, found: Kleene) -> tuple[Flags, Flags]:
        count = self._facts.count
        return bitsets.unpack(found.true, count), bitsets.unpack(found.unknown, count)


def _moments(facts: Facts, reading: Reading) -> Numbers:
    return facts.oldest if reading.is_purge else _of_space(facts, reading)


def _of_space(facts: Facts, reading: Reading) -> Numbers:
    match reading.version.basis:
        case Basis.ACTIVITY | Basis.MESSAGES:  # the youngest one's
            return facts.activity
        case Basis.CREATED:
            return facts.created
        case _:
            return facts.counted[reading.version.counting]


def _of_messages(
    floor: _Floor, automatic: _Automatic, facts: Facts, readings: Sequence[Reading],
    matches: _Matches,
) -> None:  # fmt: skip
    """Where a purge decides, a floor also keeps each message for its whole period."""
    purges = np.zeros(len(readings) + 1, dtype=np.bool_)  # the last one: no version decides
    purges[:-1] = [reading.is_purge for reading in readings]
    if not purges.any() or not any(reading.version.is_floor for reading in readings):
        return
    here = purges[automatic.version]
    of_messages = _floors(facts, readings, matches, of_messages=True)
    floor.certain = np.where(here, of_messages.certain, floor.certain)
    floor.version = np.where(here, of_messages.version, floor.version)
    floor.possible = np.where(here, of_messages.possible, floor.possible)


def _floors(
    facts: Facts, readings: Sequence[Reading], matches: _Matches, *, of_messages: bool = False
) -> _Floor:
    """The dates before which nothing may go, for certain and at most: of the space, or of the
    messages in it."""
    floor = _Floor(
        np.full(facts.count, NEVER_YET, dtype=np.int64),
        np.full(facts.count, -1, dtype=np.int32),
        np.full(facts.count, NEVER_YET, dtype=np.int64),
    )
    for place, reading in enumerate(readings):
        if not reading.version.is_floor:
            continue
        true, unknown = matches.whole(place)
        if reading.span is None:
            date = np.full(facts.count, FOREVER, dtype=np.int64)
        else:
            basis = _of_space(facts, reading)
            if of_messages and reading.version.basis is Basis.MESSAGES:
                basis = facts.oldest
            elif of_messages:
                known = (basis != MISSING) & (facts.oldest != MISSING)
                basis = np.where(known, np.maximum(basis, facts.oldest), MISSING)
            date = np.where(basis == MISSING, FOREVER, basis + reading.span)
            unknown = unknown | (true & (basis == MISSING))
            true = true & (basis != MISSING)
        longer = true & (date > floor.certain)
        floor.certain[longer] = date[longer]
        floor.version[longer] = place
        further = unknown & (date > floor.possible)
        floor.possible[further] = date[further]
    return floor


def _tiers(facts: Facts, readings: Sequence[Reading], matches: _Matches) -> _Automatic:
    """The lowest priority number with a match decides; within it the latest date."""
    best = np.full(facts.count, NEVER_YET, dtype=np.int64)
    version = np.full(facts.count, -1, dtype=np.int32)
    unknown = np.zeros(facts.count, dtype=np.bool_)
    settled = np.zeros(facts.count, dtype=np.bool_)
    may_end = np.zeros(facts.count, dtype=np.bool_)  # in doubt, by a policy that has an end
    may_keep = np.zeros(facts.count, dtype=np.bool_)
    places = [place for place, reading in enumerate(readings) if reading.is_automatic]
    for _, tier in groupby(places, key=lambda place: readings[place].version.priority):
        tier_end = np.zeros(facts.count, dtype=np.bool_)
        # In order of rank, so that at the same date the first one stays.
        for place in sorted(tier, key=lambda place: readings[place].rank):
            reading = readings[place]
            true, doubt = matches.automatic(place)
            if reading.span is None or reading.is_keep:
                may_keep |= doubt
                _improve(best, version, np.flatnonzero(true & ~settled), FOREVER, place)
                continue
            basis = _moments(facts, reading)
            tier_end |= doubt | (true & (basis == MISSING))
            where = np.flatnonzero(true & ~settled & (basis != MISSING))
            _improve(best, version, where, basis[where] + reading.span, place)
        found = ~settled & (version >= 0)
        kept = found & (best == FOREVER)
        # A keep in this very tier is certain, whatever else of the tier is in doubt; a policy
        # above it that may end the space is not outweighed.
        unknown |= (kept & may_end) | (found & ~kept & (may_end | may_keep | tier_end))
        may_end |= tier_end
        settled |= found
    unknown |= ~settled & (may_end | may_keep)
    return _Automatic(best, version, unknown)


def _improve(
    best: Numbers, version: npt.NDArray[np.int32], where: npt.NDArray[np.intp],
    due: Numbers | int, place: int,
) -> None:  # fmt: skip
    dates = due if isinstance(due, np.ndarray) else np.full(len(where), due, dtype=np.int64)
    later = dates > best[where]
    best[where[later]] = dates[later]
    version[where[later]] = place
