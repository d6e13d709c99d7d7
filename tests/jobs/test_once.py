"""A firing happens once: over processes, over a kill, over a stop."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

DUE = "2026-11-24T02:00:00+00:00"
ROOT = Path(__file__).parents[2]
PATIENCE = 60.0


class Fired:
    """A child process that fires the job, and what it said."""

    def __init__(self, url: str, file: Path, *, due: str = DUE, seconds: float = 0) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.child", url, str(file), due, str(seconds)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def said(self) -> dict[str, Any]:
        out, err = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 0, err
        assert err == ""
        return dict(json.loads(out))


def lines(file: Path) -> list[str]:
    return [line.split()[0] for line in file.read_text().splitlines()] if file.exists() else []


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def test_two_processes_fire_and_it_runs_once(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    both = [Fired(database_url, file, seconds=1.5) for _ in range(2)]
    said = [one.said() for one in both]
    assert lines(file) == ["begins", "ends"]
    assert said[0] == said[1]
    assert said[0]["outcome"] == "done"


def test_what_ran_does_not_run_again(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    first = Fired(database_url, file).said()
    assert Fired(database_url, file).said() == first
    assert lines(file) == ["begins", "ends"]


def test_a_killed_process_goes_on_after_its_restart(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    killed = Fired(database_url, file, seconds=60)
    until(lambda: lines(file) == ["begins"])
    killed.process.kill()
    killed.process.communicate()
    restarted = Fired(database_url, file).said()
    assert restarted["outcome"] == "done"
    assert Fired(database_url, file).said() == restarted
    assert lines(file) == ["begins", "begins", "ends"]


def test_a_living_process_takes_over_from_a_killed_one(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    killed = Fired(database_url, file, seconds=60)
    until(lambda: lines(file) == ["begins"])
    other = Fired(database_url, file)  # finds it begun, and waits for what comes of it
    time.sleep(1)
    killed.process.kill()
    killed.process.communicate()
    said = other.said()
    assert (said["outcome"], said["by"]) == ("done", other.process.pid)
    assert lines(file) == ["begins", "begins", "ends"]


def test_two_clocks_fire_each_moment_once(database_url: str, tmp_path: Path) -> None:
    """Two processes whose schedulers run on one database; one is killed on the way."""
    file = tmp_path / "lines"
    both = [Fired(database_url, file, due="clock") for _ in range(2)]

    def workers() -> set[str]:
        begun = file.read_text().splitlines() if file.exists() else []
        return {line.split()[2] for line in begun}

    until(lambda: len(workers()) == 2)
    both[0].process.kill()
    both[0].process.communicate()
    count = len(lines(file))
    until(lambda: len(lines(file)) >= count + 6)
    both[1].process.terminate()
    _, said = both[1].process.communicate(timeout=PATIENCE)
    assert both[1].process.returncode == 0, said
    begun = [line.split()[1] for line in file.read_text().splitlines() if "begins" in line]
    ended = [line.split()[1] for line in file.read_text().splitlines() if "ends" in line]
    assert len(ended) == len(set(ended))
    assert len(begun) - len(set(begun)) <= 1  # what was in hand at the kill is begun again
