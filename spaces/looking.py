"""Finding people, live where it matters: who has an address now, and what they may."""

from __future__ import annotations

import logging
from collections.abc import Collection

from domain.errors import Refusal
from domain.ids import PersonId, RoomId, SpaceKey
from domain.people import Person
from domain.spaces import Space, SpaceType
from domain.verdicts import Verdict, no, yes
from spaces.spec import House
from spaces.sync.decoding import person_seen
from spaces.sync.pages import follow
from storage.store import UnitOfWork
from webex.errors import Denied, Missing, WebexFault
from webex.gateway import Gateway, Lane
from webex.values import Membership, WebexPerson

MOST_PAGES = 3
"""Of a person's memberships, read while they wait for an answer; who is in more spaces is
told what events and the nights have told us."""
MOST_LEFT = 20
"""Spaces looked at one by one, likewise."""
_log = logging.getLogger(__name__)


def find_person(house: House, email: str) -> Person:
    """The person behind an e-mail address, as Webex knows them now.

    Raises:
        Refusal: that is no address, or nobody has it.
    """
    text = email.strip().lower()
    if text.count("@") != 1 or text.startswith("@") or "." not in text.rpartition("@")[2]:
        raise Refusal(f"“{email[:60]}” is no e-mail address.", "Write it like ana@example.com.")
    for gateway in _eyes(house):
        try:
            found = gateway.people_by_email(text)
        except (Denied, Missing):
            continue
        if found:
            return remember(house, found[0])
    with house.store.read() as tx:
        known = tx.people.by_email(text)
    if known is None:
        raise Refusal(f"I find nobody with the address {text} in Webex.", "Is it spelt right?")
    return known


def person_by_id(house: House, id: PersonId) -> Person:
    """A person by Webex's id, from the inventory or else from Webex. Raises Refusal."""
    with house.store.read() as tx:
        known = tx.people.by_id(id)
    if known is not None:
        return known
    for gateway in _eyes(house):
        try:
            return remember(house, gateway.person(id))
        except (Denied, Missing):
            continue
    raise Refusal("I find nobody with that id in Webex.", "Use their e-mail address.")


def remember(house: House, person: WebexPerson) -> Person:
    """Writes a person down as Webex knows them now."""
    with house.store.begin() as tx:
        key = tx.people.ensure([person_seen(person)])[person.id]
        known = tx.people.by_key(key)
        tx.commit()
    return known


def owners_of(tx: UnitOfWork, space: SpaceKey) -> tuple[Person, ...]:
    """Who is warned about a space. While it is blocked, its moderators are those who were
    demoted for that and are still in it, and whoever was made one since: a block that was
    written down may have waited for a cap. A direct conversation belongs to both."""
    if tx.spaces.by_key(space).type is SpaceType.DIRECT:
        return _living(tx, space)
    if (demoted := _demoted(tx, space)) and (still := _living(tx, space, demoted)):
        now = {person.id for person, moderates in tx.spaces.members(space) if moderates}
        return _living(tx, space, demoted | now) if now else still
    return tx.spaces.owners(space)


def _living(
    tx: UnitOfWork, space: SpaceKey, among: Collection[PersonId] | None = None
) -> tuple[Person, ...]:
    """People of ours who are in a space, can still log in, and did not say that it is none of
    theirs."""
    disowned = tx.disowned.of(space)
    return tuple(
        person
        for person, _ in tx.spaces.members(space)
        if person.key not in disowned
        and (among is None or person.id in among)
        and not person.is_bot and person.is_ours is not False
        and tx.people.is_active(person.key) is not False
    )  # fmt: skip


def _demoted(tx: UnitOfWork, space: SpaceKey) -> frozenset[PersonId]:
    """Who moderated a space before it was blocked; nobody when it is not."""
    block = tx.blocks.of(space)
    ids = block.was.get("moderators") if block is not None else None
    return frozenset(PersonId(str(one)) for one in ids) if isinstance(ids, list) else frozenset()


