"""How a made-up company looks: sizes, ages, who sits where. Numbers only.

Decides the statistics of numbers.md: most group spaces of 2–8 people and a few of more than a
thousand, ages over three years, a third of all spaces direct, one person in twelve an
outsider. Names, ids and SQL belong to `tenants`. The same spec gives the same company, for one
version of numpy: its streams are stable but not promised for ever.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SIZE_BANDS: Final = (
    # share, from, to: sizes are log-uniform inside a band; the mean of all is about 14
    (0.856, 2, 8),
    (0.115, 9, 60),
    (0.026, 61, 400),
    (0.002, 401, 1_000),
    (0.001, 1_001, 3_000),
)
YEARS: Final = 3
CLASS_SHARES: Final = (0.18, 0.12, 0.38, 0.20, 0.09, 0.03)
"""No classification at all, then the five ranks from public to the strictest."""

SHARE_WITH_OUTSIDERS: Final = 0.25
SHARE_LOCKED: Final = 0.30
SHARE_IN_TEAMS: Final = 0.20
SPACES_PER_TEAM: Final = 40
SHARE_PUBLIC: Final = 0.02
SHARE_ANNOUNCEMENT: Final = 0.01
SHARE_FOREIGN_OWNED: Final = 0.02
SHARE_TALKATIVE: Final = 0.005
TALKATIVE_MESSAGES: Final = 25
TAG_COUNT: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A company as arrays. A person is a number: insiders first, then outsiders."""

    insiders: int
    outsiders: int
    outsider_domain: Ints
    """For each outsider the number of its domain."""
    domains: int
    groups: int
    group_members: tuple[Ints, ...]
    """For each AD group its insiders."""
    directs: int
    """The first spaces are direct, the others are groups."""
    starts: Ints
    members: Ints
    """Space `s` has `members[starts[s]:starts[s + 1]]`; the first of them created it."""
    created: Floats
    active: Floats
    """Seconds before now, for each space; `active <= created`."""
    rank: Ints
    """0 is unclassified, else rank + 1."""
    moderators: Ints
    """How many of the first members moderate; 0 means the space is not locked."""
    team: Ints
    """The team's number, or -1."""
    team_general: Ints
    """For each team the space that is its General."""
    public: Flags
    announcement: Flags
    foreign: Flags
    """Owned by the organisation of its first outsider."""
    messages: Ints
    """How many messages are laid down in each space; never 0."""

    @property
    def spaces(self) -> int:
        return len(self.starts) - 1

    def members_of(self, space: int) -> Ints:
        return self.members[self.starts[space] : self.starts[space + 1]]


