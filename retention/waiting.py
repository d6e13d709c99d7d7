"""Which policies have to wait tonight although the company is open: by hours of their own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from domain.ids import PolicyVersionKey
from retention.planning import Agenda
from spaces.opening import company_hours, narrowed
from spaces.spec import Limits
from storage.store import UnitOfWork

Waiting = Mapping[PolicyVersionKey, tuple[str, datetime | None]]


def waiting(tx: UnitOfWork, limits: Limits, agenda: Agenda) -> Waiting:
    """Why a version that has something to destroy may not now, and from when on it may again;
    None there: not within a year."""
    company = company_hours(tx, limits)
    busy = {one.version for some in (agenda.over, agenda.ends, agenda.purging) for one in some}
    found: dict[PolicyVersionKey, tuple[str, datetime | None]] = {}
    for key in busy:
        version = agenda.versions.get(key) if key is not None else None
        if version is None or not version.own:
            continue
        calendar = narrowed(company, version.name, version.own)
        if why := calendar.closed(tx.now):
            found[version.key] = (why, calendar.opens_at(tx.now))
    return found
