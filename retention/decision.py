"""The decision: what is to become of every space, by all policies, at a moment.

One function over all spaces (`decide`), one that asks what a version would do (`would_hit`)
and one that says it in words for one space (`explain`). This file has the statements; the
order of "The decision" is in `weighing` (sets) and `tracing` (words), held together by a test.

Principles: a fact that is missing, stale or partial leads to no step; nothing has a destructive
default; only what differs from the last decision is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Any

import numpy as np
from sqlalchemy import text

from domain.ids import PolicyVersionKey, SpaceKey
from domain.policies import Basis, Counting, PolicyState, PolicyVersion, Ruling
from query import protecting
from query.answering import MISSING, Numbers, answers, answers_of_one, asking
from query.answering import read as columns
from query.facts import FOREVER, ONLY, given, moments_from, statements
from query.spec import Moments
from retention import bitsets, evidence, readings, tracing, weighing
from retention.evidence import Evidence
from retention.tracing import Line
from retention.weighing import RULINGS, Facts, Weighed
from storage.reaching import LEFT_ALONE
from storage.schema import (
    decision,
    from_ms,
    to_ms,
)
from storage.store import UnitOfWork

_A_WRITE = 20_000
"""Rows in one statement when the differences are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionSummary:
    """What one pass over all spaces found.

    `counts` has every ruling; `dated` counts the spaces that each version decides with a date,
    `due_now` those whose date is over; `changed` is how many rows of `decision` were written.
    """

    counts: Mapping[Ruling, int]
    dated: Mapping[PolicyVersionKey, int]
    due_now: int
    changed: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Target:
    """`due` is None where the version keeps it."""

    space: SpaceKey
    due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldHit:
    """Whom a version would decide, by space key, and how many it can't tell of."""

    targets: tuple[Target, ...]
    unknown: int


@dataclass(frozen=True, slots=True)
class Dated:
    """A space whose date is over at the moment that was asked about."""

    space: SpaceKey
    due: datetime
    version: PolicyVersionKey


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldEnd:
    """What is due at a moment to come, and how many spaces can't be told of."""

    dated: tuple[Dated, ...]
    unknown: int


def decide(
    tx: UnitOfWork, policies: Sequence[PolicyVersion], moments: Moments, *, generation: int
) -> DecisionSummary:
    """Weighs every space and writes the differences into `decision`.

    Args:
        policies: all versions that exist to the decision; those in simulation or retired are
            passed over, paused ones still protect and still rank.
        moments: now; policies are always read in UTC, whatever its zone.
        generation: of the last complete crawl; written beside what changes.
    """
    read = readings.read_versions(policies)
    protecting.remember_found(tx, at=moments.now)
    facts, weighed = _weigh(tx, read, moments.now)
    keys = np.flatnonzero(facts.exists)
    changed = _write(tx, keys, weighed, read, moments.now, generation)
    found = np.bincount(weighed.ruling[keys], minlength=len(RULINGS))
    is_dated = weighed.ruling[keys] == RULINGS.index(Ruling.DATED)
    winners = np.bincount(weighed.version[keys][is_dated], minlength=len(read))
    return DecisionSummary(
        counts={ruling: int(found[place]) for place, ruling in enumerate(RULINGS)},
        dated={one.version.key: int(winners[place]) for place, one in enumerate(read)},
        due_now=int(np.count_nonzero(weighed.due[keys] <= to_ms(moments.now))),
        changed=changed,
    )


