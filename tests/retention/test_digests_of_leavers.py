"""Whoever left a space learns nothing of it any more by a digest that they were sent (I13)."""

from __future__ import annotations

from domain.ids import CaseKey
from domain.lifecycle import CaseState
from retention.digests import rows_of, still_in
from tests.retention.stage import Stage


def test_a_digest_leaves_out_what_its_owner_is_not_in_any_more(stage: Stage) -> None:
    stage.policy()
    mine, left = stage.space(title="Mine"), stage.space(title="Left")
    keys: list[CaseKey] = [stage.case(one, CaseState.WARNED).key for one in (mine, left)]
    assert stage.ana.person is not None
    with stage.house.store.begin() as tx:
        assert still_in(tx, keys, stage.ana.person) == tuple(keys)
        tx.spaces.remove_member(left.key, stage.ana.person)
        tx.commit()
    with stage.house.store.read() as tx:
        there = still_in(tx, keys, stage.ana.person)
        assert [one.warned.space.title for one in rows_of(tx, there, stage.ana.person)] == ["Mine"]
