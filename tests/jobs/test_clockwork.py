"""The clockwork of a process: what it makes up for, what it runs at start, how it ends."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from bot.clockwork import Clockwork, Pacer
from bot.scheduler import NEVER
from bot.settings import load_settings
from bot.tasks import Tasks, run_job
from bot.wiring import build_house
from domain.clock import Clock
from domain.errors import Fault, Stopped
from domain.runs import RunOutcome
from jobs.spec import Firing, Job, Summary
from spaces.spec import House
from storage.runs import Run
from storage.settings import PAUSE
from storage.store import Store

AGO = timedelta(minutes=30)


@pytest.fixture
def url(sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copy(sqlite_template, tmp_path / "space.db")
    return f"sqlite:///{tmp_path / 'space.db'}"


@pytest.fixture
def house(url: str) -> Iterator[House]:
    made = build_house(
        load_settings({"SPACEKEEPER_BOT_TOKEN": "none", "SPACEKEEPER_DATABASE_URL": url})
    )
    yield made
    made.store.close()


Make = Callable[..., Clockwork]
Times = Mapping[str, str]


@pytest.fixture
def start(house: House, url: str) -> Iterator[Make]:
    made: list[Clockwork] = []

    def begin(
        *jobs: Job, clock: Clock | None = None, times: Times = MappingProxyType({})
    ) -> Clockwork:
        on = house if clock is None else replace(house, clock=clock)
        tasks = Tasks(on, {job.name: job for job in jobs}, database_url=url)
        made.append(Clockwork(tasks, times))
        made[-1].start()
        return made[-1]

    yield begin
    for one in made:
        one.stop()


def due_half_an_hour_ago() -> datetime:
    return (datetime.now(UTC) - AGO).replace(second=0, microsecond=0)


def a_job(run: Callable[[Firing], Summary] = lambda firing: {}, **more: object) -> Job:
    due = due_half_an_hour_ago()
    fields: dict[str, object] = {
        "name": "nap", "doc": "Sleeps.", "grace": timedelta(hours=1),
        "cron": f"{due.minute} {due.hour} {due.day} {due.month} *",
    }  # fmt: skip
    return Job(run=run, **(fields | more))  # type: ignore[arg-type]


def somebody_was_there_before(house: House) -> None:
    """A run of long ago, else nothing can have been expected."""

    class Before:
        def now(self) -> datetime:
            return datetime.now(UTC) - timedelta(days=30)

    with Store(house.store.engine, Before()).begin() as tx:
        tx.runs.start("old", "old", tx.now)
        tx.runs.finish("old", RunOutcome.DONE, {})
        tx.commit()


def runs(house: House, job: str = "nap") -> tuple[Run, ...]:
    with house.store.read() as tx:
        return tx.runs.history(job, count=9, finished=False)


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not what():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)


def test_what_was_due_while_nobody_was_there_runs_within_its_grace(
    house: House, start: Make
) -> None:
    somebody_was_there_before(house)
    start(a_job())
    until(lambda: [run.outcome for run in runs(house)] == [RunOutcome.DONE])
    assert runs(house)[0].due_at == due_half_an_hour_ago()


def test_beyond_its_grace_it_is_missed_and_written_down(house: House, start: Make) -> None:
    somebody_was_there_before(house)
    start(a_job(lambda firing: pytest.fail("it ran"), grace=timedelta(minutes=10)))
    until(lambda: [run.outcome for run in runs(house)] == [RunOutcome.MISSED])


def test_before_the_first_start_nothing_was_due(house: House, start: Make) -> None:
    start(a_job(at_start=True))
    until(lambda: len(runs(house)) == 1)
    assert runs(house)[0].due_at > due_half_an_hour_ago() + timedelta(minutes=20)


def test_what_the_operator_switched_off_is_not_run_at_start_either(
    house: House, start: Make
) -> None:
    off = a_job(lambda firing: pytest.fail("it ran"), at_start=True)
    start(off, a_job(name="walk", at_start=True), times={"nap": NEVER})
    until(lambda: [run.outcome for run in runs(house, "walk")] == [RunOutcome.DONE])
    assert runs(house) == ()


def test_a_sandboxes_clock_is_the_runs_clock(house: House, start: Make) -> None:
    class Ahead:
        def now(self) -> datetime:
            return datetime.now(UTC) + timedelta(days=40)

    somebody_was_there_before(house)
    start(a_job(), clock=Ahead())
    until(lambda: len(runs(house)) == 1)
    assert runs(house)[0].due_at == due_half_an_hour_ago() + timedelta(days=40)


def test_a_stop_leaves_a_run_that_the_next_start_ends(house: House, start: Make) -> None:
    somebody_was_there_before(house)
    begun, times = threading.Event(), []

    def work(firing: Firing) -> Mapping[str, object]:
        times.append(firing.run)
        begun.set()
        while len(times) == 1:
            if firing.stop():
                raise Stopped
            time.sleep(0.01)
        return {"times": len(times)}

    first = start(a_job(work))
    assert begun.wait(30)
    first.stop()
    assert first.is_clean
    assert [run.outcome for run in runs(house)] == [RunOutcome.GOING]
    start(a_job(work))
    until(lambda: [run.outcome for run in runs(house)] == [RunOutcome.DONE])
    assert len(set(times)) == 1


def test_two_houses_of_one_python_process_share_its_tasks(
    house: House, url: str, tmp_path: Path
) -> None:
    count: list[int] = []
    job = a_job(lambda firing: count.append(1) or {"count": len(count)})  # type: ignore[func-returns-value]
    both = [Tasks(house, {"nap": job}, database_url=url) for _ in range(2)]
    other = Tasks(house, {"nap": job}, database_url=f"sqlite:///{tmp_path / 'other.db'}")
    for one in both:
        one.start()
    try:
        due = due_half_an_hour_ago()
        assert [one.fire("nap", due)().summary["count"] for one in both] == [1, 1]
        with pytest.raises(Fault, match="one database"):
            other.start()
        both[0].stop()
        assert both[1].fire("nap", due)().summary["count"] == 1
    finally:
        both[1].stop()


def test_a_job_that_does_not_exist_is_refused(house: House) -> None:
    with pytest.raises(Fault, match="no job named"):
        run_job(house, "nonsense")


def test_the_pace_is_kept_and_ends_at_a_pause_and_at_a_stop(house: House) -> None:
    stopping = threading.Event()
    pacer = Pacer(house.store, stopping)
    began = time.monotonic()
    pacer(0.2)
    assert time.monotonic() - began >= 0.2
    with house.store.begin() as tx:
        tx.settings.put(PAUSE, {"reason": "an audit"}, by="cleo@example.com")
        tx.commit()
    pacer(3600)
    stopping.set()
    with pytest.raises(Stopped):
        pacer(3600)
    assert time.monotonic() - began < 20
