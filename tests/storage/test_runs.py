"""Runs as they are kept: each is begun once."""

from __future__ import annotations

from storage.store import Store


def test_a_run_is_begun_once(store: Store) -> None:
    with store.begin() as tx:
        assert tx.runs.start("nightly 1", "nightly", tx.now)
        assert not tx.runs.start("nightly 1", "nightly", tx.now)
        assert tx.runs.start("nightly 2", "nightly", tx.now)
