"""Dates to come, as people type them: ISO dates, spans, and a few plain words.

Bare numbers and dates such as 01/02/2027 are refused rather than guessed at; 31.12.2027 can mean
one day only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.spans import LONGEST, NotASpan, parse_span

_AMBIGUOUS = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
MONTHS = 12
_NUMBERS = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Until:
    """The end of the named day where the person is; what is kept, is kept through that day."""

    at: datetime

    @property
    def said(self) -> str:
        return f"{self.at:%Y-%m-%d}"


def _only_reading(text: str) -> str:
    """A date such as 31.12.2027 as an ISO date, where day and month can't be taken for each
    other; any other text as it is."""
    found = _NUMBERS.fullmatch(text)
    if found is None:
        return text
    one, two, year = int(found[1]), int(found[2]), found[3]
    day, month = (one, two) if one > MONTHS else (two, one)
    if one != two and not (day > MONTHS >= month > 0):
        return text
    return f"{year}-{month:02}-{day:02}"


def parse_until(text: str, *, now: datetime, zone: str) -> Until:
    """The date that a person means.

    Raises:
        ValueError: with a sentence for the person.
    """
    text = text.strip().removeprefix("until ").strip()
    here = zone_of(zone)
    text = _only_reading(text)
    if _AMBIGUOUS.fullmatch(text):
        raise ValueError(f"“{text}” can be read in two ways.")
    if text.isdigit():
        raise ValueError(f"“{text[:20]}” alone could be days or a year.")
    if _ISO.fullmatch(text):
        try:
            day = datetime.fromisoformat(text).date()
        except ValueError:
            raise ValueError(f"There is no day {text}.") from None
    else:
        try:
            span = parse_span(text.removeprefix("in ").removeprefix("for "))
            day = (now + span).astimezone(here).date()
        except NotASpan:
            day = _by_words(text, now.astimezone(here))
    if day > (now + LONGEST).astimezone(here).date():
        raise ValueError("That is longer than 100 years; say `keep forever` instead.")
    at = datetime.combine(day + timedelta(days=1), time(), here).astimezone(UTC)
    if at <= now:
        raise ValueError(f"{day.isoformat()} is past.")
    return Until(at - timedelta(seconds=1))


def _by_words(text: str, here: datetime) -> date:
    import dateparser  # here, since it costs a quarter of a second to import

    found = dateparser.parse(
        text[:60],
        languages=["en"],
        settings={
            "RELATIVE_BASE": here.replace(tzinfo=None),
            "PREFER_DATES_FROM": "future",
            "REQUIRE_PARTS": ["day", "month"],
        },
    )
    if found is None:
        raise ValueError(f"“{text[:40]}” is no date that I understand.")
    return date(found.year, found.month, found.day)


def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
