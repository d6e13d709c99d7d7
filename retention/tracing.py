"""The decision in words, for one space: each step of the order, its verdict and its sentence.

Says the same as `weighing` does in sets (a test holds them together). Every step is shown, the
ones after the deciding one too, so that people see what would hold without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import groupby

from domain.ids import PolicyVersionKey, SpaceKey
from domain.policies import Basis, Counting, Ending, PolicyVersion, Ruling
from domain.spaces import SpaceType
from domain.spans import say_span
from query import tree
from query.facts import FOREVER
from retention.evidence import One
from retention.readings import MS_A_DAY, Reading, all_of, judge
from storage.schema import from_ms


class Step(StrEnum):
    GUARD = "guard"
    HOLD = "hold"
    FLOOR = "floor"
    MANUAL = "manual"
    AUTOMATIC = "automatic"
    SOONER = "sooner"
    NOT_BEFORE = "not before"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Line:
    """`verdict` is a word or two for a column, `sentence` is what people read; `decides` marks
    the lines that made the result.
    """

    step: Step
    verdict: str
    sentence: str
    decides: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    space: SpaceKey
    ruling: Ruling
    due: datetime | None
    version: PolicyVersion | None
    lines: tuple[Line, ...]
    least_age: timedelta | None = None
    """Where a purge decides: how old a message has to be, by it and by every floor that applies
    or may apply. None: none is old enough, ever, or something else decides."""

    @property
    def version_key(self) -> PolicyVersionKey | None:
        return self.version.key if self.version else None

    @property
    def sentence(self) -> str:
        """The result, in one sentence."""
        return self.lines[-1].sentence


@dataclass(frozen=True, slots=True)
class _Found:
    """What a step came to: a ruling that ends it, or a date, or neither."""

    line: Line
    ruling: Ruling | None = None
    date: int | None = None
    reading: Reading | None = None


def trace(
    key: SpaceKey, facts: One, readings: Sequence[Reading], said: Mapping[str, bool | None], *,
    zone: tzinfo = UTC,
) -> Trace:  # fmt: skip
    """Args: zone: of whoever reads the sentences; the days in them are days there."""
    days = _Days(zone)
    guard, hold = _guard(facts), _hold(facts)
    manual = _manual(facts, days)
    automatic = _automatic(facts, readings, said, days)
    sooner = _sooner(facts, automatic, days)
    purges = automatic.reading is not None and automatic.reading.is_purge
    floor, possible = _floor(facts, readings, said, days, of_messages=purges)
    not_before = _not_before(facts, days)
    found = (guard, hold, floor, manual, automatic, sooner, not_before)
    result = _result(*found, possible=possible, days=days)
    steps = (guard, hold, floor, manual, automatic, sooner, not_before, result)
    deciding = _deciding(result, steps)
    is_dated = result.ruling is Ruling.DATED
    return Trace(
        space=key, ruling=result.ruling or Ruling.UNKNOWN,
        due=_moment(result.date) if is_dated and result.date is not None else None,
        version=result.reading.version if result.reading else None,
        lines=tuple(replace(one.line, decides=one in deciding) for one in steps),
        least_age=_least_age(automatic.reading, readings, said) if is_dated and purges else None,
    )  # fmt: skip


def _least_age(
    purge: Reading | None, readings: Sequence[Reading], said: Mapping[str, bool | None]
) -> timedelta | None:
    floors = [
        one for one in readings
        if one.version.is_floor and judge(one.node, said) is not False
    ]  # fmt: skip
    spans = [one.span for one in (*floors, *([purge] if purge else []))]
    known = [span for span in spans if span is not None]
    return timedelta(milliseconds=max(known)) if known and len(known) == len(spans) else None


def protections(
    facts: One, readings: Sequence[Reading], said: Mapping[str, bool | None], *, now: int,
    firm_until: int | None,
) -> Iterator[Line]:  # fmt: skip
    """What forbids anybody to end the space by hand, in the order of the decision; nothing where
    nothing does. Whatever is not known forbids it, too.

    Args:
        readings: of the policies that keep, and of floors.
        now, firm_until: milliseconds.
    """
    days = _Days(UTC)
    floor, possible = _floor(facts, readings, said, days)
    manual, automatic = _manual(facts, days), _automatic(facts, readings, said, days)
    for one in (_guard(facts), _hold(facts)):
        if one.ruling is not None:
            yield one.line
    for one in (floor, manual):
        if one.date is not None and one.date > now:
            yield one.line
    if possible is not None and possible > now:
        yield replace(floor.line, verdict="not known")
    if automatic.ruling in (Ruling.KEEP, Ruling.UNKNOWN):
        yield automatic.line
    if firm_until is not None and firm_until > now:
        said_of_it = f"A protection was taken off, and it is left alone {days.until(firm_until)}."
        yield Line(Step.NOT_BEFORE, days.verdict(firm_until), said_of_it)


def _guard(facts: One) -> _Found:
    why = (
        "It is not live on Webex any more." if not facts.is_live
        else "It belongs to another organisation." if facts.is_ours is False
        else "It is a team's General space." if facts.is_general
        else "It is on the list of spaces that are never touched." if facts.is_untouchable
        else ""
    )  # fmt: skip
    if why:
        return _Found(Line(Step.GUARD, "untouchable", why), Ruling.UNTOUCHABLE)
    if facts.is_ours is None:
        return _Found(
            Line(Step.GUARD, "not known", "It is not known whether it is ours."), Ruling.UNKNOWN
        )
    return _Found(Line(Step.GUARD, "passed", "It is ours, and nothing forbids to touch it."))


def _hold(facts: One) -> _Found:
    if facts.is_held:
        said = "A hold is on it, on somebody who is or was in it, on a tag of it, or on a search."
        return _Found(Line(Step.HOLD, "held", said), Ruling.HELD)
    if facts.persons_held and not facts.members_known:
        said = "People are under a hold, and it is not known who is or was in it."
        return _Found(Line(Step.HOLD, "not known", said), Ruling.UNKNOWN)
    return _Found(Line(Step.HOLD, "none", "No hold reaches it."))


def _floor(
    facts: One, readings: Sequence[Reading], said: Mapping[str, bool | None], days: _Days, *,
    of_messages: bool = False,
) -> tuple[_Found, int | None]:  # fmt: skip
    """The floor that is certain, and the latest date of those that are not known; of the space,
    or of the messages in it."""
    certain: tuple[int, Reading] | None = None
    possible: int | None = None
    for reading in readings:
        holds = judge(reading.node, said) if reading.version.is_floor else False
        if holds is False:
            continue
        date = FOREVER if reading.span is None else _floor_date(facts, reading, of_messages)
        if holds is None or date is None:
            date = FOREVER if date is None else date
            possible = date if possible is None else max(possible, date)
        elif certain is None or date > certain[0]:
            certain = (date, reading)
    doubt = [] if possible is None else ["Of a locked policy it is not known whether it applies."]
    if certain is None:
        verdict = "none" if possible is None else "not known"
        said_of_it = "No locked policy applies." if possible is None else doubt[0]
        return _Found(Line(Step.FLOOR, verdict, said_of_it)), possible
    date, reading = certain
    locked = f"“{reading.version.name}” is locked: nothing may go {days.until(date)}."
    line = Line(Step.FLOOR, days.verdict(date), " ".join((locked, *doubt)))
    ruling = Ruling.KEEP if date == FOREVER else None
    return _Found(line, ruling, date, reading), possible


def _manual(facts: One, days: _Days) -> _Found:
    if facts.manual is None:
        return _Found(Line(Step.MANUAL, "none", "Nobody has set a date by hand."))
    line = Line(
        Step.MANUAL, days.verdict(facts.manual), f"Kept by hand {days.until(facts.manual)}."
    )  # fmt: skip
    ruling = Ruling.KEEP if facts.manual == FOREVER else None
    return _Found(line, ruling, facts.manual)


def _automatic(
    facts: One, readings: Sequence[Reading], said: Mapping[str, bool | None], days: _Days
) -> _Found:
    doubted: list[Reading] = []
    taking_part = (one for one in readings if one.is_automatic)
    for priority, tier in groupby(taking_part, key=lambda one: one.version.priority):
        above = [one for one in doubted if not one.is_keep]
        best: tuple[int, Reading] | None = None
        for reading in sorted(tier, key=lambda one: one.rank):
            holds = _applies(facts, reading, said)
            date = FOREVER if reading.is_keep else _date(facts, reading)
            if holds is None or (holds and date is None):
                doubted.append(reading)
            elif holds and date is not None and (best is None or date > best[0]):
                best = (date, reading)
        if best is None:
            continue
        date, reading = best
        if (above if date == FOREVER else doubted) != []:
            return _unsure(doubted)
        line = Line(Step.AUTOMATIC, days.verdict(date), _reason(reading, priority, date, days))
        return _Found(line, Ruling.KEEP if date == FOREVER else Ruling.DATED, date, reading)
    if doubted:
        return _unsure(doubted)
    return _Found(Line(Step.AUTOMATIC, "none", "No policy matches it."), Ruling.NO_POLICY)


def _unsure(doubted: Sequence[Reading]) -> _Found:
    names = ", ".join(f"“{one.version.name}”" for one in doubted)
    said = f"A fact is missing, so it is not known whether or when it falls under {names}."
    return _Found(Line(Step.AUTOMATIC, "not known", said), Ruling.UNKNOWN)


def _reason(reading: Reading, priority: int, date: int, days: _Days) -> str:
    version, which = reading.version, _sentence(reading)
    if date == FOREVER:
        return f"“{version.name}” (priority {priority}) is for spaces {which} and keeps them."
    is_long = (reading.span or 0) >= MS_A_DAY
    since, day = version.counting.said, days.day(date)
    span = say_span(version.period) if version.period and is_long else "less than a day"
    if reading.is_purge:
        return (
            f"“{version.name}” (priority {priority}) is for spaces {which}: messages older than"
            f" {span} go from {day} on; the space stays."
        )
    return (
        f"“{version.name}” (priority {priority}) is for spaces {which}: {version.ending} {span}"
        f" after {since}: on {day}."
    )


def _sentence(reading: Reading) -> str:
    return "of a kind that can't be read" if reading.node is None else tree.say(reading.node)


def _sooner(facts: One, automatic: _Found, days: _Days) -> _Found:
    """Has a date only where that takes the place of the policy's."""

    def none(verdict: str, said: str) -> _Found:
        return _Found(Line(Step.SOONER, verdict, said))

    if facts.sooner is None:
        return none("none", "Nobody has agreed that it goes sooner.")
    day = days.day(facts.sooner)

    def agreed(verdict: str, but: str) -> _Found:
        return none(verdict, f"Two people agreed that it may go after {day}; {but}.")

    if automatic.ruling is not Ruling.DATED or automatic.date is None:
        return agreed("no effect", "that has no effect, as no policy ends it")
    version = automatic.reading.version if automatic.reading else None
    if version is None or version.ending is not Ending.DELETE:
        return agreed("no effect", "that has no effect, as its policy does not delete it")
    if facts.sooner_by != int(version.key):
        return agreed("void", "that was agreed to beside another policy, so it is void")
    if facts.activity is None:
        return agreed("no effect", "it is not known when it was used last, so it waits")
    if facts.activity > facts.sooner:
        return agreed("void", "somebody has used it after that day, so that is void")
    if facts.sooner >= automatic.date:
        return agreed("no effect", "its policy ends it before")
    said = f"Two people agreed that it may go after {day}, sooner than its policy says."
    line = Line(Step.SOONER, day, said)
    return _Found(line, None, facts.sooner)


