"""Who becomes an owner while a block is on its way: found by a walk, and told all the same."""

from __future__ import annotations

import pytest

from domain.lifecycle import CaseState
from domain.people import SYSTEM
from sandbox.handle import Handle
from spaces.blocking import Because, NotBlocked, block, unblock
from tests.breaking import SHORT, People, warnings_of
from tests.nights import DAY, World


def test_who_moderates_since_a_block_waited_for_a_cap_is_an_owner(
    world: World, sandbox: Handle
) -> None:
    world = world.with_limits(cap_per_day=1)
    rooms = [world.space(f"Old plans {n:02}") for n in range(2)]
    world.crawl()
    world.policy(**SHORT)
    world.night()
    world.nights(3)  # both were due to be blocked, and one had to wait
    states = [case.state for room in rooms if (case := world.case(room)) is not None]
    assert sorted(states) == [CaseState.BLOCKED, CaseState.WARNED]
    waiting = rooms[states.index(CaseState.WARNED)]
    People(world, sandbox).moderate(waiting, "ben@example.com")
    world.pass_(DAY)
    world.night()
    case = world.case(waiting)
    assert case is not None
    assert case.why == "Ben Okafor owns it now, and was not told"
    world.nights(3)
    assert warnings_of(world, str(waiting["title"]), "ben@example.com") != []
    assert waiting["id"] not in {one["target"] for one in world.control.effects("room.deleted")}


def test_who_was_made_a_moderator_before_a_second_try_gets_it_back(
    world: World, sandbox: Handle
) -> None:
    room = world.space("Old plans")
    world.crawl()
    with world.house.store.read() as tx:
        space = tx.spaces.by_key(world.key(room))
    world.control.fault("status", status=403, method="POST", path="/memberships")
    with pytest.raises(NotBlocked):
        block(world.house, SYSTEM, space, step="first", because=_now(world))
    People(world, sandbox).moderate(room, "ben@example.com")
    block(world.house, SYSTEM, space, step="second", because=_now(world))
    unblock(world.house, SYSTEM, space, step="back")
    moderators = {
        one["personEmail"]
        for one in world.control.room(room["id"])["members"] if one["isModerator"]
    }  # fmt: skip
    assert moderators == {"ana@example.com", "ben@example.com"}


def _now(world: World) -> Because:
    return Because(evidence_at=world.now())
