"""kill -9 in the middle of a night, as an operator's machine does it; then it is started again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.tasks import run_job
from domain.lifecycle import CaseState
from tests.nights import DAY, World

GENEROUS = {
    "CAP_PER_RUN": "20", "CAP_PER_DAY": "20", "CAP_SHARE": "1", "PACE_SECONDS": "0",
    "COOLING_HOURS": "0", "INVENTORY_HOURS": "240000", "WEBEX_PER_MINUTE": "60000",
    "COMPLIANCE": "cleo@example.com dora@example.com",
}  # fmt: skip


def nightly(world: World, tmp_path: Path, at: str) -> subprocess.Popen[str]:
    ready = world.control.ready
    given = GENEROUS | {
        "BOT_TOKEN": ready["tokens"]["bot"], "WEBEX_URL": ready["rest"], "CA_FILE": ready["ca"],
        "CO_ACCESS_TOKEN": ready["tokens"]["co"], "CO2_ACCESS_TOKEN": ready["tokens"]["co2"],
        "DATABASE_URL": f"sqlite:///{tmp_path / 'space.db'}", "SANDBOX_CLOCK": ready["clock"],
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "job", "nightly", "--at", at], text=True,
        env=os.environ | {f"SPACEKEEPER_{name}": value for name, value in given.items()},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=Path(__file__).parents[2],
    )  # fmt: skip


def until(what: Callable[[], Any]) -> None:
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def test_a_night_that_was_killed_over_a_deletion_is_ended_by_the_next_start(
    world: World, tmp_path: Path
) -> None:
    room = world.space()
    world.crawl()
    world.policy()
    blocked = world.until(CaseState.BLOCKED, room)
    assert blocked.due is not None
    while blocked.due - world.now() > DAY:
        world.pass_(DAY)
        world.night()
    world.pass_(blocked.due - world.now())
    run_job(world.house, "events")
    at = world.now().isoformat()
    lost = world.control.fault("hang-after", method="DELETE", path="/rooms/*", count=1)

    killed = nightly(world, tmp_path, at)
    until(lambda: world.control.fired(lost) == 1 or killed.poll() is not None)
    killed.kill()
    said = killed.communicate()
    assert world.control.fired(lost) == 1, said
    assert world.deleted() == ["Old plans"]

    began = time.monotonic()
    again = nightly(world, tmp_path, at)
    out, err = again.communicate(timeout=100)
    assert again.returncode == 0, err
    assert json.loads(out)["outcome"] == "done"
    assert time.monotonic() - began < timedelta(minutes=1).total_seconds()
    assert world.deleted() == ["Old plans"]
    case = world.case(room)
    assert case is not None
    assert case.state is CaseState.GONE
    with world.house.store.read() as tx:
        assert tx.intents.open() == ()
        assert tx.audit.verify()
        assert [run.outcome for run in tx.runs.history("nightly", count=9)] == ["done"]
    for officer in ("cleo@example.com", "dora@example.com"):
        assert sum("ertificate" in text for text in world.told(officer)) <= 1
