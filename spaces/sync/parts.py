"""The parts of a crawl: what each asks of Webex, when the answer is not to be believed, and
what of it is written.

Reading happens on many threads, writing on one, many parts at a time. A part that failed gives
what it has and why: it comes again after all the others, and after that it is a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from domain.ids import OrgId, PersonId, PersonKey, RoomId, TeamId
from domain.seen import Look, PersonSeen
from domain.spaces import SpaceState
from spaces.spec import House
from spaces.sync.decoding import person_seen
from spaces.sync.live import settle_missing
from spaces.sync.pages import follow
from spaces.sync.reading import read_room
from storage.crawls import Kind, Part
from storage.store import UnitOfWork
from webex.errors import Deleted, Denied, Missing, NotAuthorised, Throttled, WebexFault
from webex.gateway import Gateway, Lane
from webex.values import PersonType

MOST_IDS = 85
SHARE_LISTED = 0.995
MOST_ASKED = 20
"""People who are missing from a list of members, asked for one by one; more are a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came of a part. `amiss` says why it is not to be believed as it is; `fault` is what
    Webex answered."""

    part: Part
    amiss: str = ""
    fault: WebexFault | None = None
    org: tuple[OrgId, str] | None = None
    classifications: tuple[tuple[str, str, int], ...] | None = None
    people: tuple[PersonSeen, ...] = ()
    rooms: tuple[RoomId, ...] = ()
    look: Look | None = None
    has_left: bool = False
    is_lost: bool = False
    team_name: str = ""


class Reader:
    """Asks Webex, as the officer or in member mode as the bot; changes nothing but the state
    of a space that nobody finds."""

    def __init__(self, house: House, *, is_company: bool) -> None:
        self._house = house
        self._is_company = is_company
        self._bot = house.webex.bot(Lane.BACKGROUND)
        self._eyes: Gateway = house.webex.compliance(Lane.BACKGROUND) if is_company else self._bot

    def read(self, part: Part, listed: frozenset[PersonId] = frozenset()) -> Came:
        """`listed` are the people whose own lists named the room that the part is about.

        Raises:
            NotAuthorised, Throttled: not the part's fault; the crawl stops and goes on later.
        """
        try:
            match part.kind:
                case Kind.LIST:
                    return self._list(part)
                case Kind.PERSON:
                    return self._person(part, PersonId(part.name))
                case Kind.ROOM:
                    return self._room(part, RoomId(part.name), listed)
                case Kind.TEAM:
                    return self._team(part)
        except (NotAuthorised, Throttled):
            raise
        except WebexFault as fault:
            return Came(part=part, amiss=f"{part.kind.name.lower()}: {fault.said}", fault=fault)

    def _list(self, part: Part) -> Came:
        if part.name == "company":
            return self._company(part)
        if part.name == "own":
            mine = follow(lambda address: self._bot.memberships(address=address))
            return Came(part=part, amiss=mine.why, rooms=tuple(m.room_id for m in mine.items))
        people = follow(lambda address: self._eyes.people(address=address))
        amiss = people.why
        if self._eyes.me().id not in {one.id for one in people.items}:
            amiss = amiss or "the list of people leaves out the officer who asked for it"
        return Came(part=part, amiss=amiss, people=tuple(person_seen(p) for p in people.items))

    def _company(self, part: Part) -> Came:
        """Without our organisation nothing is known to be ours. A bot can't always read it, and
        never the classifications."""
        try:
            ours = self._eyes.organisation()
        except (Denied, Missing):
            if self._is_company:
                raise
            return Came(part=part)
        org = (ours.id, ours.name)
        try:
            kinds = self._eyes.classifications() if self._is_company else ()
        except (NotAuthorised, Throttled):
            raise
        except WebexFault as no:  # said by its name: an alert of its own rests on it
            return Came(part=part, org=org, amiss=f"classifications: {no.said}", fault=no)
        seen = tuple((str(one.id), one.title, one.rank) for one in kinds)
        return Came(part=part, org=org, classifications=seen)

    def _person(self, part: Part, id: PersonId) -> Came:
        """The spaces that a person is in. Members are read space by space, since only that
        shows outsiders."""
        try:
            found = follow(lambda address: self._eyes.memberships(person=id, address=address))
        except Missing:
            return Came(part=part, has_left=self._is_nobody(id), amiss="")
        return Came(
            part=part, amiss=found.why,
            rooms=tuple(dict.fromkeys(one.room_id for one in found.items)),
        )  # fmt: skip

    def _is_nobody(self, id: PersonId) -> bool:
        """Raises WebexFault when the person is there, and yet their spaces were not found."""
        try:
            self._eyes.person(id)
        except Missing:
            return True
        raise WebexFault("somebody's spaces were not found", status=404)

    def _room(self, part: Part, id: RoomId, listed: frozenset[PersonId]) -> Came:
        try:
            look = read_room(self._house, self._eyes, id)
        except (Missing, Deleted):
            if part.tries == 0:
                return Came(part=part, amiss="a space was not there")  # perhaps not yet (2)
            return self._nowhere(part, id)
        return self._believed(part, id, look, listed)

    def _believed(self, part: Part, id: RoomId, look: Look, listed: frozenset[PersonId]) -> Came:
        """Whoever's own list named the space and who is not among its members has left since;
        if not, the list of members is not whole."""
        amiss = "" if look.complete else "a list of members is not complete"
        if not look.members:
            amiss = "a space without members"
        absent = listed - {one.person.id for one in look.members or ()}
        if not amiss and absent:
            asked = sorted(absent)[: MOST_ASKED + 1]
            is_short = len(asked) > MOST_ASKED or any(
                self._eyes.membership_of(id, who) is not None for who in asked
            )
            if is_short:
                amiss = "a list of members leaves out people"
        return Came(part=part, amiss=amiss, look=replace(look, complete=not amiss))

    def _nowhere(self, part: Part, id: RoomId) -> Came:
        """A space that the officer does not find, the second time: perhaps the bot is in it."""
        with self._house.store.read() as tx:
            known = tx.spaces.by_id(id)
        if self._is_company:
            try:
                return self._believed(part, id, read_room(self._house, self._bot, id), frozenset())
            except (Missing, Deleted):
                if known is None:
                    return Came(part=part)  # named, gone before it was ever seen
        if known is None:
            return Came(part=part)
        match settle_missing(self._house, known.key):
            case SpaceState.GONE:
                return Came(part=part)
            case SpaceState.LOST:
                return Came(part=part, is_lost=True)
        return Came(part=part, amiss="a space is seen by some of us and not by others")

    def _team(self, part: Part) -> Came:
        """A team that can't be read has no name; nothing rests on that."""
        try:
            return Came(part=part, team_name=self._eyes.team(TeamId(part.name)).name)
        except (Missing, Denied):
            return Came(part=part)


