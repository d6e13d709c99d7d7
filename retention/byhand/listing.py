"""What is on its way to be deleted: all of it for compliance, else what a person decides about."""

from __future__ import annotations

from domain.endings import Pending, RequestState
from domain.people import Person
from retention.byhand.asking import pending_of
from spaces.looking import owners_of
from spaces.spec import House


def pending_for(house: House, person: Person | None) -> tuple[Pending, ...]:
    """The soonest first. `person` None: everything. What only waits for a second officer is
    compliance's matter alone."""
    with house.store.read() as tx:
        found = []
        for request in tx.deletions.open():
            if person is not None and (
                request.state is RequestState.WAITING
                or person.key not in {one.key for one in owners_of(tx, request.space)}
            ):
                continue
            found.append(pending_of(tx, request))
    return tuple(found)
