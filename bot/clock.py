"""The clock of a sandbox: real time and an offset that the sandbox writes to a file.

Only wiring makes one, and only when Webex is on this machine; a deployment has the machine's.
"""

from __future__ import annotations

import json
import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

_GLANCE = 0.05  # seconds; the file is looked at this often at most


class SandboxClock:
    """Satisfies `domain.clock.Clock`. Keeps the last offset while the file can't be read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._looked = float("-inf")
        self._stamp: tuple[int, int] = (0, 0)
        self._offset = timedelta()

    def now(self) -> datetime:
        if time.monotonic() - self._looked > _GLANCE:
            self._look()
        return datetime.now(UTC) + self._offset

    def _look(self) -> None:
        with self._lock:
            self._looked = time.monotonic()
            try:
                found = os.stat(self._path)
                stamp = (found.st_mtime_ns, found.st_ino)
                if stamp != self._stamp:
                    seconds = json.loads(self._path.read_text())["offset_seconds"]
                    self._offset = timedelta(seconds=float(seconds))
                    self._stamp = stamp
            except (OSError, ValueError, KeyError, TypeError):
                return
