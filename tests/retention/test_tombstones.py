"""What a policy deleted can be made anew for a month, too."""

from __future__ import annotations

from domain.lifecycle import CaseState
from tests.nights import DAY, World


def test_what_it_was_is_kept_as_it_was_before_it_was_blocked(world: World) -> None:
    room = world.space(members=["ben@example.com"], moderators=["ana@example.com"])
    world.crawl()
    world.policy(notices=(3, 1), grace=2 * DAY)
    world.night()
    world.until(CaseState.GONE, room, most=12)
    with world.house.store.read() as tx:
        stone = tx.tombstones.of_space(world.key(room))
        assert stone is not None
        assert [one.key for one in tx.tombstones.restorable()] == [stone.key]
    members = stone.was["members"]
    assert isinstance(members, list)
    assert {one["email"]: one["moderator"] for one in members} == {
        "ana@example.com": True, "ben@example.com": False,
    }  # fmt: skip
    assert (stone.was["title"], stone.was["is_announcement_only"]) == ("Old plans", False)
    assert any("can be restored until" in text for text in world.told("ana@example.com"))
