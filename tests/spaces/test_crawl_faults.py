"""Whatever goes wrong on the way: it is healed by asking again, or the generation is incomplete.

A fault counts as tested only when it was seen to fire.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.spaces import SpaceState
from spaces.sync.crawl import crawl
from tests.spaces.inventories import OFFICER, Company
from webex.errors import Denied, NotAuthorised

LISTS = ("/people", "/memberships")
PAGED = ("missing-page", "empty-page", "loop-page", "foreign-link", "no-items")
ANY = ("broken-json", "html", "5xx", "reset", "status", "stale")
ONCE = [(kind, path) for path in LISTS for kind in (*PAGED, *ANY)]
ONCE += [(kind, "/rooms/*") for kind in ANY]
STAYS = [(kind, path) for path in LISTS for kind in (*PAGED, "5xx", "status")]


@pytest.fixture
def tenant(company: Company) -> Company:
    """A small company whose every list has several pages."""
    company.control.call("POST", "tenant", tenant="small", people=14, spaces=16)
    company.control.switch(small_pages=True)
    return company


@pytest.mark.parametrize(("kind", "path"), ONCE)
def test_a_fault_that_comes_once_is_healed_by_asking_again(
    tenant: Company, kind: str, path: str
) -> None:
    more = {"status": 403} if kind == "status" else {}
    fault = tenant.control.fault(kind, path=path, who=OFFICER, skip=1, **more)
    made = crawl(tenant.house)
    assert made.is_finished
    assert tenant.control.fired(fault) == 1
    assert made.is_complete, made.said
    assert tenant.inventory() == tenant.truth()


@pytest.mark.parametrize(("kind", "path"), STAYS)
def test_a_fault_that_stays_makes_the_generation_incomplete_and_takes_nothing_for_gone(
    tenant: Company, kind: str, path: str
) -> None:
    assert crawl(tenant.house).is_complete
    known = tenant.inventory()
    fault = tenant.control.fault(kind, path=path, who=OFFICER, count=-1)
    made = crawl(tenant.house)
    assert tenant.control.fired(fault) > 1
    assert (made.is_finished, made.is_complete) == (True, False)
    assert made.said
    assert tenant.inventory().keys() == known.keys()
    with tenant.house.store.read() as tx:
        last, complete = tx.crawls.last(), tx.crawls.last(complete=True)
    assert last is not None
    assert complete is not None
    assert last.generation > complete.generation


@pytest.mark.parametrize("kind", ["missing-page", "no-items"])
@pytest.mark.parametrize("path", LISTS)
def test_the_first_crawl_notices_what_is_missing_too(tenant: Company, kind: str, path: str) -> None:
    fault = tenant.control.fault(kind, path=path, who=OFFICER, count=-1)
    made = crawl(tenant.house)
    assert tenant.control.fired(fault) > 1
    assert not made.is_complete


@pytest.mark.parametrize("kind", ["5xx", "broken-json", "status"])
def test_one_space_that_can_not_be_read_makes_it_incomplete_and_hinders_no_other(
    tenant: Company, kind: str
) -> None:
    crawl(tenant.house)
    known = tenant.inventory()
    room = next(iter(known))
    tenant.control.fault(
        kind, path=f"/rooms/{room}", count=-1, status=502 if kind == "5xx" else 403
    )
    made = crawl(tenant.house)
    assert (made.is_finished, made.is_complete) == (True, False)
    assert tenant.inventory().keys() == known.keys()
    assert tenant.space(room).state is SpaceState.LIVE


def test_a_member_list_that_comes_back_empty_says_nothing(tenant: Company) -> None:
    crawl(tenant.house)
    room = next(id for id, one in tenant.inventory().items() if one["type"] == 1)
    fault = tenant.control.fault("no-items", path="/memberships", who=OFFICER, count=-1)
    crawl(tenant.house)
    assert tenant.control.fired(fault) > 1
    with tenant.house.store.read() as tx:
        space = tx.spaces.by_key(tenant.space(room).key)
        assert (space.size, space.scope) == (None, None)
        assert len(tx.spaces.members(space.key)) > 0


def test_a_storm_of_429_is_waited_out(tenant: Company) -> None:
    fault = tenant.control.fault("429", path="/memberships", count=60)
    while not (made := crawl(tenant.house)).is_finished:
        assert made.again_at is not None
    assert made.is_complete
    assert tenant.control.fired(fault) == 60
    assert tenant.inventory() == tenant.truth()


@pytest.mark.parametrize("wait", ["1", "86400", "soon"])
def test_when_webex_has_us_wait_for_long_the_crawl_says_until_when_and_goes_on(
    tenant: Company, wait: str
) -> None:
    fault = tenant.control.fault("429", path="/memberships", count=-1, retry_after=wait)
    before = datetime.now(UTC)  # a wait is real time, as the gateway's clock is
    made = crawl(tenant.house)
    assert tenant.control.fired(fault) > 0
    assert (made.is_finished, made.said) == (False, "Webex asks me to wait")
    assert made.again_at is not None
    if wait == "86400":
        assert made.again_at > before + timedelta(hours=23)
    tenant.control.clear_faults()
    again = crawl(tenant.house)
    assert (again.generation, again.is_complete) == (made.generation, True)
    assert tenant.inventory() == tenant.truth()


def test_a_dead_token_stops_the_crawl_and_nothing_is_inferred(tenant: Company) -> None:
    crawl(tenant.house)
    known = tenant.inventory()
    fault = tenant.control.fault(
        "status", status=401, path="/rooms/*", who=OFFICER, skip=5, count=-1
    )
    with pytest.raises(NotAuthorised):
        crawl(tenant.house)
    assert tenant.control.fired(fault) > 0
    assert tenant.inventory().keys() == known.keys()
    tenant.control.clear_faults()
    made = crawl(tenant.house)
    assert (made.generation, made.is_complete) == (2, True)


def test_a_narrowed_token_stops_the_crawl_and_nothing_is_inferred(company: Company) -> None:
    company.control.call("POST", "tenant", tenant="small")
    crawl(company.house)
    known = company.inventory()
    company.control.fault("status", status=403, path="/rooms/*", who=OFFICER, count=-1)
    since = company.seq()
    with pytest.raises(Denied):
        crawl(company.house)
    assert len(company.requests(since, "/rooms/")) <= 40
    assert company.inventory().keys() == known.keys()
    company.control.clear_faults()
    assert crawl(company.house).is_complete
