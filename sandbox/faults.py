"""Faults on demand, by method, path, identity and count; each counts how often it fired.

A fault counts as tested only when it was seen to fire.
"""

from __future__ import annotations

import fnmatch
import itertools
from dataclasses import asdict, dataclass, field
from typing import Any

KINDS = {
    "429": "too many requests, with `retry_after` as it is given, malformed too; text/html",
    "5xx": "`status` (502) before anything is done",
    "5xx-after": "`status` (502) after it was done",
    "timeout": "no answer for `seconds`, nothing done",
    "timeout-after": "done, then no answer for `seconds`",
    "reset": "the connection is closed, nothing done",
    "reset-after": "done, then the connection is closed",
    "hang-after": "done, then never an answer",
    "html": "200 with a page of html",
    "broken-json": "200 with half a JSON body, done",
    "missing-page": "the Link to the next page is left out",
    "loop-page": "the Link points to this very page",
    "foreign-link": "the Link points to another host (`host`)",
    "empty-page": "no items, but the Link of the page",
    "undecrypted": "titles as cipher text, with `errors` in each item that has one",
    "no-items": "200 with an empty list and no Link",
    "stale": "404, as if it were not there yet",
    "status": "`status` with Webex's error body, nothing done",
    "date-offset": "the Date header is `seconds` off",
    "frame-lost": "a Mercury frame is not sent",
    "frame-double": "a Mercury frame is sent twice",
    "frame-delay": "a Mercury frame comes `seconds` late",
}


@dataclass(slots=True, kw_only=True)
class Fault:
    kind: str
    method: str = "*"
    path: str = "*"
    count: int = 1
    """How often it fires; negative for always."""
    skip: int = 0
    """How many matching requests pass before it fires."""
    who: str = ""
    """Only for requests by the person with this e-mail address."""
    contains: str = ""
    """Only where the request's body has this text."""
    status: int = 502
    retry_after: str = "1"
    seconds: float = 1.0
    host: str = "https://attacker.invalid/v1/"
    id: int = 0
    fired: int = field(default=0)


class Faults:
    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._ids = itertools.count(1)

    def add(self, **fields: Any) -> Fault:
        """Raises ValueError for an unknown kind, TypeError for an unknown field."""
        fault = Fault(**fields)
        if fault.kind not in KINDS:
            raise ValueError(f"unknown kind; known are: {', '.join(KINDS)}")
        fault.id = next(self._ids)
        self._faults.append(fault)
        return fault

    def take(
        self, method: str, path: str, *, who: str, body: str, is_api: bool = True
    ) -> Fault | None:
        """The fault for a request, counted as fired. What is not the API (`path` begins with
        /u2c, /wdm or /conversation) has to be named."""
        for fault in self._faults:
            if fault.kind.startswith("frame-") or fault.count == 0:
                continue
            if not (
                (is_api or fault.path.startswith("/"))
                and fnmatch.fnmatch(method, fault.method)
                and fnmatch.fnmatch(path, fault.path)
                and fault.who in ("", who)
                and fault.contains in body
            ):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            return self._fire(fault)
        return None

    def take_frame(self, verb: str) -> Fault | None:
        """The fault for a Mercury frame; `path` matches its verb."""
        for fault in self._faults:
            if (
                fault.kind.startswith("frame-")
                and fault.count
                and fnmatch.fnmatch(verb, fault.path)
            ):
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                return self._fire(fault)
        return None

    def list(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._faults]

    def clear(self) -> None:
        self._faults.clear()

    def _fire(self, fault: Fault) -> Fault:
        if fault.count > 0:
            fault.count -= 1
        fault.fired += 1
        return fault


class Limiter:
    """A token bucket for each account; off until control turns it on."""

    def __init__(self) -> None:
        self.per_minute = 0
        self._buckets: dict[int, tuple[float, float]] = {}
        self.refused = 0

    def set(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._buckets.clear()

    def wait_for(self, person: int, now: float) -> float:
        """Seconds until this account may ask again; 0 when it may now."""
        if not self.per_minute:
            return 0.0
        rate = self.per_minute / 60
        most = max(self.per_minute / 6, 1.0)
        level, at = self._buckets.get(person, (most, now))
        level = min(most, level + max(now - at, 0.0) * rate)
        if level < 1:
            self._buckets[person] = (level, now)
            self.refused += 1
            return (1 - level) / rate
        self._buckets[person] = (level - 1, now)
        return 0.0
