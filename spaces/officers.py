"""Who is of compliance now: those named by address, and those in the group of the directory.

Who alerts and requests for a second person go to. Each is looked at as for their own commands,
so that nobody is told who could not ask (I13).
"""

from __future__ import annotations

import logging
from collections.abc import Collection

from domain.errors import Fault, Refusal
from domain.people import Person
from spaces.looking import find_person
from spaces.spec import House
from storage.store import UnitOfWork

_log = logging.getLogger(__name__)


def officers(house: House) -> tuple[Person, ...]:
    """All of them whom Webex knows, by address. Who can't log in any more is none."""
    with house.store.read() as tx:
        emails = house.compliance | house.group_officers(tx)
        known = tx.people.by_emails(emails)
    found = [known.get(email) or _find(house, email) for email in sorted(emails)]
    with house.store.read() as tx:
        return _acting(house, tx, [one for one in found if one is not None])


def known_officers(house: House, tx: UnitOfWork) -> tuple[Person, ...]:
    """Those whom we know already, without asking Webex for anybody."""
    known = tx.people.by_emails(house.compliance | house.group_officers(tx))
    return _acting(house, tx, [known[email] for email in sorted(known)])


def _acting(house: House, tx: UnitOfWork, people: Collection[Person]) -> tuple[Person, ...]:
    each = {one.key: one for one in people}
    return tuple(
        one
        for one in each.values()
        if house.is_officer(tx, one)
        and not one.is_bot
        and tx.people.is_active(one.key) is not False
    )


def _find(house: House, email: str) -> Person | None:
    try:
        return find_person(house, email)
    except (Refusal, Fault) as no:
        _log.warning("an officer can't be found: %s", no)
        return None
