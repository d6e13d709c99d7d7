"""How owners are warned, as data: profiles that a policy can name instead of writing days.

A profile says on which days before the date the owners are told, and for how long a space then
stays blocked. All keep the least that anybody is owed (safety.md, I2): two notices, the first a
week before, and two days between the last one and a deletion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from domain.policies import GRACE, NOTICES


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """`grace` None: nothing was said of it."""

    notices: tuple[int, ...]
    grace: timedelta | None = None


PROFILES: Mapping[str, Cadence] = {
    "standard": Cadence(notices=NOTICES, grace=GRACE),
    "short": Cadence(notices=(14, 7, 2), grace=timedelta(days=7)),
    "long": Cadence(notices=(60, 30, 14, 7, 1), grace=timedelta(days=30)),
}


def profile_of(notices: tuple[int, ...], grace: timedelta) -> str:
    """The name of the profile that says exactly this; empty: none does."""
    found = Cadence(notices=tuple(sorted(notices, reverse=True)), grace=grace)
    return next((name for name, one in PROFILES.items() if one == found), "")
