"""The judge of the walks is proved itself: with a rail taken out, walks find the break.

A mutant is the product with one rail patched away. `seed` is where a walk is known to come
across it; the search goes on from there, so that a change of what walks do only makes it longer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from domain.verdicts import yes
from retention import agreeing, nightly, proving
from spaces.effects import kernel
from storage.presses import Presses
from storage.protections import Protections
from storage.settings import Settings
from tests.beginnings import Beginnings
from tests.judging import judge

MOST = 12
STEPS = 50
Patch = pytest.MonkeyPatch


@dataclass(frozen=True, kw_only=True)
class Mutant:
    rail: str
    breaks: str
    """What the judge has to say of it."""
    take_out: Callable[[Patch], None]
    seed: int = 0


def swap(where: object, name: str, what: object) -> Callable[[Patch], None]:
    return lambda patch: patch.setattr(where, name, what)


def nothing(*given: object, **more: object) -> None:
    """What is left of a rail that was taken out."""


def _on_nothing(self: Protections, name: str, of: Any = Protections.place_hold, **said: Any) -> Any:
    return of(self, name, reason=said["reason"], by=said["by"])


def _for_anybody(self: Presses, token: str, of: Any = Presses.find) -> Any:
    found = of(self, token)
    return None if found is None else replace(found, only_for=None)


def both(*rails: Callable[[Patch], None]) -> Callable[[Patch], None]:
    """Where one rail stands behind another, what is judged is only seen without either."""

    def take_out(patch: Patch) -> None:
        for one in rails:
            one(patch)

    return take_out


MUTANTS = (
    Mutant(
        rail="holds", breaks="though it is held", seed=10,
        take_out=swap(Protections, "place_hold", _on_nothing),
    ),
    Mutant(rail="the pause", breaks="I15:", seed=1, take_out=swap(Settings, "pause", nothing)),
    Mutant(
        rail="the author can't agree", breaks="I18:",
        take_out=swap(agreeing, "_may_approve", lambda *given: yes("all may")),
    ),
    Mutant(
        rail="new owners are told", breaks="I2", seed=5,
        take_out=swap(proving, "_other_owners", nothing),
    ),
    Mutant(
        rail="keeps", breaks="kept", seed=1,
        take_out=both(*(swap(Protections, one, nothing) for one in ("keep", "leave_alone"))),
    ),
    Mutant(
        rail="clocks, and what makes up for a gap", breaks="I16:", seed=24,
        take_out=both(
            swap(nightly, "out_of_reach", lambda night: ""),
            swap(nightly, "make_up_for_outage", lambda night: 0),
        ),
    ),
    Mutant(rail="caps", breaks="I6:", seed=3, take_out=swap(kernel, "check_caps", nothing)),
    Mutant(
        rail="a button is for its person", breaks="I12:", seed=1,
        take_out=swap(Presses, "find", _for_anybody),
    ),
)  # fmt: skip
"""Those that walks were seen to find. That a rail is not here says nothing against it."""


@pytest.fixture(scope="module")
def unbroken() -> Iterator[Beginnings]:
    made = Beginnings()
    made.make_all()
    yield made
    made.close()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.rail)
def test_walks_find_what_a_missing_rail_breaks(
    unbroken: Beginnings, mutant: Mutant, monkeypatch: Patch
) -> None:
    mutant.take_out(monkeypatch)
    said: list[str] = []
    for seed in range(mutant.seed, mutant.seed + MOST):
        with unbroken.walk(seed) as walk:
            walk.go(STEPS)
            found = judge(walk).broken
        if any(mutant.breaks in one for one in found):
            return
        said += found
    pytest.fail(f"{MOST} walks went by, and nobody missed it; seen was: {said[:5]}")
