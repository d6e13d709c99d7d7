"""How dates, counts and other people's texts are written on a card.

Decides the wording of a moment in the reader's own zone, of counts, and how a text that a
person wrote is made harmless: nobody's title may pass as ours, be expanded as a template,
or hide characters (safety.md, Text). Knows no card and no library.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.spaces import Space

LOOK_ALIKE = "[look-alike letters]"
SHORT, LONG = 120, 1000
NOT_KNOWN = "not known"
DASH = "–"
"""Stands where Webex says nothing."""

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TEMPLATE = re.compile(r"(?<=[{$])(?=\{)")
_WORD = re.compile(r"[^\W\d_]+")
_QUOTES = set('"“”„«»')  # those that a typed phrase may stand in
_MOST_MARKS = 3  # combining marks on one letter; more only serve to draw over other lines
_JOINERS = "\u200c\u200d"  # Persian, Indic scripts and emoji need them between their letters


def date(at: datetime | None, zone: str = "UTC") -> str:
    """The day, as in “Tue 24 Nov 2026”, where the reader is."""
    if at is None:
        return NOT_KNOWN
    day = here(at, zone)
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def moment(at: datetime | None, zone: str = "UTC") -> str:
    """The day and the minute, with the zone's name: “Tue 24 Nov 2026, 14:05 CET”."""
    if at is None:
        return NOT_KNOWN
    return f"{date(at, zone)}, {here(at, zone):%H:%M %Z}"


def here(at: datetime, zone: str) -> datetime:
    """A moment where the reader is; in UTC where their zone is none that we know."""
    return at.astimezone(_zone(zone))


def instant(at: datetime | None, zone: str = "UTC") -> str:
    """As `moment`; a dash where Webex named none."""
    return DASH if at is None else moment(at, zone)


def together(pairs: Iterable[tuple[str, str]]) -> str:
    """Labels and values on one line, for one of several things."""
    return " · ".join(f"{label}: {harmless(value, LONG)}" for label, value in pairs)


def ago(at: datetime | None, now: datetime) -> str:
    """How long ago, in the largest unit that is full at least twice: “5 weeks ago”."""
    if at is None:
        return NOT_KNOWN
    gone = now - at
    for size, unit in ((365, "year"), (30, "month"), (7, "week"), (1, "day")):
        if gone >= timedelta(days=size) * (1 if unit == "day" else 2):
            return f"{count(gone.days // size, unit)} ago"
    return "today" if gone >= timedelta(0) else "in the future"


def count(number: int, one: str, many: str = "") -> str:
    """“1 space”, “12 spaces”, “1,200 spaces”."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def yes_no(fact: bool | None) -> str:
    return NOT_KNOWN if fact is None else "yes" if fact else "no"


def listed(items: Iterable[str], *, most: int = 10, none: str = "none") -> str:
    """“a, b, c and 4 more”. Each item is made harmless."""
    all_of_them = tuple(items)
    shown = ", ".join(harmless(item) for item in all_of_them[:most])
    rest = len(all_of_them) - most
    return f"{shown} and {rest:,} more" if rest > 0 else shown or none


def named(space: Space, longest: int = SHORT) -> str:
    """A space's title in quotes, harmless, for a sentence."""
    return f"“{harmless(space.shown_title, longest)}”"


def typed_name(space: Space) -> str:
    """What a person types to name the space: its title in quotes, else its id.

    The title only where it reads the same typed as shown.
    """
    title = space.title or ""
    plain = (
        bool(title)
        and title == harmless(title)  # first: a broken half of a letter has no bytes to count
        and len(title.encode()) <= 60
        and not set(title) & _QUOTES
    )
    return f'"{title}"' if plain else str(space.id)


def quoted(name: str) -> str:
    """A name as it is typed: in quotes where it has spaces."""
    return f'"{name}"' if " " in name else name


def harmless(text: str, longest: int = SHORT) -> str:
    """A person's text on one line, unable to hide, to expand, or to pass for another.

    Characters that are not seen, or that turn the direction of what follows, are shown by
    their number; words that mix alphabets are marked; `{{` and `${` are drawn apart.
    Doing it twice changes nothing.
    """
    text = " ".join(text[: longest * 4].split())
    if not (text.isascii() and text.isprintable()):
        text = "".join(_shown(unicodedata.normalize("NFC", text)))
    if len(text) > longest:
        text = text[: longest - 1].rstrip("…") + "…"
    if not text.isascii() and LOOK_ALIKE not in text and _mixes_alphabets(text):
        text = f"{text} {LOOK_ALIKE}"
    return without_templates(text)


def without_templates(text: str) -> str:
    """Draws `{{` and `${` apart: clients may expand them (date functions, templating)."""
    return _TEMPLATE.sub(" ", text)


def _shown(text: str) -> Iterable[str]:
    marks = 0
    for place, letter in enumerate(text):
        kind = unicodedata.category(letter)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if marks > _MOST_MARKS:
            continue
        hides = kind in ("Cf", "Cc", "Co", "Cn", "Cs") and not _joins(text, place)
        yield f"‹U+{ord(letter):04X}›" if hides else letter


def _joins(text: str, place: int) -> bool:
    around = text[max(place - 1, 0) : place] + text[place + 1 : place + 2]
    return text[place] in _JOINERS and len(around) == 2 and not any(c.isascii() for c in around)


def _mixes_alphabets(text: str) -> bool:
    """A word of letters from Latin and from Cyrillic or Greek, or from the mathematical signs."""
    if any(0x1D400 <= ord(c) <= 0x1D7FF for c in text):
        return True
    for word in _WORD.findall(text):
        scripts = {unicodedata.name(c, "").split(" ", 1)[0] for c in word}
        if "LATIN" in scripts and scripts & {"CYRILLIC", "GREEK", "CHEROKEE", "ARMENIAN", "COPTIC"}:
            return True
    return False


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # what Webex gave is no zone we know
        return UTC
