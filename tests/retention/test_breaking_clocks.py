"""Clocks that jump, nights too many or too few, and a record that somebody changed."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from domain.audit import Word
from domain.cases import Case
from domain.clock import Clock
from domain.lifecycle import CaseState
from retention.pausing import house_resume
from sandbox.handle import Handle
from storage.store import Store
from tests.breaking import SHORT, Officers, People, Room, warnings_of
from tests.nights import BOT, DAY, World


@pytest.fixture
def people(world: World, sandbox: Handle) -> People:
    return People(world, sandbox)


@pytest.fixture
def officers(world: World) -> Officers:
    return Officers(world)


def touched(world: World, room: Room, since: int = 0) -> list[str]:
    return [
        str(one["kind"])
        for one in world.control.log(since, what="effect")
        if one["actor"] == BOT and one["room"] == room["id"]
    ]


def case_of(world: World, room: Room) -> Case:
    found = world.case(room)
    assert found is not None
    return found


# -- clocks --------------------------------------------------------------------------------------


def test_nothing_is_deleted_a_moment_before_it_is_due(world: World) -> None:
    room = world.space("Old plans")
    world.crawl()
    world.policy(**SHORT)
    world.night()
    world.until(CaseState.BLOCKED, room, most=8)
    world.pass_(DAY)
    world.night()
    due = case_of(world, room).due
    assert due is not None
    world.control.set_clock(due - timedelta(minutes=4))
    world.pass_(timedelta(0))  # the product looks at the clock now and then
    world.night()
    assert world.deleted() == []
    world.pass_(timedelta(minutes=4))
    world.night()
    assert world.deleted() == ["Old plans"]
    (one,) = world.control.effects("room.deleted")
    assert datetime.fromisoformat(one["at"]) >= due


@pytest.mark.parametrize("state", [CaseState.WARNED, CaseState.BLOCKED])
def test_ten_years_in_one_jump_make_nothing_due(world: World, state: CaseState) -> None:
    room = world.space("Old plans")
    world.crawl()
    world.policy(**SHORT)
    world.night()
    world.until(state, room, most=8)
    world.pass_(3650 * DAY)
    world.crawl()
    since = world.control.log()[-1]["seq"]
    world.night()
    assert touched(world, room, since) == []
    assert world.deleted() == []


def test_a_clock_that_goes_back_a_year_makes_nothing_due_and_breaks_nothing(world: World) -> None:
    room = world.space("Old plans")
    world.crawl()
    world.policy(**SHORT)
    world.night()
    world.until(CaseState.BLOCKED, room, most=8)
    now = world.control.now()
    world.control.set_clock(now - 365 * DAY)
    while world.house.clock.now() > now - 364 * DAY:
        pass
    since = world.control.log()[-1]["seq"]
    world.night()
    world.nights(5)
    assert world.deleted() == []
    assert "room.deleted" not in touched(world, room, since)


@dataclass(frozen=True)
class Fast:
    """A clock of ours that is ahead of Webex's."""

    true: Clock
    ahead: timedelta

    def now(self) -> datetime:
        return self.true.now() + self.ahead


@pytest.mark.parametrize("ahead", [400 * DAY, -400 * DAY, timedelta(minutes=6)])
def test_our_clock_alone_wrong_and_nothing_is_done(world: World, ahead: timedelta) -> None:
    room = world.space("Old plans")
    world.crawl()
    world.policy(**SHORT)
    world.night()
    world.until(CaseState.BLOCKED, room, most=8)
    world.nights(1)
    world.pass_(DAY)
    clock = Fast(world.house.clock, ahead)
    store = Store(world.house.store.engine, clock)
    wrong = World(replace(world.house, clock=clock, store=store), world.control)
    wrong._runs = 5000
    since = world.control.log()[-1]["seq"]
    wrong.night(polled=False)
    assert touched(world, room, since) == []
    assert world.deleted() == []


def test_clocks_that_differ_pull_the_brake_once_and_two_people_let_it_go(
    world: World, officers: Officers
) -> None:
    room = world.space("Old plans")
    world.crawl()
    world.policy(**SHORT)
    world.night()
    clock = Fast(world.house.clock, timedelta(minutes=20))
    store = Store(world.house.store.engine, clock)
    wrong = World(replace(world.house, clock=clock, store=store), world.control)
    wrong._runs = 5000
    world.pass_(DAY)
    for _ in range(2):
        assert "two people" in str(wrong.night(polled=False)["stopped"])
    with world.house.store.read() as tx:
        pause = tx.settings.pause()
        every = list(tx.audit.since(word=Word.BRAKE))
    assert pause is not None
    assert (pause.is_brake, len(every)) == (True, 1)
    told = [text for text in world.told("dora@example.com") if "the brake was pulled" in text]
    assert len(told) == 1
    assert re.search(r"differ by 0:(20:0|19:5)\d", told[0]), "Webex's dates have no fractions"
    assert "paused" in str(world.night()["stopped"])
    assert house_resume(world.house, officers.cleo) is not None
    assert "paused" in str(world.night()["stopped"])
    assert house_resume(world.house, officers.dora) is None
    world.until(CaseState.BLOCKED, room, most=8)


def test_one_answer_with_an_odd_date_ends_the_night_and_pulls_no_brake(world: World) -> None:
    world.space("Old plans")
    world.crawl()
    world.policy(**SHORT)
    fault = world.control.fault("date-offset", path="/people/Y*", seconds=3600.0, count=1)
    assert "for a moment" in str(world.night(polled=False)["stopped"])
    assert world.control.fired(fault) == 1
    with world.house.store.read() as tx:
        assert tx.settings.pause() is None
    assert world.night()["counts"]["warned"] == 1


