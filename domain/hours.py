"""When something may be destroyed: on which days, at which hours, and never on named days.

Read in one named time zone as people there read the wall clock, so that a change to summer time
moves nothing: a moment is turned into that clock's day and hour and only those are compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = frozenset(range(7))
FARTHEST = 400
"""Days that are looked ahead for the next open one; more than a year of freeze days is for ever."""
_RANGE = re.compile(r"\s*(?:\.\.|–|\bto\b)\s*")
_YEARLY = 2  # parts of a day without a year, such as 12-25


@dataclass(frozen=True, slots=True)
class Freeze:
    """From one day to another, both included; `is_yearly` ones come again each year.
    `void_from`: from that moment on it counts no more; None: it goes on counting.
    """

    first: date
    last: date
    is_yearly: bool = False
    void_from: datetime | None = None

    def has(self, day: date) -> bool:
        if not self.is_yearly:
            return self.first <= day <= self.last
        of, to, here = _in_year(self.first), _in_year(self.last), _in_year(day)
        return of <= here <= to if of <= to else here >= of or here <= to

    def freezes(self, now: datetime, day: date) -> bool:
        """Args: day: which it is at `now` where the days are counted."""
        return self.has(day) and (self.void_from is None or now < self.void_from)

    @property
    def written(self) -> str:
        """As it is typed, and as `read_freezes` reads it."""
        shape = "%m-%d" if self.is_yearly else "%Y-%m-%d"
        ends = dict.fromkeys(f"{one:{shape}}" for one in (self.first, self.last))
        return "..".join(ends)

    @property
    def said(self) -> str:
        return self.written.replace("..", " to ") + (" each year" if self.is_yearly else "")


def _in_year(day: date) -> tuple[int, int]:
    return (day.month, day.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Args:
    zone: an IANA name; of whose wall clock all of this is.
    days: of the week, 0 is Monday.
    opens, closes: within a day; None: all day. It closes before it opens where the open hours
        go on over midnight: the part after midnight is of the day on which it opened.
    freezes: days on which nothing is destroyed, whatever else is said.
    of: whose they are, as it is said; empty: the company's.
    """

    zone: str = "UTC"
    days: frozenset[int] = EVERY_DAY
    opens: time | None = None
    closes: time | None = None
    freezes: tuple[Freeze, ...] = field(default=())
    of: str = ""

    @property
    def is_always(self) -> bool:
        """Nothing is ever closed."""
        return not self.freezes and self.days == EVERY_DAY and self.opens == self.closes

    def closed(self, now: datetime) -> str:
        """Why nothing may be destroyed at this moment; empty when it may."""
        here = now.astimezone(ZoneInfo(self.zone))
        day, clock = here.date(), here.time().replace(fold=0)
        if any(one.freezes(now, day) for one in self.freezes):
            if self.of:
                return f"{day.isoformat()} is a freeze day of {self.of} ({self.zone})"
            return f"{day.isoformat()} is a freeze day ({self.zone})"
        opens, closes = self.opens or time(), self.closes or time()
        if opens == closes:
            began = day
        elif opens < closes:
            if not opens <= clock < closes:
                return self._outside()
            began = day
        else:
            if closes <= clock < opens:
                return self._outside()
            began = day if clock >= opens else day - timedelta(days=1)
        if began.weekday() not in self.days:
            return self._outside()
        return ""

    def opens_at(self, now: datetime) -> datetime | None:
        """The next moment, to the minute, at which it is open; None: not within a year."""
        if not self.closed(now):
            return now
        zone = ZoneInfo(self.zone)
        here = now.astimezone(zone)
        # It opens where the day begins or at its hour; each is looked at as that zone has it.
        voids = [one.void_from for one in self.freezes if one.void_from is not None]
        for ahead in range(FARTHEST):
            day = here.date() + timedelta(days=ahead)
            some = [datetime.combine(day, t, zone) for t in {time(), self.opens or time()}]
            some += [at for at in voids if at.astimezone(zone).date() == day]
            for at in sorted(one.astimezone(now.tzinfo) for one in some):
                if at > now and not self.closed(at):
                    return at
        return None

    def _outside(self) -> str:
        if self.of:
            return f"nothing is destroyed by {self.of} outside of {self.said}"
        return f"nothing is destroyed outside of {self.said}"

    @property
    def said(self) -> str:
        """The days of the week and the hours, with their zone."""
        days = ", ".join(WEEK[day].capitalize() for day in sorted(self.days))
        hours = "" if self.opens is None or self.closes is None else (
            f", {self.opens:%H:%M} to {self.closes:%H:%M}"
        )  # fmt: skip
        every = "every day" if self.days == EVERY_DAY else days or "no day"
        return f"{every}{hours} ({self.zone})"


def read_zone(text: str) -> str:
    """Raises ValueError: no such time zone."""
    try:
        return ZoneInfo(text.strip() or "UTC").key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{text[:40]!r} is no time zone; write one like Europe/Berlin") from None


def read_days(text: str) -> frozenset[int]:
    """Days of the week, such as ``mon-fri`` or ``mon wed fri``; nothing is every day.

    Raises:
        ValueError: one of them is none.
    """
    found: set[int] = set()
    for part in text.casefold().replace(",", " ").split():
        first, _, last = part.partition("-")
        try:
            start, end = WEEK.index(first[:3]), WEEK.index((last or first)[:3])
        except ValueError:
            raise ValueError(f"{part[:20]!r} is no day; write them like mon-fri") from None
        found |= {(start + n) % 7 for n in range((end - start) % 7 + 1)}
    return frozenset(found) or EVERY_DAY


def read_hours(text: str) -> tuple[time, time] | None:
    """Such as ``08:00-18:00``; nothing is all day. Raises ValueError: they are none."""
    if not text.strip():
        return None
    first, _, last = text.replace("–", "-").partition("-")
    try:
        opens, closes = (time.fromisoformat(one.strip().zfill(5)) for one in (first, last))
    except ValueError:
        raise ValueError(f"{text[:20]!r} are no hours; write them like 08:00-18:00") from None
    if opens == closes or opens.tzinfo or closes.tzinfo:
        raise ValueError("hours begin and end at different times; leave them out for all day")
    return opens, closes


def read_freezes(text: str) -> tuple[Freeze, ...]:
    """Such as ``2026-12-24..2027-01-01, 12-25``, divided by commas; a day without a year comes
    every year. Raises ValueError: one of them is no day, or ends before it begins."""
    return tuple(
        _freeze(part.strip()) for part in text.replace(";", ",").split(",") if part.strip()
    )


def _freeze(text: str) -> Freeze:
    ends = _RANGE.split(text)
    is_yearly = all(len(one.split("-")) == _YEARLY for one in ends)
    try:
        if len(ends) not in (1, 2):
            raise ValueError
        days = [date.fromisoformat(f"2000-{one}" if is_yearly else one) for one in ends]
    except ValueError:
        raise ValueError(
            f"{text[:40]!r} is no day; write 2026-12-24, 12-25 or 2026-12-24..2027-01-01"
        ) from None
    if not is_yearly and days[-1] < days[0]:
        raise ValueError(f"{text[:40]!r} ends before it begins")
    return Freeze(days[0], days[-1], is_yearly)
