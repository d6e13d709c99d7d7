"""Quiet hours: when an officer is not to be written to about what can wait.

Each sets their own, by the clock where they are; what is urgent comes at any hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.audit import Word
from domain.errors import Refusal
from domain.people import Actor, Person
from spaces.spec import House
from storage.store import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """From one time of day to another, over midnight if need be; the same twice is never."""

    start: time
    end: time

    @property
    def said(self) -> str:
        return "none" if self.start == self.end else f"{self.start:%H:%M}–{self.end:%H:%M}"


USUAL = Quiet(start=time(20), end=time(7))
NONE = Quiet(start=time(0), end=time(0))


def quiet_of(tx: UnitOfWork, person: Person) -> Quiet:
    said = tx.settings.get(_name(person))
    try:
        start, end = (time.fromisoformat(str(one)) for one in said)
        return Quiet(start=start, end=end)
    except (TypeError, ValueError):
        return USUAL


def quiet_until(house: House, person: Person) -> datetime | None:
    """When somebody's quiet hours end; None: they may be written to now."""
    with house.store.read() as tx:
        return end_of_quiet(quiet_of(tx, person), tx.now, person.time_zone)


def end_of_quiet(quiet: Quiet, now: datetime, zone: str) -> datetime | None:
    """The end of the quiet hours that `now` lies in, in UTC; None when it lies in none."""
    here = now.astimezone(zone_of(zone))
    at = here.time().replace(tzinfo=None)
    if quiet.start <= quiet.end:
        is_quiet = quiet.start <= at < quiet.end
    else:
        is_quiet = at >= quiet.start or at < quiet.end
    if not is_quiet:
        return None
    end = here.replace(hour=quiet.end.hour, minute=quiet.end.minute, second=0, microsecond=0)
    if at >= quiet.end:
        end += timedelta(days=1)
    return end.astimezone(UTC)


def set_quiet(house: House, actor: Actor, person: Person, quiet: Quiet) -> Quiet:
    with house.store.begin() as tx:
        tx.audit.serialise()
        said = [quiet.start.isoformat("minutes"), quiet.end.isoformat("minutes")]
        tx.settings.put(_name(person), said, by=actor.name)
        tx.audit.add(Word.ALERT_SETTINGS, actor, person=person.key, quiet=quiet.said)
        tx.commit()
    return quiet


def read_quiet(text: str) -> Quiet:
    """From words such as “22:00-06:30”, or “off”. Raises Refusal."""
    said = text.strip().casefold().replace("–", "-").replace(" to ", "-").replace(" ", "")
    if said in ("off", "none", "never", "no"):
        return NONE
    try:
        start, end = (_time(one) for one in said.split("-"))
    except ValueError:
        raise Refusal(
            f"“{text[:40]}” are no quiet hours.", "Write them like 22:00-06:30, or off."
        ) from None
    return Quiet(start=start, end=end)


def zone_of(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # what Webex gave is no zone we know
        return UTC


def _time(text: str) -> time:
    hour, _, minute = text.partition(":")
    if not (hour.isascii() and hour.isdigit() and (not minute or minute.isdigit())):
        raise ValueError(text)
    return time(int(hour), int(minute or 0))


def _name(person: Person) -> str:
    return f"alert-quiet/{person.key}"
