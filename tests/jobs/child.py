"""A process of its own that fires a job durably: ``child.py DATABASE_URL FILE DUE [seconds]``;
with ``clock`` for DUE the clockwork fires it each second, until the process is told to end.

The job writes one line when it begins and one when it ends, so that the file tells how often
it ran, by whom and when it was due.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

from bot.clockwork import Clockwork
from bot.settings import load_settings
from bot.tasks import Tasks
from bot.wiring import build_house
from domain.errors import Stopped
from jobs.spec import Firing, Job, Summary


def job(file: Path, seconds: float) -> Job:
    def run(firing: Firing) -> Summary:
        _line(file, f"begins {firing.due_at:%H:%M:%S.%f}")
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if firing.stop():
                raise Stopped
            time.sleep(0.02)
        _line(file, f"ends {firing.due_at:%H:%M:%S.%f}")
        return {"by": os.getpid(), "due": firing.due_at}

    return Job(name="lines", doc="Writes lines.", cron="", grace=timedelta(hours=1), run=run)


def _line(file: Path, what: str) -> None:
    with file.open("a") as lines:
        lines.write(f"{what} {os.getpid()}\n")


def main(url: str, file: str, due: str, seconds: str = "0") -> None:
    house = build_house(
        load_settings({"SPACEKEEPER_BOT_TOKEN": "none", "SPACEKEEPER_DATABASE_URL": url})
    )
    tasks = Tasks(house, {"lines": job(Path(file), float(seconds))}, database_url=url)
    if due == "clock":
        clockwork, over = Clockwork(tasks, {"lines": "* * * * * *"}), threading.Event()
        signal.signal(signal.SIGTERM, lambda number, frame: over.set())
        clockwork.start()
        over.wait(120)
        clockwork.stop()
        return
    tasks.start()
    ran = tasks.fire("lines", datetime.fromisoformat(due))()
    sys.stdout.write(json.dumps({"run": ran.run, "outcome": ran.outcome, **ran.summary}))
    tasks.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
