"""Comparisons after a colon: ``>90d``, ``>=10``, ``<2025-01-01``, ``2025-01..2025-06``.

Decides how they are read and written. A date here is what the person wrote (a year, a month
or a day); which moments it means depends on their time zone and is asked when it is compiled.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import ColumnElement

from domain.spans import parse_span, say_span
from query.spec import Predicate


class Op(StrEnum):
    LESS = "<"
    AT_MOST = "<="
    IS = "="
    AT_LEAST = ">="
    MORE = ">"
    WITHIN = ".."


T = TypeVar("T")
_SIGN = re.compile(r"\s*(<=|>=|=<|=>|≤|≥|<|>|=)?\s*(.*)", re.DOTALL)
_SAME = {"=<": "<=", "=>": ">=", "≤": "<=", "≥": ">="}


@dataclass(frozen=True, slots=True)
class Compared(Generic[T]):
    """`op` against `value`; WITHIN goes from `value` to `upper`, both included."""

    op: Op
    value: T
    upper: T | None = None


def read(text: str, one: Callable[[str], T], *, bare: Op = Op.IS) -> Compared[T]:
    """Reads a comparison of values that `one` reads; `bare` is meant when no sign is written.

    Raises:
        ValueError: with a sentence; those of `one` pass through.
    """
    text = text.replace('"', "").strip()
    if not text:
        raise ValueError("A value is missing after the colon.")
    low, dots, high = text.partition("..")
    if dots:
        if not low or not high:
            raise ValueError("A range needs both ends, like 2025-01..2025-06.")
        return Compared(Op.WITHIN, one(low.strip()), one(high.strip()))
    found = _SIGN.fullmatch(text)
    sign, rest = (found.group(1), found.group(2)) if found else (None, text)
    return Compared(Op(_SAME.get(sign, sign)) if sign else bare, one(rest.strip()))


def write(compared: Compared[T], one: Callable[[T], str], *, bare: Op = Op.IS) -> str:
    if compared.op is Op.WITHIN and compared.upper is not None:
        return f"{one(compared.value)}..{one(compared.upper)}"
    sign = "" if compared.op is bare else compared.op.value
    return f"{sign}{one(compared.value)}"


def number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,7}", text):
        raise ValueError(f"“{text[:20]}” is not a number. Write it like >=10 or 2..5.")
    return int(text)


def test_number(column: ColumnElement[Any], compared: Compared[int]) -> Predicate:
    value = compared.value
    match compared.op:
        case Op.LESS:
            return column < value
        case Op.AT_MOST:
            return column <= value
        case Op.IS:
            return column == value
        case Op.AT_LEAST:
            return column >= value
        case Op.MORE:
            return column > value
        case Op.WITHIN:
            # Two comparisons: "not" over a BETWEEN came out wrong in a test of ours.
            return (column >= value) & (column <= compared.upper)


_NUMBER_WORDS = {
    Op.LESS: "fewer than {}", Op.AT_MOST: "at most {}", Op.IS: "exactly {}",
    Op.AT_LEAST: "at least {}", Op.MORE: "more than {}", Op.WITHIN: "{} to {}",
}  # fmt: skip


def say_number(compared: Compared[int]) -> str:
    return _NUMBER_WORDS[compared.op].format(compared.value, compared.upper)


def read_span(text: str) -> Compared[timedelta]:
    """A span; without a sign it means "at least", as people do who write ``inactive:90d``."""
    return read(text, parse_span, bare=Op.AT_LEAST)


def write_span(compared: Compared[timedelta]) -> str:
    return write(compared, lambda span: f"{span.days}d", bare=Op.AT_LEAST)


def test_age(moment: ColumnElement[Any], compared: Compared[timedelta], now: datetime) -> Predicate:
    """How long ago `moment` was. Older is smaller, so every sign turns round."""
    then = now - compared.value
    match compared.op:
        case Op.LESS:
            return moment > then
        case Op.AT_MOST:
            return moment >= then
        case Op.IS | Op.AT_LEAST:
            return moment <= then
        case Op.MORE:
            return moment < then
        case Op.WITHIN:
            return (moment >= now - (compared.upper or compared.value)) & (moment <= then)


_SPAN_WORDS = {
    Op.LESS: "less than {}", Op.AT_MOST: "at most {}", Op.IS: "at least {}",
    Op.AT_LEAST: "at least {}", Op.MORE: "more than {}", Op.WITHIN: "{} to {}",
}  # fmt: skip


def say_age(compared: Compared[timedelta]) -> str:
    upper = say_span(compared.upper) if compared.upper is not None else ""
    return _SPAN_WORDS[compared.op].format(say_span(compared.value), upper)


@dataclass(frozen=True, slots=True)
class Day:
    """A year, a month or a day, as it was written."""

    text: str

    @property
    def first(self) -> date:
        parts = [int(part) for part in self.text.split("-")]
        return date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)

    @property
    def after(self) -> date:
        """The first day after it."""
        first, dashes = self.first, self.text.count("-")
        if dashes == 2:
            return first + timedelta(days=1)
        if dashes == 0 or first.month == 12:
            return date(first.year + 1, 1, 1)
        return date(first.year, first.month + 1, 1)


def day(text: str) -> Day:
    if re.fullmatch(r"(19|20|21)[0-9]{2}(-[0-9]{2}(-[0-9]{2})?)?", text):
        with suppress(ValueError):
            date.fromisoformat(f"{text}-01-01"[:10])
            return Day(text)
    raise ValueError(f"“{text[:20]}” is not a date. Write it like 2025, 2025-06 or 2025-06-30.")


def read_day(text: str) -> Compared[Day]:
    compared = read(text, day)
    if compared.upper is not None and compared.upper.after <= compared.value.first:
        raise ValueError("That range ends before it begins.")
    return compared


def write_day(compared: Compared[Day]) -> str:
    return write(compared, lambda value: value.text)


def test_day(moment: ColumnElement[Any], compared: Compared[Day], zone: str) -> Predicate:
    begins = _midnight(compared.value.first, zone)
    ends = _midnight((compared.upper or compared.value).after, zone)
    match compared.op:
        case Op.LESS:
            return moment < begins
        case Op.AT_MOST:
            return moment < ends
        case Op.IS | Op.WITHIN:
            return (moment >= begins) & (moment < ends)
        case Op.AT_LEAST:
            return moment >= begins
        case Op.MORE:
            return moment >= ends


def _midnight(when: date, zone: str) -> datetime:
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        place = ZoneInfo("UTC")  # a person's zone comes from Webex and may be anything
    return datetime.combine(when, time(), place).astimezone(UTC)


_DAY_WORDS = {
    Op.LESS: "before {}", Op.AT_MOST: "until the end of {}", Op.IS: "in {}",
    Op.AT_LEAST: "since {}", Op.MORE: "after {}", Op.WITHIN: "from {} to {}",
}  # fmt: skip


def say_day(compared: Compared[Day]) -> str:
    words = _DAY_WORDS[compared.op]
    if compared.op is Op.IS and compared.value.text.count("-") == 2:
        words = "on {}"
    return words.format(compared.value.text, compared.upper.text if compared.upper else "")
