"""A crawl: the inventory becomes what the server knows, whatever stops it on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from domain.audit import Word
from domain.ids import RoomId
from domain.spaces import SpaceState
from sandbox import acts
from sandbox.handle import Handle
from spaces.sync.crawl import LEASE, crawl
from spaces.sync.live import settle_missing, touch
from spaces.sync.reading import read_room
from tests.spaces.inventories import BOT, OFFICER, WITNESS, Company
from webex.gateway import Lane

SPAN = timedelta(seconds=60)
ELSEWHERE = "another-machine/1/life/thread"


@pytest.fixture
def tenant(company: Company) -> Company:
    company.control.call("POST", "tenant", tenant="small")
    return company


def deleted_on_the_server(sandbox: Handle, title: str) -> None:
    def act() -> None:
        world = sandbox.world
        row = world.one("SELECT * FROM room WHERE title = ?", title)
        assert row is not None
        acts.delete_room(world, world.person(row["creator"]), row)

    sandbox.do(act)


def asked_twice(company: Company, since: int = 0) -> int:
    """How many requests were made more than once, beyond the first time."""
    counted = Counter(
        (one["path"], tuple(sorted(one["query"].items()))) for one in company.requests(since)
    )
    return sum(times - 1 for times in counted.values())


def test_the_inventory_equals_what_the_server_knows(tenant: Company) -> None:
    made = crawl(tenant.house)
    assert (made.is_finished, made.is_complete, made.said) == (True, True, "")
    assert tenant.inventory() == tenant.truth()
    with tenant.house.store.read() as tx:
        last = tx.crawls.last(complete=True)
    assert last is not None
    assert last.spaces == len(tenant.truth()) > 50


def test_a_second_crawl_puts_right_what_changed_and_remembers_who_left(tenant: Company) -> None:
    crawl(tenant.house)
    tenant.sandbox.do(lambda: _shake(tenant.sandbox))
    before = tenant.inventory()
    assert crawl(tenant.house).is_complete
    after = tenant.inventory()
    assert after == tenant.truth() != before
    gone = next(iter(before.keys() - after.keys()))
    with tenant.house.store.read() as tx:
        space = tx.spaces.by_id(gone)
        assert space is not None
        assert space.state is SpaceState.GONE
        for email in before[gone]["members"]:
            known = tx.people.by_email(email)
            assert known is not None
            assert tx.spaces.was_member(space.key, known.key)


def _shake(sandbox: Handle) -> None:
    """Somebody joins, leaves, is appointed; a space is classified, renamed, made, deleted."""
    world = sandbox.world
    rooms = world.all(
        "SELECT * FROM room WHERE direct = 0 AND owner = ? AND uuid NOT IN (SELECT uuid FROM team)",
        world.home,
    )
    joined, left, led, classed, named, ended = rooms[:6]
    ana, eve = (world.person_by_email(e) for e in ("ana@example.com", "eve@partner.example"))
    assert ana is not None
    assert eve is not None
    acts.add_member(world, ana, joined, eve, moderator=False)
    acts.remove_member(world, ana, left, world.members(left["key"])[0]["person"])
    acts.set_moderator(world, ana, led, world.members(led["key"])[-1]["person"], True)
    kind = world.value("SELECT key FROM classification WHERE rank = 4")
    acts.change_room(world, ana, classed, classification=kind)
    acts.change_room(world, ana, named, title="Another name")
    acts.create_room(world, ana, title="A new one")
    acts.delete_room(world, ana, ended)


@pytest.mark.parametrize("after", [1, 2, 4])
def test_a_crawl_that_is_stopped_goes_on_where_it_was(tenant: Company, after: int) -> None:
    sittings = 0
    while True:
        sittings += 1
        enough = len(tenant.requests()) + 20 * after
        made = crawl(tenant.house, stop=lambda most=enough: len(tenant.requests()) > most)
        if made.is_finished:
            break
        assert (made.is_complete, made.said) == (False, "stopped on the way")
    assert sittings > 1
    assert made.is_complete
    assert tenant.inventory() == tenant.truth()
    again = [r for r in tenant.requests() if r["path"] not in ("/people/me", "/organizations")]
    assert asked_twice(tenant) <= len(again) // 10


CHILD = """
import sys
from datetime import timedelta
from pathlib import Path
from bot.clock import SandboxClock
from directory.spec import NoDirectory
from spaces.spec import House, Limits
from spaces.sync.crawl import crawl
from storage.engine import open_engine
from storage.store import Store
from webex.sdk import SdkWebex
from webex.tokens import FixedToken
database, clock, rest, ca, bot, co, co2 = sys.argv[1:]
webex = SdkWebex(FixedToken(bot), FixedToken(co), witness=FixedToken(co2), base_url=rest, ca=ca,
                 per_minute=9000)
clock = SandboxClock(Path(clock))
house = House(store=Store(open_engine(database), clock), webex=webex, clock=clock,
              limits=Limits(), directory=NoDirectory())
