"""Requests to delete and tombstones, on both databases: one open a space, moves that one makes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from domain.endings import Request, RequestState, Way
from domain.ids import PersonKey, SpaceKey
from storage.schema import from_ms, to_ms
from storage.store import Store, UnitOfWork
from tests.tenants import Tenant

HOUR = timedelta(hours=1)


@pytest.fixture
def space(store: Store) -> SpaceKey:
    with store.begin() as tx:
        tenant = Tenant(tx)
        key = SpaceKey(tenant.space(members=("ana@example.com", "ben@example.com")))
        tx.commit()
    return key


def at(tx: UnitOfWork, span: timedelta = timedelta()) -> datetime:
    """As the database keeps it, in whole milliseconds."""
    return from_ms(to_ms(tx.now + span))


def ana(tx: UnitOfWork, name: str = "ana") -> PersonKey:
    found = tx.people.by_email(f"{name}@example.com")
    assert found is not None
    return found.key


def shown(tx: UnitOfWork, space: SpaceKey, name: str = "ana") -> Request:
    return tx.deletions.show(
        space, ana(tx, name), by_compliance=False, way=Way.DELETE, seen="x", seen_human=tx.now,
        salt="s",
    )  # fmt: skip


def test_what_is_shown_anew_takes_the_place_of_what_was(store: Store, space: SpaceKey) -> None:
    with store.begin() as tx:
        shown(tx, space)
        second = shown(tx, space)
        other = shown(tx, space, "ben")
        assert tx.deletions.shown_to(ana(tx), space, since=tx.now - HOUR) == second
        assert tx.deletions.shown_to(ana(tx, "ben"), space, since=tx.now - HOUR) == other
        assert tx.deletions.shown_to(ana(tx), space, since=tx.now + HOUR) is None
        assert tx.deletions.open() == ()
        assert tx.deletions.sweep(before=tx.now + HOUR) == 2


def test_a_move_is_made_once_and_an_end_is_an_end(store: Store, space: SpaceKey) -> None:
    with store.begin() as tx:
        made = shown(tx, space)
        assert tx.deletions.move(made, RequestState.BEGUN, why="asked", asked_at=tx.now)
        assert not tx.deletions.move(made, RequestState.BEGUN, why="asked again")
        begun = tx.deletions.get(made.key)
        assert tx.deletions.open_of(space) == begun == tx.deletions.last_of(space)
        assert tx.deletions.move(begun, RequestState.ENDED, why="taken back")
        ended = tx.deletions.get(made.key)
        assert ended.ended_at == at(tx)
        assert not tx.deletions.move(ended, RequestState.COOLING, why="no way back")
        assert tx.deletions.open_of(space) is None


def test_a_space_has_one_open_request(store: Store, space: SpaceKey) -> None:
    with store.begin() as tx:
        one, two = shown(tx, space), shown(tx, space, "ben")
        assert tx.deletions.move(one, RequestState.BEGUN, why="asked")
        with pytest.raises(IntegrityError):
            tx.deletions.move(two, RequestState.BEGUN, why="asked")


def test_time_is_given_to_those_who_can_still_say_no(store: Store, space: SpaceKey) -> None:
    with store.begin() as tx:
        made = shown(tx, space)
        tx.deletions.move(made, RequestState.COOLING, why="blocked")
        cooling = tx.deletions.get(made.key)
        tx.deletions.tell(cooling, [ana(tx, "ben")], due=tx.now + HOUR)
        assert tx.deletions.extend(3 * HOUR) == 1
        now = tx.deletions.get(made.key)
        assert (now.due, now.told) == (at(tx, 4 * HOUR), (ana(tx, "ben"),))
        tx.deletions.move(now, RequestState.DELETING, why="due")
        assert tx.deletions.extend(HOUR) == 0
        assert tx.deletions.exported(now, "/there")
        assert tx.deletions.get(made.key).export == "/there"


def test_a_block_stands_while_a_request_does(store: Store, space: SpaceKey) -> None:
    with store.begin() as tx:
        made = shown(tx, space)
        tx.deletions.move(made, RequestState.COOLING, why="blocked")
        tx.blocks.add(space, {"is_locked": False}, request=made.key)
        tx.blocks.add(space, {"is_locked": True}, by=ana(tx), by_compliance=True)
        block = tx.blocks.of(space)
        assert block is not None
        assert block.was == {"is_locked": False}
        assert (block.request, block.by, block.by_compliance) == (made.key, ana(tx), True)
        assert tx.blocks.left_by_requests() == ()
        tx.deletions.move(tx.deletions.get(made.key), RequestState.ENDED, why="off")
        assert tx.blocks.left_by_requests() == (made.key,)
        tx.blocks.let_go(space, request=True)
        block = tx.blocks.of(space)
        assert block is not None
        assert (block.request, block.by) == (None, ana(tx))


def test_a_tombstone_counts_once_it_came_true_and_until_its_day(
    store: Store, space: SpaceKey
) -> None:
    with store.begin() as tx:
        made = shown(tx, space)
        stone = tx.tombstones.lay(space, {"title": "a"}, until=tx.now + HOUR, request=made.key)
        again = tx.tombstones.lay(space, {"title": "b"}, until=tx.now + HOUR, request=made.key)
        assert again.key == stone.key
        assert tx.tombstones.restorable() == ()
        true = tx.tombstones.came_true(request=made.key, until=tx.now + 2 * HOUR)
        assert true is not None
        assert (true.was["title"], true.until) == ("b", at(tx, 2 * HOUR))
        assert tx.tombstones.restorable() == (true,) == (tx.tombstones.of_space(space),)
        tx.tombstones.restored(true.key, "room", ana(tx))
        assert tx.tombstones.restorable() == ()
        assert tx.tombstones.sweep(before=tx.now) == 0
        assert tx.tombstones.sweep(before=tx.now + 3 * HOUR) == 1


def test_a_firm_rest_is_kept_beside_a_longer_one(store: Store, space: SpaceKey) -> None:
    with store.begin() as tx:
        tx.protections.leave_alone([space], until=tx.now + 9 * HOUR, reason="kept", is_firm=False)
        assert tx.protections.firmly_until(space) is None
        tx.protections.leave_alone([space], until=tx.now + 3 * HOUR, reason="a hold ended")
        assert tx.protections.not_before(space) == (at(tx, 9 * HOUR), "kept")
        assert tx.protections.firmly_until(space) == at(tx, 3 * HOUR)
        tx.protections.leave_alone([space], until=tx.now + HOUR, reason="another hold ended")
        assert tx.protections.firmly_until(space) == at(tx, 3 * HOUR)
