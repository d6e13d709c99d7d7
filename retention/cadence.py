"""When the owners are told, and which dates they are promised.

The principle: a date that was promised only ever moves later. A notice that goes out late
moves the end as far as it takes to leave the time that the policy says is between them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.cases import Case
from domain.lifecycle import CaseState
from domain.policies import Ending, PolicyVersion

LATE = timedelta(days=1)
"""A notice as late as this leaves the promised date alone: nights are a day apart."""
LEAST_NOTICES = 2
LEAST_AFTER_LAST = timedelta(days=2)
"""Between the last notice and the deletion (safety.md, I2)."""


def lead(version: PolicyVersion, number: int) -> timedelta:
    """How long before the end of the notice time notice `number` (from 1) goes out."""
    return timedelta(days=_days(version)[number - 1])


def notices_of(version: PolicyVersion) -> int:
    """How many notices there are."""
    return len(_days(version))


def first_due(version: PolicyVersion, decided: datetime, now: datetime) -> datetime:
    """The date that a new case promises: the decided one, and never without full notice."""
    days = _days(version)
    return max(decided, now + timedelta(days=days[0])) if days else max(decided, now)


def looks_ahead(version: PolicyVersion) -> timedelta:
    """How long before its date a case is opened, so that the first notice is in time."""
    days = _days(version)
    return timedelta(days=days[0]) if days else timedelta(0)


def next_notice(version: PolicyVersion, case: Case, now: datetime) -> int | None:
    """The number of the notice that is to go out now, or None."""
    number = case.notices + 1
    if number > len(_days(version)) or case.state not in (CaseState.DUE, CaseState.WARNED):
        return None
    is_time = case.due is None or now >= case.due - lead(version, number)
    return number if case.state is CaseState.DUE or is_time else None


def promise(version: PolicyVersion, case: Case, number: int, now: datetime) -> datetime:
    """The date that notice `number` says when it goes out now."""
    needed = now + lead(version, number)
    if case.due is None:
        return needed
    return needed if needed - case.due > LATE else case.due


def notices_are_over(version: PolicyVersion, case: Case, now: datetime) -> bool:
    """All were delivered, and the date that they promised has come."""
    return (
        case.state is CaseState.WARNED
        and case.notices >= len(_days(version))
        and case.due is not None
        and now >= case.due
    )


def grace_is_over(version: PolicyVersion, case: Case, now: datetime) -> bool:
    return (
        case.state is CaseState.BLOCKED
        and version.ending is Ending.DELETE
        and case.due is not None
        and now >= case.due
    )


def short_of_notice(version: PolicyVersion, case: Case, now: datetime) -> str:
    """Why nothing may be deleted yet although its date has come; empty when it may (I2)."""
    if case.notices < LEAST_NOTICES or case.notices < len(_days(version)):
        return f"only {case.notices} notices were delivered"
    if case.last_notice_at is None or case.first_notice_at is None:
        return "it is not known when the notices were delivered"
    if now < case.last_notice_at + LEAST_AFTER_LAST:
        return "the last notice is too recent"
    if now < case.first_notice_at + lead(version, 1) - LATE:
        return "the first notice is too recent"
    return ""


def is_same_day(one: datetime, other: datetime, zone: str) -> bool:
    """Whether two moments are of one day where somebody is; of UTC where their zone is none."""
    try:
        here: tzinfo = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        here = UTC
    return one.astimezone(here).date() == other.astimezone(here).date()


def gone_at(version: PolicyVersion, due: datetime) -> datetime | None:
    """The day of the deletion that goes with a promised date; None where nothing is deleted."""
    return due + version.grace if version.ending is Ending.DELETE else None


def _days(version: PolicyVersion) -> tuple[int, ...]:
    return tuple(sorted((days for days in version.notices if days > 0), reverse=True))
