"""``spacekeeper job``, as an operator calls it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from domain.clock import SystemClock
from sandbox.handle import Control, Handle
from storage.engine import open_engine
from storage.store import Store

AT = "2026-11-24T02:00:00Z"
Call = Callable[..., Result]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'space.db'}"


@pytest.fixture
def call(sandbox: Handle, url: str, monkeypatch: pytest.MonkeyPatch) -> Call:
    ready = sandbox.ready
    for name, value in {
        "BOT_TOKEN": ready["tokens"]["bot"], "WEBEX_URL": ready["rest"], "CA_FILE": ready["ca"],
        "DATABASE_URL": url, "CO_ACCESS_TOKEN": ready["tokens"]["co"],
    }.items():  # fmt: skip
        monkeypatch.setenv(f"SPACEKEEPER_{name}", value)

    def made(*words: str) -> Result:
        return CliRunner().invoke(app, list(words))

    return made


def runs(url: str) -> list[str]:
    store = Store(open_engine(url), SystemClock())
    with store.read() as tx:
        found = [f"{run.id} {run.outcome}" for run in tx.runs.history("recovery", count=9)]
    store.close()
    return found


def test_a_job_is_run_once_for_its_moment(call: Call, url: str) -> None:
    first = call("job", "recovery", "--at", AT)
    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout)["outcome"] == "done"
    assert call("job", "recovery", "--at", AT).stdout == first.stdout
    assert runs(url) == [f"recovery@{AT} done"]


def test_a_dry_run_writes_nothing(call: Call, url: str) -> None:
    dry = call("job", "recovery", "--dry-run", "--at", AT)
    assert json.loads(dry.stdout) == {"run": f"recovery@{AT}", "outcome": "dry", "open": 0}
    assert runs(url) == []


def test_without_a_name_the_jobs_are_listed(call: Call) -> None:
    assert "recovery   */5 * * * *" in call("job").stdout


@pytest.mark.parametrize("words", [("nonsense",), ("recovery", "--at", "yesterday")])
def test_what_is_not_understood_is_said(call: Call, words: tuple[str, ...]) -> None:
    said = call("job", *words)
    assert said.exit_code == 2
    assert "There is no job" in said.output or "is no moment" in said.output


def test_a_sync_that_was_killed_goes_on_where_it_was(
    call: Call, url: str, control: Control, tmp_path: Path
) -> None:
    """kill -9 in the middle of a crawl; the same firing, fired again, ends the same crawl."""
    for number in range(15):
        control.space(f"Space {number}", creator="ana@example.com")
    call("job", "recovery")  # makes the database and sets the environment
    slow = control.fault("timeout-after", path="/memberships", seconds=0.3, skip=4, count=-1)
    killed = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "job", "sync", "--at", AT],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    store = Store(open_engine(url), SystemClock())

    def is_in_the_middle() -> bool:
        with store.read() as tx:
            open_one = tx.crawls.unfinished("company")
        return open_one is not None and 4 < open_one.done < (open_one.total or 0)

    end = time.monotonic() + 60
    while not is_in_the_middle():
        assert killed.poll() is None
        assert time.monotonic() < end
        time.sleep(0.02)
    killed.kill()
    killed.wait()
    assert control.fired(slow) > 0
    control.clear_faults()
    said = json.loads(call("job", "sync", "--at", AT).stdout)
    assert (said["outcome"], said["complete"], said["generation"]) == ("done", True, 1)
    assert said["spaces"] >= 15
    store.close()
