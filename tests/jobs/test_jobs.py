"""Each job through a house on the sandbox: what it does, what it says, what it leaves alone."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from bot.firing import Ran, record_missed
from bot.tasks import run_job
from directory.file import FileDirectory
from domain.audit import Word
from domain.errors import Refusal
from domain.ids import RoomId
from domain.people import SYSTEM
from jobs.registry import load
from sandbox.handle import Control
from spaces.spec import House
from spaces.sync.groups import accept_group
from tests.nights import World

HOUR = timedelta(hours=1)


def ran(house: House, name: str, *, is_dry: bool = False) -> Mapping[str, Any]:
    done: Ran = run_job(house, name, is_dry=is_dry)
    assert done.is_done, done
    return done.summary


def everything(house: House) -> Iterator[tuple[str, int]]:
    """How many rows each table has."""
    from sqlalchemy import func, select

    from storage.schema import metadata

    with house.store.read() as tx:
        for table in metadata.sorted_tables:
            count = tx.connection.execute(select(func.count()).select_from(table)).scalar_one()
            yield table.name, count


@pytest.mark.parametrize("name", sorted(load()))
def test_a_dry_run_changes_nothing(world: World, name: str) -> None:
    world.space()
    before, since = dict(everything(world.house)), world.control.log()[-1]["seq"]
    run_job(world.house, name, is_dry=True)
    assert dict(everything(world.house)) == before
    assert world.control.log(since, what="effect") == []


def test_every_job_says_when_and_what(world: World) -> None:
    from bot.scheduler import trigger_of

    assert set(load()) >= {"events", "groups", "nightly", "recovery", "silence", "sweep", "sync"}
    for one in load().values():
        assert one.doc.endswith(".")
        assert not one.cron or trigger_of(one.cron)


def test_sync_reads_the_company(world: World) -> None:
    room = world.space("Budget")
    said = ran(world.house, "sync")
    assert said["complete"]
    with world.house.store.read() as tx:
        assert tx.spaces.key_of(RoomId(room["id"])) is not None


def test_a_sync_waits_as_long_as_webex_asks(
    world: World, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.sync.LOOK", 0.05)
    busy = control.fault("429", path="/people", retry_after="130", count=1)

    def now(zone: object) -> datetime:  # the wait of two minutes, in a moment
        return datetime.now(UTC) + timedelta(seconds=200 if control.fired(busy) else 0)

    moments = type("Moments", (), {"now": staticmethod(now)})
    monkeypatch.setattr("jobs.sync.datetime", moments)
    assert ran(world.house, "sync")["complete"]
    assert control.fired(busy) == 1


def test_a_sync_leaves_the_company_to_whoever_reads_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.firing.PATIENCE", 0.0)
    with world.house.store.begin() as tx:
        assert tx.leases.take("crawl", "elsewhere/1/x", span=timedelta(minutes=1))
        tx.commit()
    done = run_job(world.house, "sync")
    assert (done.outcome, done.summary) == ("skipped", {"why": "another process is crawling"})


def test_the_first_sync_is_made_once(world: World) -> None:
    assert ran(world.house, "first-sync") == {"needed": False}
    with world.house.store.begin() as tx:
        tx.connection.exec_driver_sql("DELETE FROM crawl")
        tx.commit()
    assert ran(world.house, "first-sync")["complete"]
    assert ran(world.house, "first-sync") == {"needed": False}


def test_events_bring_a_new_space_in(world: World) -> None:
    ready = world.control.ready
    room = requests.post(
        ready["rest"] + "rooms", json={"title": "Fresh"}, verify=ready["ca"], timeout=30,
        headers={"Authorization": f"Bearer {ready['tokens']['ana@example.com']}"},
    ).json()  # fmt: skip
    world.pass_(timedelta(minutes=1))
    with world.house.store.read() as tx:
        assert tx.spaces.key_of(RoomId(room["id"])) is None
    assert ran(world.house, "events")["complete"]
    with world.house.store.read() as tx:
        assert tx.spaces.key_of(RoomId(room["id"])) is not None


def groups(world: World, tmp_path: Path, lines: list[str]) -> House:
    path = tmp_path / "groups.csv"
    path.write_text("\n".join(["group,email", *lines]) + "\n")
    return replace(world.house, directory=FileDirectory(path))


def test_groups_come_into_the_inventory(world: World, tmp_path: Path) -> None:
    house = groups(world, tmp_path, ["Finance,ana@example.com", "Legal,nobody@example.com"])
    assert ran(house, "groups")["known"] == 2
    ana = world.person("ana@example.com")
    with house.store.read() as tx:
        assert tx.groups.is_in(ana, "finance") is True
        assert tx.groups.is_in(ana, "legal") is False


def test_who_is_learnt_of_later_is_in_the_group_at_once(
    world: World, tmp_path: Path, control: Control
) -> None:
    house = groups(world, tmp_path, ["Finance,newcomer@example.com"])
    ran(house, "groups")
    control.person("newcomer@example.com")
    world.space("Hers", members=["newcomer@example.com"])
    world.crawl()
    with house.store.read() as tx:
        assert tx.groups.is_in(world.person("newcomer@example.com"), "finance") is True


def test_a_group_that_shrinks_suddenly_is_not_known(world: World, tmp_path: Path) -> None:
    many = [f"Finance,p{number}@example.com" for number in range(60)]
    house = groups(world, tmp_path, [*many, "Finance,ana@example.com"])
    assert ran(house, "groups")["shrunk"] == []
    house = groups(world, tmp_path, ["Finance,ben@example.com"])
    assert ran(house, "groups")["shrunk"] == ["Finance"]
    with house.store.read() as tx:
        assert tx.groups.is_in(world.person("ana@example.com"), "finance") is None
        assert tx.groups.unknown() == ("Finance",)


def test_somebody_says_that_a_group_did_shrink(world: World, tmp_path: Path) -> None:
    many = [f"Finance,p{number}@example.com" for number in range(60)]
    ran(groups(world, tmp_path, [*many, "Finance,ana@example.com"]), "groups")
    house = groups(world, tmp_path, ["Finance,ben@example.com"])
    assert ran(house, "groups")["shrunk"] == ["Finance"]
    assert accept_group(house, SYSTEM, "finance").members == 1
    assert ran(house, "groups")["shrunk"] == []
    with house.store.read() as tx:
        assert tx.groups.is_in(world.person("ana@example.com"), "finance") is False
        assert [row.detail["group"] for row in tx.audit.since(word=Word.GROUP_ACCEPT)] == [
            "Finance"
        ]
    with pytest.raises(Refusal, match="no group"):
        accept_group(house, SYSTEM, "nonsense")


def test_a_directory_that_does_not_answer_makes_groups_unknown(
    world: World, tmp_path: Path
) -> None:
    house = groups(world, tmp_path, ["Finance,ana@example.com"])
    ran(house, "groups")
    (tmp_path / "groups.csv").unlink()
    done = run_job(house, "groups")
    assert (done.outcome, done.summary["fault"]) == ("failed", "DirectoryFault")
    ana = world.person("ana@example.com")
    with house.store.read() as tx:
        assert tx.groups.is_in(ana, "finance") is None
    ran(groups(world, tmp_path, ["Finance,ana@example.com"]), "groups")
    with house.store.read() as tx:
        assert tx.groups.is_in(ana, "finance") is True


def test_a_group_that_is_gone_is_not_known(world: World, tmp_path: Path) -> None:
    ran(groups(world, tmp_path, ["Finance,ana@example.com", "Legal,ben@example.com"]), "groups")
    house = groups(world, tmp_path, ["Legal,ben@example.com"])
    ran(house, "groups")
    with house.store.read() as tx:
        assert tx.groups.unknown() == ("Finance",)


def test_a_night_that_did_not_happen_is_told_once(world: World) -> None:
    assert ran(world.house, "nightly") is not None
    assert ran(world.house, "silence")["told"] == 0
    world.pass_(25 * HOUR)
    assert ran(world.house, "silence")["told"] == 0
    world.pass_(2 * HOUR)
    assert ran(world.house, "silence")["told"] == 2
    assert ran(world.house, "silence")["told"] == 2  # found told already, and not sent again
    for email in ("cleo@example.com", "dora@example.com"):
        said = [text for text in world.told(email) if "no night's run" in text]
        assert len(said) == 1
        assert "27 hours" in said[0]


def test_a_run_that_was_missed_is_told(world: World) -> None:
    record_missed(world.house, load()["sync"], world.now() - HOUR)
    assert "did not happen" in str(ran(world.house, "silence")["troubles"])
    assert any("“sync” did not happen" in text for text in world.told("cleo@example.com"))


def test_a_run_that_failed_is_told(world: World, control: Control) -> None:
    fault = control.fault("status", status=401, path="/people*", count=-1)
    assert run_job(world.house, "sync").outcome == "failed"
    assert control.fired(fault) > 0
    control.clear_faults()
    assert any("“sync” failed" in text for text in ran(world.house, "silence")["troubles"])
    world.pass_(timedelta(minutes=1))
    ran(world.house, "sync")
    assert ran(world.house, "silence")["troubles"] == []


def test_being_blind_for_a_while_is_told_once(world: World, control: Control) -> None:
    ran(world.house, "events")
    fault = control.fault("status", status=401, path="/events", count=-1)
    for count in range(11):
        assert run_job(world.house, "events").outcome == "failed"
        troubles = ran(world.house, "silence")["troubles"]
        assert bool(troubles) == (count >= 9)
        time.sleep(0.002)
    assert control.fired(fault) >= 11
    assert sum("what changes in the company" in t for t in world.told("cleo@example.com")) == 1


def test_an_alarm_that_reaches_nobody_is_a_failure(world: World) -> None:
    record_missed(world.house, load()["sync"], world.now() - HOUR)
    deaf = replace(world.house, compliance=frozenset())
    done = run_job(deaf, "silence")
    assert (done.outcome, "nobody could be told" in str(done.summary["why"])) == ("failed", True)


def test_sweeping_forgets_runs_of_every_minute_before_daily_ones(
    world: World,
) -> None:
    for name in ("events", "nightly"):
        ran(world.house, name)
    world.pass_(timedelta(days=5))
    assert ran(world.house, "sweep")["runs"] == 1
    with world.house.store.read() as tx:
        assert tx.runs.last("events") is None
        assert tx.runs.last("nightly") is not None