def would_hit(
    tx: UnitOfWork, version: PolicyVersion, policies: Sequence[PolicyVersion], moments: Moments
) -> WouldHit:
    """What `version` would decide, with a date or as a keep, were it active beside `policies`.

    Other versions of the same policy are left out. Writes nothing.
    """
    others = [one for one in policies if one.policy != version.policy]
    read = readings.read_versions([*others, _active(version)])
    place = next(i for i, one in enumerate(read) if one.version.key == version.key)
    facts, weighed = _weigh(tx, read, moments.now, watch=place)
    decided = np.isin(weighed.ruling, [RULINGS.index(one) for one in (Ruling.DATED, Ruling.KEEP)])
    hit = decided & (weighed.version == place)
    unsure = (weighed.ruling == RULINGS.index(Ruling.UNKNOWN)) & weighed.touched[place]
    return WouldHit(
        targets=tuple(
            Target(SpaceKey(int(key)), _due(int(weighed.due[key])))
            for key in np.flatnonzero(hit & facts.exists)
        ),
        unknown=int(np.count_nonzero(unsure & facts.exists)),
    )


def weigh_each(
    tx: UnitOfWork, lists: Sequence[Sequence[PolicyVersion]], moments: Moments, *,
    watch: PolicyVersionKey,
) -> tuple[Facts, tuple[tuple[tuple[readings.Reading, ...], Weighed], ...]]:  # fmt: skip
    """All spaces by each of several lists of policies, on the same facts. Writes nothing.

    Args:
        watch: a version whose possible matches are wanted in `touched`, wherever it takes part.
    """
    read = [readings.read_versions(one) for one in lists]
    every = [one for some in read for one in some]
    facts, sets = asked(tx, every, Moments(now=moments.now))
    return facts, tuple(
        (
            some,
            weighing.weigh(
                facts, some, sets,
                watch=next((i for i, one in enumerate(some) if one.version.key == watch), None),
            ),
        )
        for some in read
    )  # fmt: skip


def would_end(tx: UnitOfWork, policies: Sequence[PolicyVersion], moments: Moments) -> WouldEnd:
    """Which spaces have a date by `moments.now`, which may lie ahead, by which version. Where it
    does, `moments.read` is the real now. Writes nothing; see `decide` for `policies`."""
    read = readings.read_versions(policies)
    facts, weighed = _weigh(tx, read, moments.now, asked_at=moments.read)
    at = to_ms(moments.now)
    is_dated = (weighed.ruling == RULINGS.index(Ruling.DATED)) & (weighed.due <= at) & facts.exists
    unknown = (weighed.ruling == RULINGS.index(Ruling.UNKNOWN)) & facts.exists
    return WouldEnd(
        dated=tuple(
            Dated(
                SpaceKey(int(key)), from_ms(int(weighed.due[key])),
                read[int(weighed.version[key])].version.key,
            )
            for key in np.flatnonzero(is_dated)
        ),
        unknown=int(np.count_nonzero(unknown)),
    )  # fmt: skip


def explain(
    tx: UnitOfWork, key: SpaceKey, policies: Sequence[PolicyVersion], moments: Moments,
    *, without_keep: bool = False, without_sooner: bool = False, zone: tzinfo = UTC,
) -> tracing.Trace:  # fmt: skip
    """Why and when `key` goes or stays, one line for each step of the order.

    Args:
        without_keep: as if nobody had kept it by hand.
        without_sooner: as if nobody had agreed that it goes sooner.
        zone: of whoever reads the sentences.

    Raises:
        LookupError: there is no such space.
    """
    read = readings.read_versions(policies)
    facts = _facts_of_one(tx, key, moments.now, read)
    if without_keep:
        facts = replace(facts, manual=None)
    if without_sooner:
        facts = replace(facts, sooner=None)
    there = Moments(now=moments.now)
    said = answers_of_one(tx.connection, readings.criteria(read), key, there)
    return tracing.trace(key, facts, read, said, zone=zone)


def protection(tx: UnitOfWork, key: SpaceKey, moments: Moments) -> Line | None:
    """What forbids anybody to end a space by hand at this moment: that it is not ours to touch,
    a hold, a floor, a keep, a policy that keeps; and whatever of it is not known. None where
    nothing does. A policy's date on which it would end the space itself forbids nothing.

    Raises:
        LookupError: there is no such space.
    """
    return next(iter(protections(tx, key, moments)), None)


