"""When something may be destroyed: the operator's hours, the freeze days that compliance has set,
and a policy's own. All of them have to be open."""

from __future__ import annotations

from dataclasses import replace

from domain.calendars import Calendar, Own
from domain.hours import Hours
from domain.ids import PolicyVersionKey
from domain.policies import PolicyVersion
from spaces.spec import Limits
from storage.store import UnitOfWork


def opening(tx: UnitOfWork, limits: Limits, version: PolicyVersionKey | None = None) -> Calendar:
    """The company's, and that of a policy's version where one is to destroy something.

    Raises LookupError when there is no such version.
    """
    company = company_hours(tx, limits)
    if version is None:
        return Calendar(parts=(company,))
    return narrowed(company, *tx.policies.own_hours(version))


def opening_of(tx: UnitOfWork, limits: Limits, version: PolicyVersion) -> Calendar:
    """The same of a version that is at hand, whether it is written down or not."""
    return narrowed(company_hours(tx, limits), version.name, version.own)


def company_hours(tx: UnitOfWork, limits: Limits) -> Hours:
    """The operator's hours with all freeze days, in the operator's time zone."""
    return replace(limits.hours, freezes=(*limits.hours.freezes, *tx.freezes.in_force()))


def narrowed(company: Hours, name: str, own: Own) -> Calendar:
    """Args: name: the policy's."""
    if not own:
        return Calendar(parts=(company,))
    return Calendar(parts=(company, own.within(company.zone, of=f"“{name}”")))
