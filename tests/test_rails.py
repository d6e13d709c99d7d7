"""The list of rails in the docs is the one that the tests run."""

from __future__ import annotations

from pathlib import Path

from tests.rails import INCIDENTS, PAGE, TABLES, mutants_of, page


def test_the_list_is_what_the_tests_run() -> None:
    assert PAGE.read_text() == page(), "write it anew: python -m tests.rails"


def test_every_table_of_mutants_is_in_the_list() -> None:
    tests = Path(__file__).parent
    found = {
        ".".join(("tests", *one.relative_to(tests).with_suffix("").parts))
        for one in tests.rglob("test_*_mutants.py")
    }
    by_walks = {"tests.retention.test_walks_mutants"}  # what walks find stands in docs/proof.md
    assert found - by_walks == set(TABLES.values())


def test_no_rail_is_named_twice_in_a_table_and_each_incident_is_replayed() -> None:
    for module in TABLES.values():
        rails = [one.rail for one in mutants_of(module)]
        assert sorted(set(rails)) == sorted(rails)
    assert all(replays for _, _, replays in INCIDENTS)