def protections(tx: UnitOfWork, key: SpaceKey, moments: Moments) -> tuple[Line, ...]:
    """All of that, in the order of the decision. Raises LookupError."""
    read = [
        one for one in readings.read_versions(tx.policies.holding())
        if one.is_keep or one.version.is_floor
    ]  # fmt: skip
    facts = _facts_of_one(tx, key, moments.now, read)
    said = answers_of_one(tx.connection, readings.criteria(read), key, moments)
    firm = protecting.firm_dates(tx, [key]).get(key)
    return tuple(
        tracing.protections(
            facts, read, said, now=to_ms(moments.now),
            firm_until=None if firm is None else to_ms(firm),
        )
    )  # fmt: skip


def _due(ms: int) -> datetime | None:
    return None if ms == FOREVER else from_ms(ms)


def _active(version: PolicyVersion) -> PolicyVersion:
    return replace(version, state=PolicyState.ACTIVE)


def _weigh(
    tx: UnitOfWork, read: tuple[readings.Reading, ...], now: datetime, *,
    watch: int | None = None, asked_at: datetime | None = None,
) -> tuple[Facts, Weighed]:  # fmt: skip
    facts, sets = asked(tx, read, Moments(now=now, read=asked_at))
    return facts, weighing.weigh(facts, read, sets, watch=watch)


def asked(
    tx: UnitOfWork, read: Sequence[readings.Reading], moments: Moments
) -> tuple[Facts, dict[str, bitsets.Kleene]]:
    """The facts of every space, and what each distinct criterion says of it."""
    facts = evidence.arrays(_evidence(tx, moments.now, read))
    count, holds = facts.count, protecting.searches(tx, at=moments.now)
    over = protecting.ended_searches(tx, at=moments.now)
    of_holds = (one for hold in (*holds, *over) for one in hold.criteria)
    criteria = (*readings.criteria(read), *of_holds)
    sets = {
        key: bitsets.Kleene(bitsets.of_keys(one.true, count), bitsets.of_keys(one.unknown, count))
        for key, one in answers(tx.connection, criteria, moments).items()
    }
    alone = facts.not_before
    for one in over:
        if one.ends_at is not None:
            until = to_ms(one.ends_at + LEFT_ALONE)
            found = _searched([one], sets, count)
            alone = np.where(found, np.maximum(alone, until), alone)
    held = facts.held | _searched(holds, sets, count)
    return replace(facts, held=held, not_before=alone), sets


def _searched(
    holds: Sequence[protecting.Asked], sets: Mapping[str, bitsets.Kleene], count: int
) -> bitsets.Flags:
    """What the holds' searches find, or may find: what is not known, holds."""
    held = np.zeros(count, dtype=np.bool_)
    for one in holds:
        if one.query is None:
            return np.ones(count, dtype=np.bool_)
        found = bitsets.combine(one.query.tree, sets, count)
        held |= bitsets.unpack(found.true, count) | bitsets.unpack(found.unknown, count)
    return held


def _facts_of_one(
    tx: UnitOfWork, key: SpaceKey, now: datetime, read: Sequence[readings.Reading]
) -> evidence.One:
    facts = evidence.one(_evidence(tx, now, read, only=key))
    if not facts.is_held and protecting.may_be_found(tx, key, at=now):
        facts = replace(facts, is_held=True)
    if alone := protecting.may_be_left_alone(tx, [key], at=now).get(key):
        facts = replace(facts, not_before=max(to_ms(alone), facts.not_before or 0))
    return facts


