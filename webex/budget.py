"""How fast we ask: a bucket for each identity and lane, so that chat never waits for a crawl.

Background work gets all but a little of an identity's rate. That little, and the part of the burst
that it never takes, fill up on Webex's side what chat then uses at once.
"""

from __future__ import annotations

import threading
import time

RATE_RESERVE, BURST_RESERVE = 0.01, 0.2
"""The shares that background work never touches."""
BURST_SECONDS = 10


class Bucket:
    """`per_minute` requests, with a burst of ten seconds' worth, or of that `share` of it."""

    def __init__(self, per_minute: float, *, share: float = 1.0) -> None:
        self._rate = per_minute / 60
        self._most = max(1.0, self._rate * BURST_SECONDS * share)
        self._level = self._most
        self._at = time.monotonic()
        self._lock = threading.Lock()

    def take(self) -> float:
        """Books one request; gives the seconds to wait before it may be made."""
        with self._lock:
            now = time.monotonic()
            self._level = min(self._most, self._level + (now - self._at) * self._rate)
            self._at = now
            self._level -= 1
            return 0.0 if self._level >= 0 else -self._level / self._rate
