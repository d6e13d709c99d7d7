"""Who reads alerts now: compliance alone, in the alert space or 1:1 (I13)."""

from __future__ import annotations

from dataclasses import dataclass

from domain.alerts import AlertKey
from domain.ids import RoomId, WrongId
from domain.people import Person
from spaces.officers import officers
from spaces.spec import House
from spaces.sync.pages import follow
from storage.store import UnitOfWork
from webex.errors import Denied, Missing, NotAuthorised, WebexFault
from webex.gateway import Lane


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Where alerts go now. `room` None: to each of `people`; `why` then says why not there."""

    people: tuple[Person, ...]
    room: RoomId | None = None
    why: str = ""


def readers(house: House) -> Readers:
    """Who is told now; the alert space only while compliance alone is in it."""
    people = officers(house)
    if not house.alert_room:
        return Readers(people=people)
    try:
        room = RoomId(house.alert_room)
    except WrongId:
        return Readers(people=people, why="what is set as the alert space is no space")
    why = _speaks_against(house, room, people)
    return Readers(people=people, room=None if why else room, why=why)


def readers_of(tx: UnitOfWork, key: AlertKey) -> int:
    """How many know of an alert as it was opened last; a space counts as one."""
    one = tx.alerts.get(key)
    return sum(knows for _, knows in tx.alert_telling.attempts(one).values()) if one else 0


def _speaks_against(house: House, room: RoomId, people: tuple[Person, ...]) -> str:
    bot = house.webex.bot(Lane.BACKGROUND)
    try:
        seen = follow(lambda address: bot.memberships(room=room, address=address))
        me = bot.me().id
    except (Missing, Denied):
        return "I am not in it"
    except NotAuthorised:
        raise
    except WebexFault as no:
        return f"it can't be reached: {no}"
    known = {one.id for one in people} | {me}
    others = sorted(one.email for one in seen.items if one.person_id not in known)
    if others:
        return f"{others[0]} is in it and not of compliance"
    return "" if seen.complete and seen.items else "I can't see who is in it"
