"""When a job is due, and what is made of what fell due while nobody was there."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from bot.scheduler import Scheduler, last_due, read_times
from bot.settings import WrongSettings
from jobs.registry import load
from jobs.spec import Job

HOUR = timedelta(hours=1)


def a_job(cron: str = "0 2 * * *", *, grace: timedelta = HOUR) -> dict[str, Job]:
    made = Job(name="nap", doc="Sleeps.", cron=cron, grace=grace, run=lambda firing: {})
    return {"nap": made}


def test_a_job_is_fired_with_the_moment_at_which_it_was_due() -> None:
    fired: list[tuple[str, datetime]] = []
    enough = threading.Event()

    def fire(name: str, due: datetime) -> None:
        fired.append((name, due))
        if len(fired) == 2:
            enough.set()

    made = Scheduler(a_job(), times={"nap": "* * * * * *"}, fire=fire, missed=fire)
    made.start()
    try:
        assert enough.wait(15)
    finally:
        made.stop()
    first, second = fired[:2]
    assert first[0] == "nap"
    assert first[1].microsecond == 0
    assert second[1] - first[1] >= timedelta(seconds=1)
    assert abs(datetime.now(UTC) - second[1]) < timedelta(seconds=10)


@pytest.mark.parametrize(
    ("cron", "due"),
    [
        ("0 2 * * *", "2026-03-09T02:00"),
        ("*/5 * * * *", "2026-03-09T13:35"),
        ("0 0 1 * *", "2026-03-01T00:00"),
        ("0 3 29 2 *", "2024-02-29T03:00"),
        ("38 13 9 3 *", "2026-03-09T13:38"),
    ],
)
def test_when_it_was_due_last(cron: str, due: str) -> None:
    now = datetime(2026, 3, 9, 13, 38, tzinfo=UTC)
    if cron == "0 3 29 2 *":
        now = datetime(2026, 3, 9, 13, 38, tzinfo=UTC) - timedelta(days=200)
    assert last_due(cron, now) == datetime.fromisoformat(due).replace(tzinfo=UTC)


def looked_back(*, ago: timedelta, grace: timedelta, was_there: bool = False) -> list[str]:
    due = (datetime.now(UTC) - ago).replace(second=0, microsecond=0)
    said: list[str] = []
    made = Scheduler(
        a_job(f"{due.minute} {due.hour} {due.day} {due.month} *", grace=grace), times={},
        fire=lambda name, at: said.append("fired" if at == due else "wrong"),
        missed=lambda name, at: said.append("missed" if at == due else "wrong"),
    )  # fmt: skip
    made.look_back(lambda name, at: was_there)
    return said


def test_what_fell_due_within_its_grace_is_fired_late() -> None:
    assert looked_back(ago=timedelta(minutes=30), grace=HOUR) == ["fired"]


def test_what_fell_due_before_its_grace_is_missed() -> None:
    assert looked_back(ago=timedelta(minutes=90), grace=HOUR) == ["missed"]


def test_what_was_seen_to_is_left_alone() -> None:
    assert looked_back(ago=timedelta(minutes=30), grace=HOUR, was_there=True) == []


def test_the_operator_gives_other_times() -> None:
    jobs = load()
    assert read_times(" recovery = */2 * * * *; ", jobs) == {"recovery": "*/2 * * * *"}
    assert read_times("", jobs) == {}
    assert read_times("recovery=never", jobs) == {"recovery": "never"}


def test_all_that_is_wrong_with_the_times_is_said() -> None:
    with pytest.raises(WrongSettings) as no:
        read_times("nonsense=0 2 * * *; recovery=25 hours; recovery", load())
    assert str(no.value).count("SPACEKEEPER_JOB_TIMES") == 3


def test_a_job_that_is_never_due_is_not_fired() -> None:
    said: list[str] = []
    made = Scheduler(
        a_job("* * * * *"), times={"nap": "never"},
        fire=lambda name, at: said.append(name), missed=lambda name, at: said.append(name),
    )  # fmt: skip
    made.look_back(lambda name, at: False)
    assert said == []