def _not_before(facts: One, days: _Days) -> _Found:
    if facts.not_before is None:
        return _Found(Line(Step.NOT_BEFORE, "none", "It is not being left alone."))
    until = days.until(facts.not_before)
    return _Found(
        Line(Step.NOT_BEFORE, days.verdict(facts.not_before), f"It is left alone {until}."),
        None, facts.not_before,
    )  # fmt: skip


def _result(
    guard: _Found, hold: _Found, floor: _Found, manual: _Found, automatic: _Found,
    sooner: _Found, not_before: _Found, *, possible: int | None, days: _Days,
) -> _Found:  # fmt: skip
    stops = [
        *(one for one in (guard, hold) if one.ruling in (Ruling.UNTOUCHABLE, Ruling.HELD)),
        *(one for one in (guard, hold) if one.ruling is Ruling.UNKNOWN),
        *(one for one in (floor, manual) if one.ruling is Ruling.KEEP),
    ]
    if stops or automatic.ruling is not Ruling.DATED:
        first = stops[0] if stops else automatic
        ruling = first.ruling or Ruling.UNKNOWN
        line = Line(Step.RESULT, ruling.value, " ".join((_OPENING[ruling], first.line.sentence)))
        return _Found(line, ruling, None, first.reading if ruling is Ruling.KEEP else None)
    base = automatic.date if sooner.date is None else sooner.date
    dates = (manual.date, base, floor.date, not_before.date)
    due = max(one for one in dates if one is not None)
    if possible is not None and possible > due:
        said = " ".join((_OPENING[Ruling.UNKNOWN], "It may be under a floor that lasts longer."))
        return _Found(Line(Step.RESULT, Ruling.UNKNOWN.value, said), Ruling.UNKNOWN)
    version = automatic.reading.version if automatic.reading else None
    day = days.day(due)
    said = f"It is due on {day}."
    if version is not None:
        said = f"“{version.name}” says {version.ending} on {day}."
    line = Line(Step.RESULT, day, said)
    return _Found(line, Ruling.DATED, due, automatic.reading)


