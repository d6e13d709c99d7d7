"""The spaces that somebody is in, as the connector lists them; of compliance all there are.

Webex lists only the asking identity's own, and sorts them by activity in batches (webex-facts
1.1), so they are sorted here. Who is in which is read from Webex at that moment where somebody
can; what is known of each is the inventory's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.ids import RoomId, SpaceKey
from domain.people import Person
from domain.spaces import Space, SpaceType
from spaces.spec import House
from spaces.sync.pages import follow
from spaces.sync.reading import read_rooms
from storage.listing import Order
from webex.errors import Denied, Invalid, Missing
from webex.gateway import Lane

__all__ = ["Listed", "Order", "list_own_spaces"]

MOST_READ = 40
"""Spaces that are read for one answer because we did not know them yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A part of the list. `people` are those of the direct conversations in it."""

    rows: tuple[Space, ...]
    total: int
    notes: tuple[str, ...] = ()
    people: Mapping[SpaceKey, str] = field(default_factory=dict)


def list_own_spaces(
    house: House, caller: Person, *, sees_all: bool, type: SpaceType | None, order: Order,
    limit: int, skip: int = 0,
) -> Listed:  # fmt: skip
    """Spaces in an order, from the one after `skip` on.

    Args:
        sees_all: the caller is compliance: all spaces of the company.

    Raises:
        WebexFault: who is in what could not be read.
    """
    among, notes = (None, ()) if sees_all else _now_in(house, caller)
    with house.store.read() as tx:
        rows, total = tx.listing.page(order=order, among=among, type=type, limit=limit, skip=skip)
        people = {
            space.key: " and ".join(one.name for one, _ in tx.spaces.members(space.key, limit=3))
            for space in rows
            if space.type is SpaceType.DIRECT
        }
    return Listed(rows=rows, total=total, notes=notes, people=people)


def _now_in(house: House, caller: Person) -> tuple[frozenset[RoomId], tuple[str, ...]]:
    """The spaces that somebody is in, and what is not sure of that."""
    with house.store.read() as tx:
        known, foreign = tx.spaces.ids_with(caller.key), tx.listing.foreign_ids_with(caller.key)
    if not house.webex.has_compliance:
        return known, ("Of your spaces I know those that I am in myself.",)
    officer = house.webex.compliance(Lane.CHAT)
    try:
        seats = follow(lambda address: officer.memberships(person=caller.id, address=address))
    except (Denied, Invalid, Missing):  # no officer, or no more: what we remember proves nothing
        return frozenset(), ("Webex does not tell me just now which spaces you are in.",)
    now = frozenset(seat.room_id for seat in seats.items)
    notes = [] if seats.complete else ["Webex did not tell me of all of your spaces just now."]
    with house.store.read() as tx:
        new = sorted(now - tx.listing.known_ids(now))
    missed = read_rooms(house, officer, new[:MOST_READ])
    if left := len(new) - MOST_READ if len(new) > MOST_READ else len(missed):
        notes.append(f"{left} more I do not know yet; ask again in a while.")
    # Of other organisations' spaces an officer is not told by person (webex-facts 1.2).
    return now | foreign, tuple(notes)
