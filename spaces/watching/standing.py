"""Standing: whether a watch may tell this, asked of Webex at each delivery (I13).

To its maker, 1:1, a watch tells what they could see themselves: they are in the space, or are
compliance. To anybody else, a space or an address, it tells only what its maker may let others
know: as a moderator of the space, who could invite them, or as compliance. Nothing goes into a
space with outsiders in it that is about another one. A maker who is not of the company any more
has no watches.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from time import monotonic

from domain.ids import PersonId
from domain.people import Person
from domain.spaces import Scope, Space
from domain.watches import Happening, Reach, Target, Trigger, Watch
from spaces.looking import manages, remember
from spaces.spec import House
from spaces.sync.live import touch
from webex.errors import Denied, Missing
from webex.gateway import Gateway, Lane
from webex.values import PersonType, WebexPerson

FRESH = 60.0
"""Seconds that somebody's belonging to the company is believed."""
MOST = 10_000


class Stand(StrEnum):
    YES = "yes"
    WITHHELD = "withheld"
    """Not this; the watch goes on."""
    ENDED = "ended"
    """Nothing of this watch any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    stand: Stand
    why: str = ""


YES = Standing(stand=Stand.YES)


class Makers:
    """Who is of the company now, asked once a minute for each."""

    def __init__(self) -> None:
        self._known: dict[PersonId, tuple[float, bool]] = {}
        self._lock = Lock()

    def is_here(self, house: House, maker: Person) -> bool:
        """Raises WebexFault."""
        with self._lock:
            known = self._known.get(maker.id)
        if known is not None and monotonic() - known[0] < FRESH:
            return known[1]
        found = _is_of_the_company(house, maker)
        with self._lock:
            if len(self._known) > MOST:
                self._known.clear()
            self._known[maker.id] = (monotonic(), found)
        return found


def stand_of(house: House, makers: Makers, watch: Watch, what: Happening) -> Standing:
    """Whether it may be told. Raises WebexFault: that can't be said now."""
    with house.store.read() as tx:
        maker = tx.people.by_key(watch.maker)
        space = None if what.space is None else tx.spaces.by_key(what.space)
        to = None if watch.to_space is None else tx.spaces.by_key(watch.to_space)
    if not makers.is_here(house, maker):
        return Standing(stand=Stand.ENDED, why="whoever made it is not of the company any more")
    with house.store.read() as tx:
        is_officer = house.is_officer(tx, tx.people.by_key(watch.maker))
    if watch.reach is Reach.ALL and not is_officer:
        return Standing(stand=Stand.ENDED, why="whoever made it is not of compliance any more")
    if space is None:
        return _no("the space is not known any more")
    if not is_officer and (refused := _may_know(house, watch, what, space, maker)):
        return refused
    if to is not None:
        return _into(house, to, space, maker, is_officer=is_officer)
    return YES


def _may_know(
    house: House, watch: Watch, what: Happening, space: Space, maker: Person
) -> Standing | None:
    """None: they may."""
    if what.trigger is Trigger.SPACE_DELETED:  # nobody is in it any more
        with house.store.read() as tx:
            was_in = tx.watches.was_there(space.key, maker.key, at=what.at)
        return None if was_in else _no("whoever made it was not in the space")
    if watch.target is not Target.PERSON:
        if manages(house, space.key, maker):
            return None
        return _no("whoever made it may not tell others of the space")
    return None if _is_in(house, space, maker) else _no("whoever made it is not in the space")


def _into(house: House, to: Space, space: Space, maker: Person, *, is_officer: bool) -> Standing:
    if not is_officer and not manages(house, to.key, maker):
        return _no("whoever made it may not post into the space that it tells")
    if (
        to.key != space.key
        and touch(house, to.id, lane=Lane.BACKGROUND).scope is not Scope.INTERNAL
    ):
        return _no("there may be outsiders in the space that it tells")
    return YES


def _no(why: str) -> Standing:
    return Standing(stand=Stand.WITHHELD, why=why)


def _is_in(house: House, space: Space, person: Person) -> bool:
    for eyes in _eyes(house):
        try:
            return eyes.membership_of(space.id, person.id) is not None
        except (Missing, Denied):
            continue
    return False


def _is_of_the_company(house: House, maker: Person) -> bool:
    for eyes in _eyes(house):
        try:
            read = eyes.person(maker.id)
        except (Missing, Denied):
            continue
        remember(house, read)
        return read.login_enabled is not False and is_ours(house, read)
    return False


def is_ours(house: House, read: WebexPerson) -> bool:
    """By organisation where we know ours, else by mail domain; a bot never is."""
    if read.type is not PersonType.PERSON:
        return False
    with house.store.read() as tx:
        org = tx.people.own_org()
    if org is not None:
        return read.org_id == org
    return read.email.rpartition("@")[2] in house.own_domains


def _eyes(house: House) -> list[Gateway]:
    bot = house.webex.bot(Lane.BACKGROUND)
    if not house.webex.has_compliance:
        return [bot]
    return [house.webex.compliance(Lane.BACKGROUND), bot]
