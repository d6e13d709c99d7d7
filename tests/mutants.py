"""Mutants: the product with one rail taken out, whose scenario must then fail.

A rail that can be taken out without a test turning red is no rail. Each file of mutants has a
table `MUTANTS`, and its test hands the scenario what it asks for; `tests/rails.py` makes the
list in docs/rails.md from these tables.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

Patch = pytest.MonkeyPatch
TakeOut = Callable[[Patch], None]


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A rail, the way to take it out, and the scenario that must then fail.

    Args:
        given: what the scenario is given besides fixtures, such as a parameter.
    """

    rail: str
    take_out: TakeOut
    scenario: Callable[..., None]
    given: Mapping[str, Any]

    def __str__(self) -> str:
        return self.rail.replace(" ", "-")


def without(rail: str, take_out: TakeOut, scenario: Callable[..., None], **given: object) -> Mutant:
    return Mutant(rail=rail, take_out=take_out, scenario=scenario, given=given)


def nothing(*given: object, **more: object) -> None:
    """What is left of a rail that was taken out."""


def silent(*given: object, **more: object) -> str:
    """What is left of a rail that says why not."""
    return ""


def swap(where: object, name: str, what: object = nothing) -> TakeOut:
    return lambda patch: patch.setattr(where, name, what)


def all_of(*each: TakeOut) -> TakeOut:
    def take_out(patch: Patch) -> None:
        for one in each:
            one(patch)

    return take_out


def is_missed(mutant: Mutant, patch: Patch, **there: object) -> None:
    """Takes the rail out; its scenario has to fail by what it asserts, not by being called wrong.

    Args:
        there: the fixtures that a scenario may ask for.
    """
    known = there | mutant.given
    wanted = inspect.signature(mutant.scenario).parameters
    assert wanted.keys() <= known.keys(), f"its scenario also asks for {wanted.keys() - known}"
    mutant.take_out(patch)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        mutant.scenario(**{name: known[name] for name in wanted})
