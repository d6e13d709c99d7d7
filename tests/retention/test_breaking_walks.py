"""Walks through everything that can happen, in orders that nobody thought of.

Over a wire a few; without one (`tests.wires`) many programs of fifty steps each.
`python -m tests.long walks` takes more.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import pytest

from sandbox.handle import Handle
from tests.beginnings import Beginnings
from tests.judging import judge
from tests.nights import World
from tests.walks import WIDE, Walk, furnish, over_tls, steps

WALKS = int(os.environ.get("SPACEKEEPER_WALKS", "100"))
WIDER = WALKS // 8
"""So many of the kind that purges messages, lets spaces go sooner and tells alerts."""
FIRST = int(os.environ.get("SPACEKEEPER_FIRST_WALK", "0"))
AT_ONCE = 4
STEPS = 50
THEIRS = ("I1 messages purged", "I2 warnings before purges", "I5 digests of alerts")
HEART = ("I1 effects that take away", "I2 deletions", "I5 warnings", "I12 presses")


@pytest.fixture(scope="session")
def beginnings() -> Iterator[Beginnings]:
    made = Beginnings()
    yield made
    made.close()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("first", range(FIRST, FIRST + WALKS, AT_ONCE))
def test_on_no_walk_an_invariant_breaks(beginnings: Beginnings, first: int) -> None:
    for seed in range(first, first + AT_ONCE):
        _goes_well(beginnings, seed)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("first", range(WIDE + FIRST, WIDE + FIRST + WIDER, AT_ONCE))
def test_on_no_wider_walk_an_invariant_breaks(beginnings: Beginnings, first: int) -> None:
    for seed in range(first, first + AT_ONCE):
        _goes_well(beginnings, seed)


def _goes_well(beginnings: Beginnings, seed: int) -> None:
    with beginnings.walk(seed) as walk:
        walk.go(STEPS)
        found = judge(walk)
    assert found.broken == [], "\n".join([f"walk {seed}", *found.broken, *walk.story])
    assert walk.taken.total() == STEPS


def test_walks_come_to_the_heart_of_it(beginnings: Beginnings) -> None:
    """What never happens proves nothing; how often the rest does, docs/proof.md has."""
    met: Counter[str] = Counter()
    for seed in (2, 3, 7):
        with beginnings.walk(seed) as walk:
            walk.go(STEPS)
            met += judge(walk).met
    assert all(met[one] > 0 for one in HEART), met


def test_wider_walks_come_to_what_is_theirs(beginnings: Beginnings) -> None:
    met: Counter[str] = Counter()
    for seed in (WIDE + 1, WIDE + 3):
        with beginnings.walk(seed) as walk:
            walk.go(STEPS)
            met += judge(walk).met
    assert all(met[one] > 0 for one in THEIRS), met


@pytest.mark.parametrize("seed", range(4))
def test_on_no_walk_over_a_wire_an_invariant_breaks(
    world: World, sandbox: Handle, seed: int
) -> None:
    ground = furnish(world, sandbox, 2)
    walk = Walk(world, sandbox, seed, ground, over_tls(sandbox))
    walk.go(25)
    assert judge(walk).broken == [], "\n".join(walk.story)


def test_every_kind_of_step_is_declared_where_it_is_written() -> None:
    known = steps()
    assert len(known) >= 25
    assert all(weight > 0 for weight, _ in known.values())
