"""An erasure's process is killed amid; the next one goes on, judged by the server's log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from spaces.effects import settle_open
from tests.chats import eventually
from tests.children import Child, start_child
from tests.nights import World, settings_of
from tests.retention.people import ANA, BEN, Office, words


@pytest.fixture
def children() -> Iterator[list[Child]]:
    started: list[Child] = []
    yield started
    for one in started:
        one.kill()


def kill_in(office: Office, children: list[Child], path: str, kind: str, after: int) -> None:
    """The job in a process of its own, that is killed while a request of it hangs."""
    world = office.world
    fault = world.control.fault(kind, method="DELETE", path=path, seconds=60.0, count=1, skip=after)
    settings = settings_of(world) | {
        "SPACEKEEPER_ERASE_PER_DAY": "1000",
        "SPACEKEEPER_ERASE_PACE_SECONDS": "0",
    }
    child = start_child(settings, "job", "erasures")
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


@pytest.mark.parametrize("kind", ["timeout", "hang-after"])
@pytest.mark.parametrize("path", ["/messages/*", "/memberships/*"])
def test_who_comes_after_goes_on_and_nothing_happens_twice(
    world: World, children: list[Child], path: str, kind: str
) -> None:
    office = Office(world)
    texts = [f"m{number}" for number in range(6)]
    world.space(
        "Plans",
        messages=[
            *words(*texts, at=world.ago(5)), *words("mine", by=ANA, at=world.ago(4)),
        ],
    )  # fmt: skip
    world.crawl()
    one = office.agreed()
    kill_in(office, children, path, kind, after=2)
    settle_open(office.house)
    assert not office.is_done(one)
    office.runs()
    world.pass_(timedelta(hours=2))
    office.runs()
    assert office.is_done(one), office.now(one)
    assert sorted(office.deleted()) == texts
    assert max(Counter(office.left()).values()) == 1
    assert {who for who, _ in office.left()} == {BEN}
    with office.house.store.read() as tx:
        made = tx.certificates.by_number(office.now(one).certificate)
        assert tx.audit.verify()
    assert made.body["erased"]["messages"] == 6  # type: ignore[index]
