"""What is written down of a firing, and when one is not carried out."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import firing
from bot.firing import carry_out, record_missed, run_id
from bot.settings import load_settings
from bot.wiring import build_house
from domain.errors import Elsewhere, Fault, Refusal, Stopped
from domain.runs import RunOutcome
from jobs.spec import Firing, Job, Summary
from spaces.spec import House

DUE = datetime(2026, 11, 24, 2, tzinfo=UTC)


def a_job(run: Callable[[Firing], Summary]) -> Job:
    return Job(name="nap", doc="Sleeps.", cron="", grace=timedelta(hours=1), run=run)


@pytest.fixture
def house(sqlite_template: Path, tmp_path: Path) -> Iterator[House]:
    shutil.copy(sqlite_template, tmp_path / "space.db")
    made = build_house(
        load_settings(
            {
                "SPACEKEEPER_BOT_TOKEN": "none",
                "SPACEKEEPER_DATABASE_URL": f"sqlite:///{tmp_path / 'space.db'}",
            }
        )
    )
    yield made
    made.store.close()


def test_a_run_is_named_by_job_and_due_time() -> None:
    assert run_id("nightly", DUE) == "nightly@2026-11-24T02:00:00Z"
    there = DUE.astimezone().isoformat()
    assert run_id("nightly", datetime.fromisoformat(there)) == run_id("nightly", DUE)


def test_a_run_and_what_came_of_it_are_written_down(house: House) -> None:
    ran = carry_out(house, a_job(lambda firing: {"spaces": 3, "since": firing.due_at}), DUE)
    assert (ran.outcome, ran.summary["spaces"]) == (RunOutcome.DONE, 3)
    with house.store.read() as tx:
        kept = tx.runs.last("nap")
        assert kept is not None
        assert (kept.due_at, kept.outcome, kept.summary) == (DUE, RunOutcome.DONE, ran.summary)
        assert tx.leases.live("job/") == {}


def test_a_run_that_was_is_told_and_not_repeated(house: House) -> None:
    count: list[int] = []
    job = a_job(lambda firing: count.append(1) or {"n": len(count)})
    assert carry_out(house, job, DUE) == carry_out(house, job, DUE)
    assert len(count) == 1


def test_a_dry_run_leaves_no_trace(house: House) -> None:
    seen: list[bool] = []
    ran = carry_out(house, a_job(lambda firing: seen.append(firing.is_dry) or {}), DUE, is_dry=True)
    assert (ran.outcome, seen) == ("dry", [True])
    with house.store.read() as tx:
        assert tx.runs.get(ran.run) is None


@pytest.mark.parametrize("no", [Fault("Webex is away"), Refusal("Webex is away"), KeyError("x")])
def test_a_run_that_breaks_is_written_down(house: House, no: Exception) -> None:
    def breaks(firing: Firing) -> Summary:
        raise no

    ran = carry_out(house, a_job(breaks), DUE)
    assert ran.outcome == RunOutcome.FAILED
    assert ran.summary["fault"] == type(no).__name__
    assert ("Webex is away" in str(ran.summary["why"])) == (not isinstance(no, KeyError))
    with house.store.read() as tx:
        assert tx.leases.live("job/") == {}


def test_a_firing_is_skipped_while_the_one_before_is_going(house: House) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(firing: Firing) -> Summary:
        begun.set()
        assert go_on.wait(20)
        return {}

    first = threading.Thread(target=carry_out, args=(house, a_job(slow), DUE))
    first.start()
    assert begun.wait(20)
    later = carry_out(house, a_job(slow), DUE + timedelta(minutes=1))
    go_on.set()
    first.join(20)
    assert later.outcome == RunOutcome.SKIPPED
    with house.store.read() as tx:
        assert [run.outcome for run in tx.runs.history("nap", count=5)] == ["skipped", "done"]


def test_a_stopped_run_goes_on_next_time(house: House) -> None:
    stopping = threading.Event()

    def work(firing: Firing) -> Summary:
        if stopping.is_set():
            assert firing.stop()
            raise Stopped
        return {}

    stopping.set()
    with pytest.raises(Stopped):
        carry_out(house, a_job(work), DUE, stopping=stopping)
    with house.store.read() as tx:
        assert [run.id for run in tx.runs.going()] == [run_id("nap", DUE)]
    stopping.clear()
    assert carry_out(house, a_job(work), DUE).outcome == RunOutcome.DONE


def test_a_missed_firing_is_written_down_and_not_made_up_for(house: House) -> None:
    record_missed(house, a_job(lambda firing: {}), DUE)
    ran = carry_out(house, a_job(lambda firing: pytest.fail("it ran")), DUE)
    assert ran.outcome == RunOutcome.MISSED


def test_what_ran_can_not_be_missed_any_more(house: House) -> None:
    job = a_job(lambda firing: {})
    carry_out(house, job, DUE)
    record_missed(house, job, DUE)
    with house.store.read() as tx:
        assert [run.outcome for run in tx.runs.history("nap", count=5)] == ["done"]


def test_a_run_tells_how_far_it_is(house: House) -> None:
    seen: list[object] = []

    def work(firing: Firing) -> Summary:
        firing.progress(3, 10)
        with house.store.read() as tx:
            run = tx.runs.get(firing.run)
            seen.append(run.summary if run else None)
        return {}

    carry_out(house, a_job(work), DUE)
    assert seen == [{"done": 3, "total": 10}]


def test_what_another_process_is_at_is_tried_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firing, "AGAIN", 0.01)
    tries: list[int] = []

    def work(_: Firing) -> Summary:
        tries.append(1)
        if len(tries) < 3:
            raise Elsewhere("another process does the night's work")
        return {}

    assert carry_out(house, a_job(work), DUE).outcome == RunOutcome.DONE
    assert len(tries) == 3
    monkeypatch.setattr(firing, "PATIENCE", 0.0)
    tries.clear()
    given_up = carry_out(house, a_job(work), DUE + timedelta(days=1))
    assert (given_up.outcome, "another process" in str(given_up.summary)) == ("skipped", True)


def test_a_job_that_leaves_off_by_itself_has_failed(house: House) -> None:
    def leaves(_: Firing) -> Summary:
        raise Stopped

    assert carry_out(house, a_job(leaves), DUE).outcome == RunOutcome.FAILED
