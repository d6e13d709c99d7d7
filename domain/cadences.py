"""How owners are warned, as data: profiles that a policy can name instead of writing days.

A profile says on which days before the date the owners are told, and for how long a space then
stays blocked. Three are built in; an operator may name more. All keep the least that anybody is
owed (safety.md, I2): two notices, the first a week before, and two days between the last one and
a deletion. A policy copies the days when it is written: what becomes of the profile later changes
nothing until somebody writes its next version, and a second person agrees to that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from domain.policies import GRACE, NOTICES
from domain.spans import parse_span

DAY = timedelta(days=1)
FIRST_NOTICE = 7
"""Days before the due date by which owners have to be told at the latest."""
LEAST_NOTICES = 2
MOST_NOTICES = 10
MOST_DAYS = 365
FINAL_NOTICE = 7
"""Of a profile: its last notice comes within so many days of the date, as a final one."""
MOST_PROFILES = 20
_NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """`grace` None: nothing was said of it. `name`: of the profile that it comes from."""

    notices: tuple[int, ...]
    grace: timedelta | None = None
    name: str = field(default="", compare=False)

    def named(self, grace: timedelta | None) -> str:
        """Its name, where nothing was said of the grace but what it says itself."""
        return self.name if grace in (None, self.grace) else ""


Profiles = Mapping[str, Cadence]

PROFILES: Profiles = {
    "standard": Cadence(notices=NOTICES, grace=GRACE, name="standard"),
    "short": Cadence(notices=(14, 7, 2), grace=timedelta(days=7), name="short"),
    "long": Cadence(notices=(60, 30, 14, 7, 1), grace=timedelta(days=30), name="long"),
}


def too_little(notices: Sequence[int]) -> str:
    """Why these are not the notices that people are owed before anything is taken away; empty
    when they are."""
    days = sorted(set(notices), reverse=True)
    if not all(1 <= day <= MOST_DAYS for day in days) or len(days) > MOST_NOTICES:
        return f"Owners are warned 1 to {MOST_DAYS} days before, at most {MOST_NOTICES} times."
    if len(days) < LEAST_NOTICES or days[0] < FIRST_NOTICE:
        return (
            f"Before anything is taken away, owners are warned at least {LEAST_NOTICES} times,"
            f" the first time at least {FIRST_NOTICE} days before."
        )
    return ""


def read_profiles(text: str) -> dict[str, Cadence]:
    """Profiles of the operator's: ``gentle: 90 60 30 7 1 grace 30d; brisk: 14 7 3 grace 7d``.
    Where no grace is said, it is the usual one.

    Raises:
        ValueError: one can't be read, or warns less than anybody is owed; all faults are told.
    """
    found: dict[str, Cadence] = {}
    wrong: list[str] = []
    for part in text.split(";"):
        if not part.strip():
            continue
        name, _, said = part.partition(":")
        name = name.strip().casefold()
        try:
            _check_name(name, found)
            found[name] = _read(name, said)
        except ValueError as no:
            wrong.append(f"“{name[:40]}”: {no}")
    if len(found) > MOST_PROFILES:
        wrong.append(f"there are more than {MOST_PROFILES} profiles")
    if wrong:
        raise ValueError("; ".join(wrong))
    return found


def _check_name(name: str, others: Mapping[str, Cadence]) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError("a profile's name is a word of small letters, digits and -, then a colon")
    if name in PROFILES:
        raise ValueError("that profile is built in; take another name")
    if name in others:
        raise ValueError("it stands there twice")


def _read(name: str, said: str) -> Cadence:
    days, has_grace, span = said.casefold().partition("grace")
    try:
        notices = tuple(int(word.removesuffix("d")) for word in days.replace(",", " ").split())
    except ValueError:
        raise ValueError("its warnings are days before, as whole numbers: 30 14 7 1") from None
    grace = parse_span(span.strip()) if has_grace else GRACE
    made = Cadence(notices=tuple(sorted(set(notices), reverse=True)), grace=grace, name=name)
    if why := too_little(made.notices):
        raise ValueError(why[0].lower() + why[1:].removesuffix("."))
    if made.notices[-1] > FINAL_NOTICE:
        raise ValueError(f"its final notice comes at most {FINAL_NOTICE} days before the date")
    if not DAY <= grace <= MOST_DAYS * DAY:
        raise ValueError(f"a space stays blocked for 1 to {MOST_DAYS} days before it is deleted")
    return made


def longest(profiles: Profiles = PROFILES) -> Cadence:
    """The one that leaves people the most time: what is safe to assume of one that is not known."""
    return max(
        profiles.values(), key=lambda one: (max(one.notices), len(one.notices), one.grace or GRACE)
    )


def profile_of(notices: tuple[int, ...], grace: timedelta, profiles: Profiles = PROFILES) -> str:
    """The name of the profile that says exactly this; empty: none does."""
    found = Cadence(notices=tuple(sorted(notices, reverse=True)), grace=grace)
    return next((name for name, one in profiles.items() if one == found), "")
