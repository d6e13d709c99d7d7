"""Dates to come, as people type them: ISO dates, spans, and a few plain words.

Bare numbers and dates such as 01/02/2027 are refused rather than guessed at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.spans import LONGEST, parse_span

_AMBIGUOUS = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Until:
    """The end of the named day where the person is; what is kept, is kept through that day."""

    at: datetime

    @property
    def said(self) -> str:
        return f"{self.at:%Y-%m-%d}"


def parse_until(text: str, *, now: datetime, zone: str) -> Until:
    """The date that a person means.

    Raises:
        ValueError: with a sentence for the person.
    """
    text = text.strip().removeprefix("until ").strip()
    here = _zone(zone)
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
            day = (now + parse_span(text.removeprefix("in ").removeprefix("for "))).date()
        except ValueError:
            day = _by_words(text, now, zone)
    at = datetime.combine(day + timedelta(days=1), time(), here).astimezone(UTC)
    if at <= now:
        raise ValueError(f"{day.isoformat()} is past.")
    if at - now > LONGEST:
        raise ValueError("That is longer than 100 years; say `keep forever` instead.")
    return Until(at - timedelta(seconds=1))


def _by_words(text: str, now: datetime, zone: str):  # type: ignore[no-untyped-def]
    import dateparser  # here, since it costs a quarter of a second to import

    found = dateparser.parse(
        text[:60],
        languages=["en"],
        settings={
            "RELATIVE_BASE": now.replace(tzinfo=None),
            "PREFER_DATES_FROM": "future",
            "REQUIRE_PARTS": ["day", "month"],
        },
    )
    if found is None:
        raise ValueError(f"“{text[:40]}” is no date that I understand.")
    return found.date()


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
