"""A bot in a process of its own, started as an operator starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import text

from storage.engine import open_engine

ROOT = Path(__file__).parent.parent


class Child:
    """A running ``spacekeeper bot``; what it writes goes to a file."""

    def __init__(self, process: subprocess.Popen[bytes], written: Path) -> None:
        self._process = process
        self._written = written

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        """At once, as kill -9 does."""
        if self.is_alive:
            self._process.kill()
        self._process.wait(20)

    def stop(self) -> int:
        """As an operator stops it; gives its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self, seconds: float = 30) -> int:
        return self._process.wait(seconds)

    def log(self) -> str:
        """What it wrote so far."""
        return self._written.read_text("utf-8", "replace")


def start_child(settings: Mapping[str, str], *command: str) -> Child:
    """Starts ``spacekeeper bot`` (or another command) with nothing but these settings."""
    known = {k: v for k, v in os.environ.items() if not k.startswith("SPACEKEEPER_")}
    handle, name = tempfile.mkstemp(prefix="bot-", suffix=".log")
    with os.fdopen(handle, "wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", *(command or ("bot",))],
            cwd=ROOT, env={**known, **settings}, stdout=file, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    return Child(process, Path(name))


def run_out(database_url: str) -> None:
    """The claims of a process that was killed run out. They do so by real time, a minute or two,
    which is not waited for."""
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE inbox SET taken_until = 0 WHERE state = 'taken'"))
        connection.execute(text("UPDATE lease SET until = 0 WHERE name LIKE 'intent/%'"))
        connection.execute(text("UPDATE sighting SET free_at = 0"))
        connection.execute(text("UPDATE delivery SET free_at = 0 WHERE state = 'waiting'"))
    engine.dispose()
