"""A night's process is killed; the next one settles what it left, judged by the server's log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from domain.lifecycle import CaseState
from domain.policies import Basis, Ending
from jobs.voice import night_of
from retention.nightly import recover
from spaces.sync.events import poll
from tests.chats import eventually
from tests.children import Child, start_child
from tests.nights import DAY, World, settings_of

SHORT: dict[str, Any] = {"notices": (3, 1), "grace": 2 * DAY}


@pytest.fixture
def children() -> Iterator[list[Child]]:
    started: list[Child] = []
    yield started
    for one in started:
        one.kill()


def kill_in(
    world: World,
    children: list[Child],
    *,
    method: str,
    path: str,
    kind: str,
    contains: str = "",
    skip: int = 0,
) -> None:
    """A night in a process of its own, that is killed while a request of it hangs."""
    fault = world.control.fault(
        kind, method=method, path=path, seconds=60.0, contains=contains, count=1, skip=skip
    )
    child = start_child(settings_of(world), "job", "nightly")
    children.append(child)
    eventually(
        lambda: world.control.fired(fault) or not child.is_alive, "the request was never made"
    )
    assert child.is_alive, child.log()
    child.kill()
    world.control.clear_faults()
    with world.house.store.begin() as tx:  # as when the leases of the dead have run out
        tx.connection.exec_driver_sql("DELETE FROM lease")
        tx.commit()


def ready_to_go(world: World) -> dict[str, Any]:
    """A blocked space whose grace is over."""
    room = world.space()
    world.crawl()
    world.policy(**SHORT)
    world.night()
    world.until(CaseState.BLOCKED, room, most=8)
    world.pass_(DAY)
    world.night()
    world.pass_(2 * DAY)
    assert world.deleted() == []
    return room


@pytest.mark.parametrize(("kind", "was_deleted"), [("timeout", False), ("hang-after", True)])
def test_a_deletion_whose_process_was_killed_is_settled_and_happens_once(
    world: World, children: list[Child], kind: str, was_deleted: bool
) -> None:
    room = ready_to_go(world)
    kill_in(world, children, method="DELETE", path="/rooms/*", kind=kind)
    assert len(world.deleted()) == int(was_deleted)
    case = world.case(room)
    assert case is not None
    assert case.state is CaseState.ENFORCING
    recover(night_of(world.firing()))
    case = world.case(room)
    assert case is not None
    assert case.state is (CaseState.GONE if was_deleted else CaseState.BLOCKED)
    world.night()
    case = world.case(room)
    assert case is not None
    assert (case.state, world.deleted()) == (CaseState.GONE, ["Old plans"])
    with world.house.store.read() as tx:
        made = tx.certificates.of_space(world.key(room))
        assert made is not None
        assert tx.intents.open() == ()
        assert tx.audit.verify()


@pytest.mark.parametrize("kind", ["timeout", "hang-after"])
def test_a_purge_whose_process_was_killed_goes_on_and_counts_each_message_once(
    world: World, children: list[Child], kind: str
) -> None:
    """`hang-after`: the message in flight was deleted, and nobody was told."""
    said = [
        {"by": "ana@example.com", "text": f"word {n}", "at": world.ago(400 - n)} for n in range(6)
    ]
    room = world.space(messages=said)
    world.crawl()
    world.policy(
        ending=Ending.PURGE, basis=Basis.MESSAGES, period=30 * DAY, query="title:plans",
        notices=(7, 1),
    )  # fmt: skip
    world.nights(8)
    world.pass_(DAY)
    poll(world.house)
    assert world.control.effects("message.deleted") == []
    kill_in(world, children, method="DELETE", path="/messages/*", kind=kind, skip=3)
    went = [entry["target"] for entry in world.control.effects("message.deleted")]
    assert len(went) == (4 if kind == "hang-after" else 3)
    recover(night_of(world.firing()))
    assert len(world.control.effects("message.deleted")) == len(went)
    world.night()
    went = [entry["target"] for entry in world.control.effects("message.deleted")]
    assert len(went) == len(set(went)) == 6
    with world.house.store.read() as tx:
        made = tx.certificates.of_space(world.key(room))
        assert made is not None
        assert made.body["purge"]["messages"] == 6  # type: ignore[index]
        assert made.body["purge"]["deleted_before"] == 0  # type: ignore[index]
        assert tx.intents.open() == ()
        assert tx.audit.verify()


@pytest.mark.parametrize("kind", ["timeout", "hang-after"])
def test_a_block_whose_process_was_killed_is_finished(
    world: World, children: list[Child], kind: str
) -> None:
    room = world.space()
    world.crawl()
    world.policy(**SHORT)
    world.night()
    world.nights(2)
    world.pass_(DAY)
    kill_in(world, children, method="PUT", path="/rooms/*", kind=kind)
    world.night()
    case = world.case(room)
    assert case is not None
    assert case.state is CaseState.BLOCKED
    assert world.control.room(room["id"])["room"]["isAnnouncementOnly"]
    changes = [
        e
        for e in world.control.effects("room.updated")
        if e["target"] == room["id"] and e["object"]["isAnnouncementOnly"]
    ]
    assert len(changes) == 1


@pytest.mark.parametrize("kind", ["timeout", "hang-after"])
def test_a_warning_whose_process_was_killed_reaches_its_owner_once(
    world: World, children: list[Child], kind: str
) -> None:
    room = world.space()
    world.crawl()
    world.policy(**SHORT)
    kill_in(world, children, method="POST", path="/messages", kind=kind, contains="Old plans")
    world.night()
    case = world.case(room)
    assert case is not None
    assert (case.state, case.notices) == (CaseState.WARNED, 1)
    assert len([text for text in world.told("ana@example.com") if "Old plans" in text]) == 1
