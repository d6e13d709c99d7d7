"""Conflicts over all spaces at once, in arrays: who disagrees with what decides.

Decides nothing about a space: the order of the decision does (`weighing`), and its own parts are
asked here for what they had to put aside. Only what is certain is a conflict: what is not known
is told of elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from domain.conflicts import Clash
from domain.policies import Ending
from query.answering import MISSING
from query.facts import FOREVER
from retention.bitsets import Flags, Kleene
from retention.readings import Reading
from retention.weighing import (
    Facts,
    Numbers,
    _floors,
    _Matches,
    _moments,
    _of_messages,
    _tiers,
)

HARMLESS = frozenset({Ending.KEEP, Ending.NOTIFY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreed:
    """By the space's key: the places of the version that decides and of the floor (-1: none),
    the date that the version says, and of each kind the spaces.

    `tier` are, for each reading, the spaces that it certainly matches.
    """

    clashes: Mapping[Clash, Flags]
    automatic: Numbers
    due: Numbers
    floor: Numbers
    floor_until: Numbers
    tier: Mapping[int, Flags]


def disagree(
    facts: Facts, readings: Sequence[Reading], answers: Mapping[str, Kleene], *, now: int
) -> Disagreed:
    """Args: now: in milliseconds."""
    matches = _Matches(facts, readings, answers)
    automatic = _tiers(facts, readings, matches)
    floor = _floors(facts, readings, matches)
    _of_messages(floor, automatic, facts, readings, matches)
    decides = (
        facts.exists & ~facts.untouchable & ~facts.ours_unknown & ~automatic.unknown
        & (automatic.version >= 0)
    )  # fmt: skip
    ends = np.array([one.version.ending not in HARMLESS for one in readings] + [False])
    ending = decides & (automatic.due < FOREVER) & ends[automatic.version]  # -1: the last one
    tier: dict[int, Flags] = {}
    version = automatic.version.astype(np.int64)
    return Disagreed(
        clashes={
            Clash.HOLD: ending & facts.held & (automatic.due <= now),
            Clash.KEEP: ending & (facts.manual > now) & (facts.manual > automatic.due),
            Clash.FLOOR: ending & (floor.certain > now) & (floor.certain > automatic.due),
            Clash.PRIORITY: decides & _tiers_apart(facts, readings, matches, version, tier),
        },
        automatic=version, due=automatic.due,
        floor=floor.version.astype(np.int64), floor_until=floor.certain, tier=tier,
    )  # fmt: skip


def _tiers_apart(
    facts: Facts, readings: Sequence[Reading], matches: _Matches, version: Numbers,
    tier: dict[int, Flags],
) -> Flags:  # fmt: skip
    """Where two of the tier that decides say another day or another end."""
    apart = np.zeros(facts.count, dtype=np.bool_)
    priorities = np.array([one.version.priority for one in readings] + [-1])
    places = [place for place, reading in enumerate(readings) if reading.is_automatic]
    for priority, group in groupby(places, key=lambda place: readings[place].version.priority):
        mine = list(group)
        if len(mine) < 2:
            continue
        number = np.zeros(facts.count, dtype=np.int64)
        low, high = np.full((2, facts.count), FOREVER, dtype=np.int64)
        high[:] = MISSING
        mild, harsh = np.full((2, facts.count), len(Ending), dtype=np.int64)
        harsh[:] = -1
        for place in mine:
            reading = readings[place]
            true, _ = matches.automatic(place)
            date = _dates(facts, reading)
            hit = true & (date != MISSING)
            tier[place] = hit
            number += hit
            low = np.where(hit, np.minimum(low, date), low)
            high = np.where(hit, np.maximum(high, date), high)
            mild = np.where(hit, np.minimum(mild, reading.version.ending.order), mild)
            harsh = np.where(hit, np.maximum(harsh, reading.version.ending.order), harsh)
        here = priorities[version] == priority
        apart |= here & (number >= 2) & ((low != high) | (mild != harsh))
    return apart


def _dates(facts: Facts, reading: Reading) -> Numbers:
    if reading.is_keep or reading.span is None:
        return np.full(facts.count, FOREVER, dtype=np.int64)
    basis = _moments(facts, reading)
    return np.where(basis == MISSING, MISSING, basis + reading.span)
