"""How often one may ask: token buckets a person, a space and for all (safety.md, Flood).

In the memory of the process, on real time: a flood is a thing of seconds. Who is over is
told once, then not answered until it is over.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from enum import Enum, auto


class Flow(Enum):
    PASS = auto()
    TELL = auto()
    """Too much; say so, once."""
    DROP = auto()


@dataclass(slots=True)
class _Bucket:
    level: float
    at: float
    told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`burst` at once, then `per_second`."""

    burst: float
    per_second: float


PERSON = Rate(burst=30, per_second=1)
SPACE = Rate(burst=120, per_second=4)
WHOLE = Rate(burst=2000, per_second=60)
MOST = 20_000


class Flood:
    def __init__(self, *, person: Rate = PERSON, space: Rate = SPACE, whole: Rate = WHOLE) -> None:
        self._person, self._space, self._whole = person, space, whole
        self._buckets: dict[str, _Bucket] = {}
        self._lock = threading.Lock()

    def let(self, person: str, space: str) -> Flow:
        """Whether one more of this person in this space is answered."""
        now = time.monotonic()
        with self._lock:
            if len(self._buckets) > MOST:
                self._buckets = {k: b for k, b in self._buckets.items() if now - b.at < 120}
            mine = self._level(person, self._person, now)
            all_of_them = (
                mine, self._level(space, self._space, now), self._level("", self._whole, now)
            )  # fmt: skip
            if all(bucket.level >= 1 for bucket in all_of_them):
                for bucket in all_of_them:
                    bucket.level -= 1
                mine.told = False
                return Flow.PASS
            was_told, mine.told = mine.told, True
            return Flow.DROP if was_told else Flow.TELL

    def _level(self, name: str, rate: Rate, now: float) -> _Bucket:
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._buckets[name] = _Bucket(rate.burst, now)
        bucket.level = min(rate.burst, bucket.level + (now - bucket.at) * rate.per_second)
        bucket.at = now
        return bucket