def _evidence(
    tx: UnitOfWork, now: datetime, read: Sequence[readings.Reading], *,
    only: SpaceKey | None = None,
) -> Evidence:  # fmt: skip
    """The facts of all spaces, or of `only` one."""
    asked, values = statements(of_one=only is not None), given(now, only)

    def pairs(statement: Any) -> tuple[Numbers, Numbers]:
        keys, moments = columns(tx.connection, statement, values)
        return keys, moments

    key, kind, activity, created, flags = columns(tx.connection, asked.spaces, values)
    (held,) = columns(tx.connection, asked.held, values)
    agreed, after, beside = columns(tx.connection, asked.sooner, values)
    return Evidence(
        key=key, type=kind, activity=activity, created=created, flags=flags, held=held,
        persons_held=bool(tx.connection.execute(asked.persons_held, values).scalar()),
        manual=pairs(asked.keeps), sooner=(agreed, after), sooner_by=(agreed, beside),
        not_before=pairs(asked.alone),
        counted={one: _counted(tx, one, key, values) for one in readings.counted_from(read)},
        purged=pairs(asked.purged),
    )  # fmt: skip


def _counted(
    tx: UnitOfWork, counting: Counting, keys: Numbers, values: Mapping[str, Any]
) -> tuple[Numbers, Numbers]:
    """Which spaces have the moment that `counting` names, and when that is."""
    if counting.basis is Basis.DAY:
        day = MISSING if counting.day is None else to_ms(counting.day)
        return keys, np.full(len(keys), day, dtype=np.int64)
    of_one = values[ONLY] is not None
    found = moments_from(counting.basis, counting.of, of_one=of_one)
    keys, moments = columns(tx.connection, found, values)
    return keys, moments


def _write(
    tx: UnitOfWork, keys: Any, weighed: Weighed, read: tuple[readings.Reading, ...],
    now: datetime, generation: int,
) -> int:  # fmt: skip
    """Writes what differs; `at` moves only where the ruling itself changed."""
    versions = np.array([*(int(one.version.key) for one in read), MISSING], dtype=np.int64)
    new = np.stack(
        [
            weighed.ruling[keys].astype(np.int64),
            np.where(weighed.due[keys] == FOREVER, MISSING, weighed.due[keys]),
            versions[weighed.version[keys]],
        ]
    )
    old_keys, *old_columns = columns(tx.connection, _OLD)
    old = np.full((3, int(keys.max()) + 1 if len(keys) else 1), MISSING, dtype=np.int64)
    old[:, old_keys] = np.stack(old_columns)
    differs = np.flatnonzero((new != old[:, keys]).any(axis=0))
    statement = text(_UPSERT_POSTGRES if tx.is_postgres else _UPSERT_SQLITE)
    at = to_ms(now)
    for start in range(0, len(differs), _A_WRITE):
        part = differs[start : start + _A_WRITE]
        rows = [keys[part].tolist(), *(_nulls(new[place][part]) for place in range(3))]
        if tx.is_postgres:
            named = dict(zip(("space", "ruling", "due", "version"), rows, strict=True))
            tx.connection.execute(statement, {**named, "generation": generation, "at": at})
        else:
            tx.connection.exec_driver_sql(
                _UPSERT_SQLITE, [(*row, generation, at) for row in zip(*rows, strict=True)]
            )
    return len(differs)


def _nulls(values: Numbers) -> list[int | None]:
    return [None if value == MISSING else value for value in values.tolist()]


_OLD = asking(
    [decision.c.space_id, decision.c.ruling, decision.c.due, decision.c.version_id], decision
)
_ON_CONFLICT = """
ON CONFLICT (space_id) DO UPDATE SET
    at = CASE WHEN decision.ruling = excluded.ruling THEN decision.at ELSE excluded.at END,
    ruling = excluded.ruling, due = excluded.due, version_id = excluded.version_id,
    generation = excluded.generation
"""
_INTO = "INSERT INTO decision (space_id, ruling, due, version_id, generation, at)"
_UPSERT_SQLITE = f"{_INTO} VALUES (?, ?, ?, ?, ?, ?) {_ON_CONFLICT}"
_ARRAYS = """
SELECT *, :generation, :at FROM unnest(
    CAST(:space AS bigint[]), CAST(:ruling AS smallint[]), CAST(:due AS bigint[]),
    CAST(:version AS bigint[])
)"""
_UPSERT_POSTGRES = f"{_INTO} {_ARRAYS} {_ON_CONFLICT}"
