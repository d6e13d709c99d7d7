"""Walks through everything that can happen, in orders that nobody thought of."""

from __future__ import annotations

import os

import pytest

from sandbox.handle import Handle
from tests.judging import judge
from tests.nights import World
from tests.walks import Walk

WALKS = int(os.environ.get("SPACEKEEPER_WALKS", "12"))
FIRST = int(os.environ.get("SPACEKEEPER_FIRST_WALK", "0"))
STEPS = 25


@pytest.mark.parametrize("seed", range(FIRST, FIRST + WALKS))
def test_on_no_walk_an_invariant_breaks(world: World, sandbox: Handle, seed: int) -> None:
    walk = Walk(world, sandbox, seed)
    walk.go(STEPS)
    broken = judge(walk)
    assert broken == [], "\n".join(walk.story)