def write(tx: UnitOfWork, generation: int, came: Iterable[Came], *, most_tries: int) -> None:
    """Everything that came, into one transaction; what is amiss comes again, or is a fault."""
    lists: dict[PersonKey, tuple[RoomId, ...]] = {}
    looks: list[Look] = []
    done: list[Part] = []
    everything = list(came)
    keys = tx.people.keys(
        PersonId(one.part.name) for one in everything if one.part.kind is Kind.PERSON
    )
    for one in everything:
        if one.org is not None:
            tx.people.set_own_org(*one.org)
        if one.classifications is not None:
            tx.spaces.write_classifications(one.classifications)
        if one.part.name == "people":  # those who are known are asked for, listed or not
            tx.people.ensure(one.people)
            ours = {*(p.id for p in one.people), *(id for _, id in tx.people.ours())}
            tx.crawls.add_parts(generation, Kind.PERSON, sorted(ours))
        if one.part.kind is Kind.PERSON:
            lists[keys[PersonId(one.part.name)]] = one.rooms
            if one.has_left:
                tx.people.set_active(keys[PersonId(one.part.name)], False)
        elif one.rooms:
            tx.crawls.add_parts(generation, Kind.ROOM, one.rooms)
        if one.look is not None:
            looks.append(one.look)
        if one.team_name:
            tx.spaces.name_team(TeamId(one.part.name), one.team_name)
        if one.is_lost:
            tx.crawls.lost(generation)
        if one.amiss and one.part.tries + 1 < most_tries:
            tx.crawls.failed(one.part)
            continue
        if one.amiss:
            tx.crawls.fault(generation, one.amiss)
        done.append(one.part)
    tx.spaces.take_in(looks, generation=generation)
    tx.crawls.named(generation, lists)
    tx.crawls.done(done)


def wrong_people(house: House, unlisted: Sequence[PersonId]) -> str:
    """People of ours who sit in spaces and were not in the list of people: they may have come
    or gone meanwhile. Those who are there and are left out again show that the list is not
    whole; gives what is wrong then, or nothing."""
    eyes = house.webex.compliance(Lane.BACKGROUND)
    there: set[PersonId] = set()
    try:
        for start in range(0, len(unlisted), MOST_IDS):
            found, _ = eyes.people_by_ids(unlisted[start : start + MOST_IDS])
            there |= {p.id for p in found if p.type is PersonType.PERSON and p.login_enabled}
        people = follow(lambda address: eyes.people(address=address))
    except (NotAuthorised, Throttled):
        raise
    except WebexFault as fault:
        return f"the list of people: {fault.said}"
    with house.store.begin() as tx:
        tx.people.ensure([person_seen(one) for one in people.items])
        tx.commit()
    left_out = there - {one.id for one in people.items}
    if not people.complete:
        return people.why
    if len(left_out) > (1 - SHARE_LISTED) * len(people.items):
        return f"the list of people leaves out {len(left_out)}"
    return ""
