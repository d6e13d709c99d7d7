"""What stands in the way is the same asked of one space as of many at once."""

from __future__ import annotations

from datetime import timedelta

from domain.erasures import Obstacle
from domain.ids import PersonKey, SpaceKey, TagKey
from domain.policies import Ending, PolicyDraft, PolicyState
from domain.spaces import SpaceType
from retention.erasing.standing import standing, standings
from tests.retention.stage import DAY, Stage
from tests.tenants import NOW


def test_each_obstacle_is_found_of_one_and_of_many_alike(stage: Stage) -> None:
    house = stage.house
    spaces = {
        "free": stage.space(), "held": stage.space(), "tagged": stage.space(tags=("finance",)),
        "of the search": stage.space(title="Litigation"), "kept": stage.space(),
        "kept by compliance": stage.space(), "locked": stage.space(tags=("books",)),
        "kept by policy": stage.space(tags=("archive",)), "foreign": stage.space(is_ours=False),
        "foreign direct": stage.space(is_ours=False, type=int(SpaceType.DIRECT)),
        "unknown": stage.space(is_ours=None), "unseated": stage.space(members_known=False),
        "general": stage.space(is_general=True), "never": stage.space(is_untouchable=True),
        "gone": stage.space(state=1), "left alone": stage.space(),
    }  # fmt: skip
    keys = {name: SpaceKey(one.key) for name, one in spaces.items()}
    stage.policy(query="tag:books", is_floor=True, period=timedelta(days=4000))
    with house.store.begin() as tx:
        draft = PolicyDraft(query="tag:archive", ending=Ending.KEEP, period=None)
        kept = tx.policies.new("archive", draft, author=None)
        tx.policies.set_state(kept.policy, PolicyState.ACTIVE, was=PolicyState.SIMULATION)
        tag = tx.tags.key_of("finance")
        assert tag is not None
        tx.protections.place_hold(
            "one", reason="", by=None, spaces=[keys["held"]], tags=[TagKey(tag)]
        )
        tx.protections.keep(keys["kept"], until=None, by=None)
        tx.protections.keep(keys["kept by compliance"], until=None, by=None, by_compliance=True)
        tx.protections.leave_alone([keys["left alone"]], until=NOW + 9 * DAY, reason="released")
        tx.commit()
    with house.store.read() as tx:
        many = standings(tx, keys.values())
        single = {key: standing(tx, one) for key, one in tx.spaces.by_keys(keys.values()).items()}
    assert {name: many[key] for name, key in keys.items()} == {
        name: single[key] for name, key in keys.items()
    }
    assert {name: many[key].obstacle for name, key in keys.items()} == {
        "free": Obstacle.NONE, "held": Obstacle.HOLD, "tagged": Obstacle.HOLD,
        "of the search": Obstacle.NONE, "kept": Obstacle.NONE,
        "kept by compliance": Obstacle.KEPT, "locked": Obstacle.FLOOR,
        "kept by policy": Obstacle.POLICY, "foreign": Obstacle.FOREIGN,
        "foreign direct": Obstacle.NONE, "unknown": Obstacle.UNKNOWN,
        "unseated": Obstacle.NONE, "general": Obstacle.NONE, "never": Obstacle.OURS,
        "gone": Obstacle.GONE, "left alone": Obstacle.ALONE,
    }  # fmt: skip
    with house.store.begin() as tx:
        assert stage.ana.person is not None
        tx.protections.place_hold("two", reason="", by=None, people=[PersonKey(stage.ana.person)])
        tx.commit()
    with house.store.read() as tx:
        many = standings(tx, keys.values())
        single = {key: standing(tx, one) for key, one in tx.spaces.by_keys(keys.values()).items()}
    assert many == single
    assert many[keys["free"]].obstacle is Obstacle.HOLD
