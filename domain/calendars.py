"""When several have to agree that it is open: the company, and a policy with hours of its own.

A policy only ever narrows: what it says is one more that has to be open, never one instead. Its
hours are kept as they are written, `mon-fri 09:00-17:00 Europe/Berlin`, and read here; where they
name no time zone, they are of the company's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.hours import (
    EVERY_DAY,
    FARTHEST,
    WEEK,
    Hours,
    read_days,
    read_freezes,
    read_hours,
    read_zone,
)

MOST_TURNS = 1000
"""Several that open in turn, and never together, are looked at so often."""
MOST_FREEZES = 50
NEVER_OPEN = frozenset[int]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Open while all of its `parts` are."""

    parts: tuple[Hours, ...] = (Hours(),)

    @property
    def is_always(self) -> bool:
        return all(one.is_always for one in self.parts)

    def closed(self, now: datetime) -> str:
        """Why nothing may be destroyed at this moment; empty when it may."""
        return next((why for one in self.parts if (why := one.closed(now))), "")

    def opens_at(self, now: datetime) -> datetime | None:
        """The next moment, to the minute, at which all are open; None: not within a year."""
        at = now
        for _ in range(MOST_TURNS):
            if not self.closed(at):
                return at
            for one in self.parts:
                opens = one.opens_at(at)
                if opens is None or opens > now + timedelta(days=FARTHEST):
                    return None
                at = opens
        return None


class Openings:
    """The same for many moments: asked once for the turns of the clock, then looked up."""

    def __init__(self, calendar: Calendar, since: datetime, until: datetime) -> None:
        self._calendar = calendar
        self._turns: list[datetime] = []
        self._opens: list[datetime | None] = []
        if not calendar.is_always:
            self._turns = [since, *sorted(_turns(calendar, since, until))]
            opens = calendar.opens_at(self._turns[-1])
            for at in reversed(self._turns):
                opens = opens if calendar.closed(at) else at
                self._opens.append(opens)
            self._opens.reverse()

    def opens_at(self, at: datetime) -> datetime | None:
        """As `Calendar.opens_at`; what lies outside of the span is asked of it."""
        place = bisect_right(self._turns, at) - 1
        if not self._turns:
            return at
        if place < 0 or place == len(self._turns) - 1:
            return self._calendar.opens_at(at)
        opens = self._opens[place]
        return None if opens is None else max(at, opens)


def _turns(calendar: Calendar, since: datetime, until: datetime) -> Iterator[datetime]:
    """All moments between at which one of its parts may open or close."""
    for one in calendar.parts:
        zone = ZoneInfo(one.zone)
        day, last = since.astimezone(zone).date(), until.astimezone(zone).date()
        clocks = {time(), one.opens or time(), one.closes or time()}
        while day <= last:
            for clock in clocks:
                for fold in (0, 1):  # an hour that comes twice opens and closes twice
                    at = datetime.combine(day, clock.replace(fold=fold), zone)
                    at = at.astimezone(since.tzinfo)
                    if since < at <= until:
                        yield at
            day += timedelta(days=1)
        for freeze in one.freezes:
            if freeze.void_from is not None and since < freeze.void_from <= until:
                yield freeze.void_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What a policy says of its own hours, as written; both empty: nothing."""

    hours: str = ""
    freeze: str = ""

    def __bool__(self) -> bool:
        return bool(self.hours or self.freeze)

    def within(self, zone: str, *, of: str) -> Hours:
        """As hours to be held to.

        Args:
            zone: the company's.
            of: whose they are, as it is said.

        What can't be read is never open: nothing is destroyed on the ground of a line that
        nobody understands.
        """
        try:
            read = _read(self.hours)
            return Hours(
                zone=read.zone or zone, days=read.days, opens=read.opens, closes=read.closes,
                freezes=read_freezes(self.freeze), of=of,
            )  # fmt: skip
        except ValueError:
            return Hours(zone="UTC", days=NEVER_OPEN, of=of)


@dataclass(slots=True, kw_only=True)
class _Read:
    zone: str = ""
    days: frozenset[int] = EVERY_DAY
    opens: time | None = None
    closes: time | None = None


def _read(text: str) -> _Read:
    """Raises ValueError: a word of it is no day, hour or zone."""
    made, days = _Read(), []
    for word in text.replace(",", " ").split():
        if ":" in word:
            if made.opens is not None:
                raise ValueError("name one span of hours, such as 09:00-17:00")
            made.opens, made.closes = read_hours(word) or (None, None)
        elif "/" in word or word.upper() in ("UTC", "GMT"):
            if made.zone:
                raise ValueError("name one time zone, such as Europe/Berlin")
            made.zone = read_zone(word.upper() if "/" not in word else word)
        else:
            days.append(word)
    made.days = read_days(" ".join(days))
    return made


def write_hours(text: str) -> str:
    """Hours of a policy as they are kept: days, hours, zone. Empty: always open.

    Raises:
        ValueError: a word of it is no day, hour or zone.
    """
    if text.strip().casefold() in ("", "always", "any", "all day", "every day", "none"):
        return ""
    read = _read(text)
    hours = "" if read.opens is None or read.closes is None else (
        f"{read.opens:%H:%M}-{read.closes:%H:%M}"
    )  # fmt: skip
    return " ".join(one for one in (_days(read.days), hours, read.zone) if one)


def write_freezes(text: str) -> str:
    """Freeze days of a policy as they are kept. Empty: none.

    Raises:
        ValueError: one of them is no day, or there are too many.
    """
    if text.strip().casefold() in ("", "none", "never", "no"):
        return ""
    found = read_freezes(text)
    if len(found) > MOST_FREEZES:
        raise ValueError(f"at most {MOST_FREEZES} freeze days or spans of them")
    return ", ".join(dict.fromkeys(one.written for one in found))


def _days(days: frozenset[int]) -> str:
    """Such as mon-fri, also over the week's end; apart where they are not one after the other."""
    if days == EVERY_DAY:
        return ""
    firsts = [day for day in sorted(days) if (day - 1) % 7 not in days]
    spans = []
    for first in firsts:
        last = first
        while (last + 1) % 7 in days:
            last = (last + 1) % 7
        spans.append(WEEK[first] if first == last else f"{WEEK[first]}-{WEEK[last]}")
    return " ".join(spans)