def shape(
    *,
    people: int,
    spaces: int,
    groups: int,
    outsiders: int,
    domains: int,
    direct_share: float,
    seed: int,
) -> Shape:
    """Draw the company. Linear in memberships; a million take about a second."""
    rng = np.random.default_rng(seed)
    everyone = people + outsiders
    directs = min(round(spaces * direct_share), everyone * (everyone - 1) // 4)
    direct_members = _pairs(rng, everyone, directs)
    created = rng.random(spaces) ** 0.8 * YEARS * 365.25 * 86_400
    # Idle time leans to the recent end, with enough old spaces for every policy to find some.
    active = created * rng.random(spaces) ** 2.2
    plan = _plan_groups(rng, spaces - directs, people, outsiders)
    counts = np.concatenate([np.full(directs, 2), [len(m) for m in plan.members]]).astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    members = np.concatenate([direct_members, *plan.members]).astype(np.int64)
    group = np.arange(spaces) >= directs
    open_group = group & (np.concatenate([np.zeros(directs), plan.moderators]) == 0)
    external = np.add.reduceat(members >= people, starts[:-1]) > 0 if spaces else group
    talkative = rng.random(spaces) < SHARE_TALKATIVE
    return Shape(
        insiders=people,
        outsiders=outsiders,
        outsider_domain=_zipf(rng, domains, outsiders),
        domains=domains,
        groups=groups,
        group_members=_groups(rng, people, groups),
        directs=directs,
        starts=starts,
        members=members,
        created=created,
        active=active,
        rank=np.where(group, rng.choice(len(CLASS_SHARES), spaces, p=CLASS_SHARES), 0),
        moderators=np.concatenate([np.zeros(directs), plan.moderators]).astype(np.int64),
        team=np.concatenate([np.full(directs, -1), plan.team]).astype(np.int64),
        team_general=plan.general + directs,
        public=open_group & (rng.random(spaces) < SHARE_PUBLIC),
        announcement=group & ~open_group & (rng.random(spaces) < SHARE_ANNOUNCEMENT),
        foreign=group & external & (rng.random(spaces) < SHARE_FOREIGN_OWNED / 0.16),
        messages=np.where(talkative, TALKATIVE_MESSAGES, 1).astype(np.int64),
    )


def suggested_tags(spaces: int, seed: int) -> Iterator[tuple[int, ...]]:
    """For each space 0–4 numbers of tags, a few tags being everywhere (Zipf). Drawn lazily."""
    rng = np.random.default_rng([seed, 1])
    for first in range(0, spaces, 10_000):
        many = min(10_000, spaces - first)
        wanted = rng.integers(0, 5, many)
        drawn = _zipf(rng, TAG_COUNT, int(wanted.sum())).tolist()
        ends = itertools.accumulate(wanted.tolist())
        for count, end in zip(wanted.tolist(), ends, strict=True):
            yield tuple(dict.fromkeys(drawn[end - count : end]))


@dataclass(frozen=True, slots=True)
class _Groups:
    members: list[Ints]
    moderators: Ints
    team: Ints
    general: Ints


def _plan_groups(rng: np.random.Generator, count: int, people: int, outsiders: int) -> _Groups:
    teams = round(count * SHARE_IN_TEAMS) // SPACES_PER_TEAM or (1 if count >= 10 else 0)
    sizes = np.minimum(_sizes(rng, count), people)
    team = np.full(count, -1, dtype=np.int64)
    in_teams = min(count, max(teams * SPACES_PER_TEAM, round(count * SHARE_IN_TEAMS)))
    if teams:
        # Each General is bigger than the spaces of its team, whose people come from it.
        team[:in_teams] = np.arange(in_teams) % teams
        sizes[:teams] = np.minimum(people, sizes[:teams] * 3 + 6)
    with_outsiders = rng.random(count) < SHARE_WITH_OUTSIDERS
    members: list[Ints] = []
    for number, size in enumerate(sizes.tolist()):
        if teams <= number < in_teams:
            general = members[number % teams]
            members.append(rng.permutation(general)[: min(size, len(general))])
            continue
        drawn = _some(rng, people, size)
        if outsiders and with_outsiders[number]:
            guests = _some(rng, outsiders, 1 + size // 12) + people
            drawn = np.concatenate([drawn, guests])
        members.append(drawn)
    locked = (rng.random(count) < SHARE_LOCKED) & (team < 0)
    moderators = np.where(locked, 1 + (rng.random(count) < 0.4), 0)
    moderators[:teams] = 1
    insiders = np.array([int((m < people).sum()) for m in members], dtype=np.int64)
    return _Groups(members, np.minimum(moderators, insiders), team, np.arange(teams))


def _sizes(rng: np.random.Generator, count: int) -> Ints:
    shares = np.array([band[0] for band in SIZE_BANDS])
    band = rng.choice(len(SIZE_BANDS), count, p=shares / shares.sum())
    low = np.log([b[1] for b in SIZE_BANDS])[band]
    high = np.log([b[2] + 1 for b in SIZE_BANDS])[band]
    sizes: Ints = np.floor(np.exp(low + rng.random(count) * (high - low))).astype(np.int64)
    return sizes


def _some(rng: np.random.Generator, of: int, many: int) -> Ints:
    """`many` different numbers below `of`, in the order in which they were drawn."""
    if many * 3 >= of:
        return rng.permutation(of)[:many]
    drawn = rng.integers(0, of, many + many // 4 + 2)
    kept = np.fromiter(dict.fromkeys(drawn.tolist()), dtype=np.int64)
    return kept[:many]


def _pairs(rng: np.random.Generator, people: int, many: int) -> Ints:
    """`many` different pairs as one flat array: two people share one direct space at most."""
    codes = rng.choice(people * (people - 1) // 2, many, replace=False)
    larger = np.floor((1 + np.sqrt(1 + 8 * codes.astype(np.float64))) / 2).astype(np.int64)
    # The root of a large number may be off by one either way.
    larger += (larger + 1) * larger // 2 <= codes
    larger -= larger * (larger - 1) // 2 > codes
    smaller = codes - larger * (larger - 1) // 2
    swap = rng.random(many) < 0.5
    pairs = np.where(swap[:, None], np.stack([smaller, larger], 1), np.stack([larger, smaller], 1))
    return pairs.reshape(-1).astype(np.int64)


def _zipf(rng: np.random.Generator, of: int, many: int) -> Ints:
    if not many:
        return np.zeros(0, dtype=np.int64)
    weights = 1 / np.arange(1, of + 1)
    return rng.choice(of, many, p=weights / weights.sum()).astype(np.int64)


def _groups(rng: np.random.Generator, people: int, groups: int) -> tuple[Ints, ...]:
    each = rng.integers(1, min(5, groups) + 1, people)
    person = np.repeat(np.arange(people), each)
    drawn = rng.integers(0, groups, len(person))
    pairs = np.unique(drawn * people + person)
    return tuple(pairs[pairs // people == g] % people for g in range(groups))
