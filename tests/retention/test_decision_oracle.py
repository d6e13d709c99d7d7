"""The decision against a second one in plain Python: whole companies at a time, no difference.

One example is one set of policies and holds over a population of a hundred spaces. `python -m
tests.long oracle` asks the same of as many examples as one has time for.
"""

from __future__ import annotations

import pytest

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
    assert all(counts[one] > EXAMPLES * SPACES * 0.02 for one in RULINGS), counts
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
