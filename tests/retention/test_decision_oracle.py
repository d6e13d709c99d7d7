"""The decision against a second one in plain Python: whole companies at a time, no difference.

One example is one set of policies and holds over a population of a hundred spaces. `python -m
tests.long oracle` asks the same of as many examples as one has time for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from query.answering import MISSING
from retention import evidence, weighing
from retention.readings import Reading
from storage.store import Store
from tests.retention import oracle
from tests.retention.companies import SPACES, hold_against
from tests.retention.oracle import FOREVER, NOW, Facts, Holds, Policy

EXAMPLES = 200
RULINGS = ("untouchable", "unknown", "held", "keep", "no policy", "dated")


@pytest.mark.parametrize("seed", range(10))
def test_sets_words_and_a_plain_oracle_agree(sqlite_store: Store, seed: int) -> None:
    counts = hold_against(sqlite_store, seed, EXAMPLES)
    assert counts["examples"] >= EXAMPLES
    assert counts["decisions"] >= EXAMPLES * SPACES
    # Every ruling is met often, and every way of asking: what never happens proves nothing.
    assert all(counts[one] > EXAMPLES * SPACES * 0.01 for one in RULINGS), counts
    assert all(counts[one] > EXAMPLES // 10 for one in ("explained", "simulated", "foreseen"))
    assert counts["worlds"] > EXAMPLES


@pytest.mark.parametrize("seed", [100, 101])
def test_both_databases_agree_with_it(store: Store, seed: int) -> None:
    assert hold_against(store, seed, 40)["decisions"] >= 40 * SPACES


@pytest.mark.parametrize(
    ("rail", "facts", "holds"),
    [
        ("a hold", Facts(is_held=True), Holds()),
        ("a hold on somebody who left", Facts(former=("a@x.example",)),
         Holds(persons=("a@x.example",))),
        ("a hold on a search", Facts(size=5), Holds(searches=("size:>=3",))),
        ("a hold on a search that can't rule it out", Facts(), Holds(searches=("size:>=3",))),
        ("a week after a hold", Facts(is_held=True), Holds(ends_at=NOW)),
        ("a keep by hand", Facts(manual=NOW + oracle.DAY), Holds()),
        ("not before", Facts(not_before=NOW + oracle.DAY), Holds()),
        ("the guard", Facts(is_general=True), Holds()),
        ("what is not known", Facts(is_ours=None), Holds()),
        ("its own word for direct conversations", Facts(type=2), Holds()),
    ],
)  # fmt: skip
def test_the_oracle_itself_has_each_rail(rail: str, facts: Facts, holds: Holds) -> None:
    facts.last_human = NOW - 400 * oracle.DAY
    bare = Facts(last_human=facts.last_human)
    policies = [Policy(number=1, when="all", ending="delete", days=365)]
    ruling, due, _ = oracle.rule(bare, policies, Holds())
    assert ruling == "dated", rail
    assert due is not None
    assert due < NOW
    ruling, due, _ = oracle.rule(facts, policies, holds)
    assert ruling != "dated" or (due or FOREVER) > NOW, rail


def _same_date_last_one(best: Any, version: Any, where: Any, due: Any, place: int) -> None:
    dates = due if isinstance(due, np.ndarray) else np.full(len(where), due, dtype=np.int64)
    later = dates >= best[where]
    best[where[later]] = dates[later]
    version[where[later]] = place


def _nothing_left_alone(found: Any, of: Any = evidence.arrays) -> Any:
    facts = of(found)
    return replace(facts, not_before=np.full(facts.count, MISSING, dtype=np.int64))


def _all_is_known(self: Any, found: Any, of: Any = weighing._Matches._flags) -> Any:
    true, unknown = of(self, found)
    return true, np.zeros_like(unknown)


@pytest.mark.parametrize(
    ("rail", "where", "name", "what"),
    [
        ("at the same date the mildest", weighing, "_improve", _same_date_last_one),
        ("not before", evidence, "arrays", _nothing_left_alone),
        ("unknown is not false", weighing._Matches, "_flags", _all_is_known),
        ("no period means keep", Reading, "span", property(lambda one: _days(one) or 0)),
        ("direct by its own word", Reading, "is_for_direct", property(lambda one: True)),
        ("a floor", weighing, "_floors", lambda facts, *given, **more: _no_floor(facts)),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_the_comparison_finds_each_rail_that_is_taken_out(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, rail: str, where: Any, name: str,
    what: Any,
) -> None:  # fmt: skip
    monkeypatch.setattr(where, name, what)
    with pytest.raises((AssertionError, BaseExceptionGroup)) as found:
        hold_against(sqlite_store, 1, 150, shrinks=False)
    if isinstance(found.value, BaseExceptionGroup):  # several differences, and nothing else
        assert found.value.split(AssertionError)[1] is None


def _days(one: Reading) -> int | None:
    period = one.version.period
    return None if period is None else round(period.total_seconds() * 1000)


def _no_floor(facts: Any) -> Any:
    none = np.full(facts.count, weighing.NEVER_YET, dtype=np.int64)
    return weighing._Floor(none, np.full(facts.count, -1, dtype=np.int32), none.copy())