def manages(house: House, space: SpaceKey, person: Person) -> Verdict:
    """Whether a person may decide about a space, read live: its moderators may; in a space
    without any, whoever it was created for or by, while they are still in it. Who was demoted
    because it is blocked still counts as a moderator. Both manage a direct conversation.
    """
    with house.store.read() as tx:
        is_direct = tx.spaces.by_key(space).type is SpaceType.DIRECT
        room = tx.spaces.id_of(space)
        requested = tx.spaces.requested_by(space)
        demoted = _demoted(tx, space)
    gateway = _eyes(house)[0]
    try:
        mine = gateway.membership_of(room, person.id)
    except (Missing, Denied):
        return no("only its moderators may do that")
    if mine is None:
        _write_down(house, space, person)  # whoever asks next is told what anybody is told
        return no("only its moderators may do that")
    if is_direct:
        return yes("it is a conversation of yours")
    if mine.is_moderator:
        return yes("you moderate it")
    if person.id in demoted:
        return yes("you moderated it until it was blocked")
    bot = house.webex.bot(Lane.CHAT).me().id
    seen = follow(lambda address: gateway.memberships(room=room, address=address))
    if any(one.is_moderator or one.person_id in demoted for one in seen.items
           if one.person_id != bot):  # fmt: skip
        return no("only its moderators may do that")
    if not (seen.complete and any(one.person_id == person.id for one in seen.items)):
        return no("I could not see all of its members just now; try again in a minute")
    if requested == person.key or gateway.room(room).creator_id == person.id:
        return yes("you created it, and it has no moderator")
    return no("it has no moderator, so only its creator may do that")


def seat_of(house: House, room: RoomId, person: Person) -> Membership | None:
    """A person's membership of a space at this moment; None: they are seen not to be in it.

    Raises:
        Missing: nobody of ours sees the space, which says nothing about them.
        WebexFault: it could not be read, so nothing may be shown.
    """
    for gateway in _eyes(house):
        try:
            return gateway.membership_of(room, person.id)
        except (Missing, Denied):
            continue
    raise Missing("nobody of ours sees that space")


def is_in(house: House, room: RoomId, person: Person) -> bool | None:
    """Whether a person is in a space at this moment; None: nobody of ours sees the space.

    Raises:
        WebexFault: it could not be read, so nothing may be shown.
    """
    try:
        return seat_of(house, room, person) is not None
    except Missing:
        return None


def notice_if_left(house: House, space: Space, person: Person) -> None:
    """Reads whether a person is still in a space, and writes it down when not."""
    try:
        mine = _eyes(house)[0].membership_of(space.id, person.id)
    except (Missing, Denied):
        return  # we can't see the space: that says nothing about them
    if mine is None:
        _write_down(house, space.key, person)


def _write_down(house: House, space: SpaceKey, gone: Person) -> None:
    with house.store.begin() as tx:
        tx.spaces.remove_member(space, gone.key)
        tx.commit()


def notice_departures(house: House, person: Person) -> None:
    """Writes down what a person left and nobody told us of, before they are shown what they are
    in: for a list, one question to Webex instead of one for each space.

    That a space is missing from Webex's answer only raises the question (it leaves out other
    organisations' spaces, facts 1.2); what is concluded is read of that very space.
    """
    if not house.webex.has_compliance:
        return  # then we are in each space that we know, and are told of who leaves
    with house.store.read() as tx:
        known = tx.spaces.ids_with(person.key)
    if not known:
        return
    gateway = _eyes(house)[0]
    try:
        seen = follow(
            lambda address: gateway.memberships(person=person.id, address=address),
            most_pages=MOST_PAGES,
        )
        if not (seen.complete and seen.items):
            return
        left = sorted(known - {one.room_id for one in seen.items})[:MOST_LEFT]
        for room in left:
            with house.store.read() as tx:
                space = tx.spaces.by_id(room)
            if space is not None:
                notice_if_left(house, space, person)
    except WebexFault as no_answer:
        _log.info("what %s left is not known just now: %s", person.key, no_answer)


def _eyes(house: House) -> list[Gateway]:
    """Compliance sees most; without it, and for bots, our own eyes."""
    bot = house.webex.bot(Lane.CHAT)
    return [house.webex.compliance(Lane.CHAT), bot] if house.webex.has_compliance else [bot]
