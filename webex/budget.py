"""How fast we ask: a bucket for each identity and lane, so that chat never waits for a crawl.

Background work gets what is left of an identity's rate after chat's reserve.
"""

from __future__ import annotations

import threading
import time

CHAT_RESERVE = 0.2
"""The share of the rate that background work never touches."""
BURST_SECONDS = 10


class Bucket:
    """`per_minute` requests, with a burst of ten seconds' worth."""

    def __init__(self, per_minute: float) -> None:
        self._rate = per_minute / 60
        self._most = max(1.0, self._rate * BURST_SECONDS)
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
