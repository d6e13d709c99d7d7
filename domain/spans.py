"""Spans as people type them: ``90d``, ``2w``, ``6 months``, ``1y``.

A bare number is refused, since "90" has been read as the year 2090 by cleverer parsers.
Months and years are calendar-free here: 30 and 365 days, and said so where they are shown.
"""

from __future__ import annotations

import re
from datetime import timedelta

_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_WORDS = {
    "d": "d", "day": "d", "days": "d",
    "w": "w", "week": "w", "weeks": "w",
    "m": "m", "mo": "m", "month": "m", "months": "m",
    "y": "y", "yr": "y", "year": "y", "years": "y",
}  # fmt: skip
_SPAN = re.compile(r"\s*(\d{1,5})\s*([a-z]+)\s*", re.IGNORECASE)
LONGEST = timedelta(days=365 * 100)


class NotASpan(ValueError):
    """The text is something else than a span, such as a date."""


def parse_span(text: str) -> timedelta:
    """The span that a person means.

    Raises:
        NotASpan: it can't be read as one.
        ValueError: it is zero or too long. Each with a sentence for the person.
    """
    found = _SPAN.fullmatch(text)
    unit = _WORDS.get(found.group(2).lower()) if found else None
    if not found or not unit:
        raise NotASpan(f"“{text[:40]}” is not a span. Write it like 90d, 2w, 6m or 1y.")
    span = timedelta(days=int(found.group(1)) * _DAYS[unit])
    if not span:
        raise ValueError("A span of zero means nothing here. Write it like 90d, 2w, 6m or 1y.")
    if span > LONGEST:
        raise ValueError("That is longer than 100 years. Say “forever” if you mean for ever.")
    return span


def say_span(span: timedelta) -> str:
    """A whole number of days, as people say it."""
    days = span.days
    for size, word in ((365, "year"), (30, "month"), (7, "week")):
        if days and days % size == 0:
            count = days // size
            return f"{count} {word}{'s' if count != 1 else ''}"
    return f"{days} day{'s' if days != 1 else ''}"