def test_a_night_each_hour_brings_no_warning_closer_to_the_last(world: World) -> None:
    world.space("Old plans")
    world.crawl()
    world.policy(**SHORT)
    for _ in range(20):
        world.night()
        world.pass_(timedelta(hours=1))
    assert len(warnings_of(world, "Old plans")) == 1
    assert world.deleted() == []


def test_a_night_each_minute_of_a_day_keeps_within_the_caps_of_the_day(world: World) -> None:
    rooms = [world.space(f"Old {n}") for n in range(6)]
    world.crawl()
    world.policy(cap=10, **SHORT)
    world.night()
    for room in rooms:
        world.until(CaseState.BLOCKED, room, most=8)
    world.nights(1)
    world.pass_(DAY)
    narrow = world.with_limits(cap_per_day=2)
    for _ in range(5):
        narrow.night()
        narrow._runs += 10
    assert len(world.deleted()) == 2


def test_a_dry_run_after_an_outage_plans_what_the_real_one_then_does(world: World) -> None:
    room = world.space("Old plans")
    world.crawl()
    world.policy(**SHORT)
    world.night()
    world.until(CaseState.BLOCKED, room, most=8)
    world.pass_(10 * DAY)
    dry = world.night(dry=True)
    real = world.night()
    assert dry["counts"] == {"given more time": 1}
    assert real["counts"] == {"given more time": 1}
    assert world.deleted() == []


# -- the record ----------------------------------------------------------------------------------


def blocked_and_due(world: World) -> Room:
    room = world.space("Old plans")
    world.crawl()
    world.policy(**SHORT)
    world.night()
    world.until(CaseState.BLOCKED, room, most=8)
    world.nights(1)
    world.pass_(DAY)
    return room


def test_a_changed_row_of_the_record_is_found_and_nothing_is_deleted_on_it(world: World) -> None:
    blocked_and_due(world)
    with world.house.store.begin() as tx:
        tx.connection.exec_driver_sql("UPDATE audit SET actor = 'somebody else' WHERE seq = 2")
        tx.commit()
    with world.house.store.read() as tx:
        assert not tx.audit.verify()
    world.night()
    assert world.deleted() == []


def test_a_removed_row_of_the_record_is_found(world: World) -> None:
    blocked_and_due(world)
    with world.house.store.begin() as tx:
        tx.connection.exec_driver_sql("DELETE FROM audit WHERE seq = 3")
        tx.commit()
    with world.house.store.read() as tx:
        assert not tx.audit.verify()


def test_a_changed_certificate_is_found(world: World) -> None:
    room = blocked_and_due(world)
    world.night()
    assert world.deleted() == ["Old plans"]
    with world.house.store.begin() as tx:
        made = tx.certificates.of_space(world.key(room))
        assert made is not None
        assert made.is_whole
        (body,) = tx.connection.exec_driver_sql("SELECT body FROM certificate").scalars()
        changed = json.dumps(json.loads(body) | {"space": "Other plans"})
        tx.connection.exec_driver_sql("UPDATE certificate SET body = ?", (changed,))
        tx.commit()
    with world.house.store.read() as tx:
        made = tx.certificates.of_space(world.key(room))
        assert made is not None
        assert not made.is_whole


def test_who_looked_at_a_changed_row_can_let_the_work_go_on(
    world: World, officers: Officers
) -> None:
    blocked_and_due(world)
    with world.house.store.begin() as tx:
        tx.connection.exec_driver_sql("UPDATE audit SET actor = 'somebody else' WHERE seq = 2")
        tx.commit()
    assert "record" in str(world.night()["stopped"])
    for one in (officers.cleo, officers.dora):
        house_resume(world.house, one)
    world.nights(1)
    assert world.deleted() == ["Old plans"]
    with world.house.store.begin() as tx:
        tx.connection.exec_driver_sql("UPDATE audit SET actor = 'another' WHERE seq = 20")
        tx.commit()
    assert "row 20" in str(world.night()["stopped"])


def copy_to(file: Path, other: Path) -> None:
    with closing(sqlite3.connect(file)) as now, closing(sqlite3.connect(other)) as then:
        now.backup(then)


def test_on_an_older_database_nothing_happens_before_two_people_looked(
    world: World, officers: Officers, tmp_path: Path
) -> None:
    """The hold is in the newer database only; the older one does not know of it."""
    room = world.space("Old plans")
    world.crawl()
    world.policy(**SHORT)
    world.night()
    world.until(CaseState.WARNED, room, most=8)
    copy_to(tmp_path / "space.db", tmp_path / "backup.db")
    officers.hold(room)
    world.space("Old other plans")
    world.crawl()
    world.nights(1)
    world.house.store.engine.dispose()
    copy_to(tmp_path / "backup.db", tmp_path / "space.db")
    world.crawl()
    since = world.control.log()[-1]["seq"]
    said = world.nights(1)
    assert "database" in str(said["stopped"])
    assert "paused" in str(world.nights(6)["stopped"])
    assert world.deleted() == []
    assert touched(world, room, since) == []
    officers.hold(room)
    for one in (officers.cleo, officers.dora):
        house_resume(world.house, one)
    assert world.nights(1)["stopped"] == ""
