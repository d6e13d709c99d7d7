"""The sandbox's own time: real time plus an offset, so that a month can pass in a second.

The offset is also kept in a small file, whose path the ready file names: a bot that reads it
lives by the same clock.
"""

from __future__ import annotations

import json
import os
import tempfile
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path


class SandboxClock:
    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.offset = timedelta()
        self._write()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def now_ms(self) -> int:
        return round(self.now().timestamp() * 1000)

    def advance(self, by: timedelta) -> None:
        self.offset += by
        self._write()

    def set(self, moment: datetime) -> None:
        self.offset = moment - datetime.now(UTC)
        self._write()

    def _write(self) -> None:
        """In one move, so that no reader sees half a file."""
        if self.path is None:
            return
        text = json.dumps({"offset_seconds": self.offset.total_seconds()})
        handle, name = tempfile.mkstemp(dir=self.path.parent)
        with os.fdopen(handle, "w") as file:
            file.write(text)
        Path(name).replace(self.path)


def iso(ms: int | None) -> str | None:
    """Webex's way to write a moment: UTC, milliseconds, Z."""
    if ms is None:
        return None
    moment = datetime.fromtimestamp(ms / 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"


def ms_of(text: str) -> int:
    """Milliseconds of an ISO moment. Raises ValueError."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)


def http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)