def _deciding(result: _Found, steps: Sequence[_Found]) -> list[_Found]:
    """The result, what it was taken from, and what moved its date."""
    *before, _ = steps
    if result.ruling is Ruling.DATED:
        automatic = [one for one in before if one.ruling is Ruling.DATED]
        return [result, *automatic, *(one for one in before if one.date == result.date)]
    same = [one for one in before if one.ruling is result.ruling]
    return [result, same[0] if same else before[2]]  # else a floor that is not known


_OPENING = {
    Ruling.UNTOUCHABLE: "Nothing is done.", Ruling.UNKNOWN: "Nothing is done.",
    Ruling.HELD: "Nothing is done.", Ruling.KEEP: "It is kept.",
    Ruling.NO_POLICY: "Nothing is planned.", Ruling.DATED: "",
}  # fmt: skip


def _applies(facts: One, reading: Reading, said: Mapping[str, bool | None]) -> bool | None:
    holds = judge(reading.node, said)
    if reading.is_for_direct:
        return holds
    is_group = None if facts.type is None else facts.type == int(SpaceType.GROUP)
    return all_of((holds, is_group))


def _floor_date(facts: One, reading: Reading, of_messages: bool) -> int | None:
    basis = counted(facts, reading.version.counting)
    if of_messages and reading.version.basis is Basis.MESSAGES:
        basis = facts.oldest
    elif of_messages:
        both = (basis, facts.oldest)
        basis = None if None in both else max(one for one in both if one is not None)
    return None if basis is None or reading.span is None else basis + reading.span


def _date(facts: One, reading: Reading) -> int | None:
    basis = facts.oldest if reading.is_purge else counted(facts, reading.version.counting)
    return None if basis is None or reading.span is None else basis + reading.span


def counted(facts: One, counting: Counting) -> int | None:
    """The moment that a period counts from; None where it is not known."""
    match counting.basis:
        case Basis.ACTIVITY | Basis.MESSAGES:  # the youngest one's
            return facts.activity
        case Basis.CREATED:
            return facts.created
        case _:
            return facts.counted[counting]


def _moment(ms: int) -> datetime:
    return from_ms(ms)


@dataclass(frozen=True, slots=True)
class _Days:
    """Days as they are typed, where the reader is."""

    zone: tzinfo

    def day(self, ms: int) -> str:
        return f"{_moment(ms).astimezone(self.zone):%Y-%m-%d}"

    def until(self, ms: int) -> str:
        return "for ever" if ms == FOREVER else f"until {self.day(ms)}"

    def verdict(self, ms: int) -> str:
        return "for ever" if ms == FOREVER else self.day(ms)