crawl(house, progress=lambda done, total: print(done, flush=True),
      held_for=timedelta(seconds=1.5))
"""


def test_a_crawl_whose_process_is_killed_goes_on_where_it_was(company: Company) -> None:
    company.control.call("POST", "tenant", tenant="small", spaces=240)
    ready, tokens = company.sandbox.ready, company.sandbox.ready["tokens"]
    url = str(company.house.store.engine.url)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, url, ready["clock"], ready["rest"], ready["ca"],
         tokens["bot"], tokens["co"], tokens["co2"]],
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert child.stdout is not None
    for line in child.stdout:
        if int(line) >= 140:
            break
    # Before it dies nobody else may crawl, and nobody asks Webex for anything.
    busy = crawl(company.house)
    assert (busy.is_finished, busy.said) == (False, "another process is crawling")
    os.kill(child.pid, signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    child.stdout.close()
    until = time.monotonic() + 30
    while not (made := crawl(company.house)).is_finished and time.monotonic() < until:
        time.sleep(0.05)
    assert made.is_complete, made.said
    assert company.inventory() == company.truth()
    assert asked_twice(company) <= 2 * (100 + 8) + 10


def test_two_processes_never_crawl_at_the_same_time(tenant: Company) -> None:
    with tenant.house.store.begin() as tx:
        assert tx.leases.take(LEASE, ELSEWHERE, span=SPAN)
        tx.commit()
    since = tenant.seq()
    made = crawl(tenant.house)
    assert (made.is_finished, made.said) == (False, "another process is crawling")
    assert tenant.requests(since) == []


def test_who_lost_the_lease_writes_nothing_more(tenant: Company) -> None:
    def steal() -> bool:
        with tenant.house.store.begin() as tx:
            tx.connection.exec_driver_sql(f"UPDATE lease SET holder = '{ELSEWHERE}'")
            tx.commit()
        return False

    made = crawl(tenant.house, stop=steal)
    assert (made.is_finished, made.said) == (False, "another process went on with it")
    assert tenant.inventory() == {}
    with tenant.house.store.read() as tx:
        assert tx.leases.holds(LEASE, ELSEWHERE)


def test_a_space_is_gone_when_a_second_officer_does_not_see_it_either(company: Company) -> None:
    room = company.control.space("Plans", creator="ana@example.com")["id"]
    company.control.space("Other", creator="ben@example.com")
    crawl(company.house)
    deleted_on_the_server(company.sandbox, "Plans")
    assert crawl(company.house).is_complete
    assert company.space(room).state is SpaceState.GONE
    assert crawl(company.house).is_complete
    with company.house.store.read() as tx:
        said = list(tx.audit.since(word=Word.SPACE_SEEN_GONE))
    assert [one.space for one in said] == [company.space(room).key], "told once, of this space"


def test_a_space_that_only_one_identity_can_not_see_is_not_gone(company: Company) -> None:
    room = company.control.space("Plans", creator="ana@example.com")["id"]
    crawl(company.house)
    fault = company.control.fault("stale", path=f"/rooms/{room}", who=OFFICER, count=-1)
    made = crawl(company.house)
    assert company.control.fired(fault) >= 2
    assert not made.is_complete
    assert company.space(room).state is SpaceState.LIVE
    company.control.clear_faults()
    assert crawl(company.house).is_complete


@pytest.mark.parametrize("email", [OFFICER, WITNESS])
def test_to_an_officer_who_is_none_any_more_nothing_is_gone(company: Company, email: str) -> None:
    room = company.control.space("Plans", creator="ana@example.com")["id"]
    crawl(company.house)
    deleted_on_the_server(company.sandbox, "Plans")
    company.control.person(email, roles="")
    assert settle_missing(company.house, company.space(room).key) is None
    assert company.space(room).state is SpaceState.LIVE
    company.control.person(email, roles="compliance,admin")
    assert settle_missing(company.house, company.space(room).key) is SpaceState.GONE


def test_without_a_second_officer_nothing_is_gone(build_company: Callable[..., Company]) -> None:
    company = build_company(witness="")
    company.control.call("POST", "tenant", tenant="small", spaces=210)
    company.control.space("Plans", creator="ana@example.com")
    crawl(company.house)
    room = next(id for id, one in company.inventory().items() if one["title"] == "Plans")
    deleted_on_the_server(company.sandbox, "Plans")
    made = crawl(company.house)
    assert company.space(room).state is SpaceState.LOST
    assert made.is_complete  # one of 205 is within what may be missing


def test_a_company_of_which_too_much_is_lost_is_not_complete(
    build_company: Callable[..., Company],
) -> None:
    company = build_company(witness="")
    for title in ("Plans", "Other"):
        company.control.space(title, creator="ana@example.com")
    crawl(company.house)
    deleted_on_the_server(company.sandbox, "Plans")
    made = crawl(company.house)
    assert (made.is_complete, made.said) == (False, "1 of 2 spaces not seen")


def test_a_lost_space_that_is_seen_again_lives(company: Company) -> None:
    room = company.control.space("Plans", creator="ana@example.com")["id"]
    crawl(company.house)
    with company.house.store.begin() as tx:
        tx.spaces.set_state(company.space(room).key, SpaceState.LOST)
        tx.commit()
    crawl(company.house)
    assert company.space(room).state is SpaceState.LIVE


def test_another_organisations_space_is_not_ours_and_never_gone(company: Company) -> None:
    room = company.control.space("Theirs", creator="eve@partner.example", members=[BOT])["id"]
    assert crawl(company.house).is_complete
    assert company.space(room).is_ours is False
    company.sandbox.do(lambda: _put_out(company.sandbox, "Theirs", BOT))
    crawl(company.house)
    assert company.space(room).state is SpaceState.LOST


def _put_out(sandbox: Handle, title: str, email: str) -> None:
    world = sandbox.world
    row, who = world.one("SELECT * FROM room WHERE title = ?", title), world.person_by_email(email)
    assert row is not None
    assert who is not None
    acts.remove_member(world, who, row, who["key"])


def test_a_space_in_which_nobody_of_ours_is_left_is_still_seen(company: Company) -> None:
    room = company.control.space(
        "Orphan", creator="ana@example.com", members=["eve@partner.example"]
    )["id"]
    crawl(company.house)
    company.sandbox.do(lambda: _put_out(company.sandbox, "Orphan", "ana@example.com"))
    assert crawl(company.house).is_complete
    assert company.space(room).state is SpaceState.LIVE
    assert company.inventory() == company.truth()


def test_a_title_that_can_not_be_decrypted_is_tolerated(company: Company) -> None:
    room = company.control.space("Plans", creator="ana@example.com", members=[BOT])["id"]
    fresh = company.control.space("Fresh", creator="ana@example.com")["id"]
    fault = company.control.fault("undecrypted", path=f"/rooms/{fresh}", count=-1)
    assert crawl(company.house).is_complete
    assert company.space(fresh).title is None
    other = company.control.fault("undecrypted", path=f"/rooms/{room}", count=-1)
    assert crawl(company.house).is_complete
    assert company.space(room).title == "Plans"
    assert company.control.fired(fault) >= 2
    assert company.control.fired(other) == 1


def test_a_migrated_space_keeps_its_key_and_is_found_by_both_ids(company: Company) -> None:
    room = company.control.space("Plans", creator="ana@example.com")["id"]
    company.control.space("Other", creator="ana@example.com")
    crawl(company.house)
    before = company.space(room)
    moved = company.control.call("POST", "migrate", id=room)["id"]
    assert crawl(company.house).is_complete
    assert company.inventory() == company.truth()
    assert company.space(room).key == company.space(moved).key == before.key
    assert company.space(moved).id == moved


def test_somebody_who_left_the_company_hinders_no_crawl(company: Company) -> None:
    room = company.control.space("Plans", creator="ana@example.com", members=["ben@example.com"])[
        "id"
    ]
    crawl(company.house)
    with company.house.store.read() as tx:
        ben = tx.people.by_email("ben@example.com")
    assert ben is not None
    company.rest("adam@example.com", "DELETE", f"people/{ben.id}")
    for _ in range(2):
        assert crawl(company.house).is_complete
        assert company.inventory() == company.truth()
    with company.house.store.read() as tx:
        key = company.space(room).key
        assert tx.people.is_active(ben.key) is False
        assert tx.spaces.was_member(key, ben.key)
        assert not tx.spaces.is_member(key, ben.key)


def test_without_an_officer_the_bot_sees_its_own_and_says_so(
    build_company: Callable[..., Company],
) -> None:
    company = build_company(officer="", witness="")
    mine = company.control.space("Mine", creator="ana@example.com", members=[BOT])["id"]
    company.control.space("Not mine", creator="ana@example.com")
    made = crawl(company.house)
    assert (made.is_finished, made.spaces) == (True, 1)
    assert made.said == "only the spaces that I am in"
    assert company.space(mine).title == "Mine"
    deleted_on_the_server(company.sandbox, "Mine")
    crawl(company.house)
    assert company.space(mine).state is SpaceState.LOST


def test_a_slow_reader_does_not_undo_what_a_quick_one_saw(company: Company) -> None:
    room = company.control.space("Plans", creator="ana@example.com", members=["ben@example.com"])
    id = RoomId(room["id"])
    crawl(company.house)
    slow = read_room(company.house, company.house.webex.compliance(Lane.BACKGROUND), id)
    company.sandbox.do(lambda: _put_out(company.sandbox, "Plans", "ben@example.com"))
    touch(company.house, id)
    with company.house.store.begin() as tx:
        tx.spaces.take_in([slow], generation=1)
        tx.commit()
    assert company.inventory() == company.truth()
