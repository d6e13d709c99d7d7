"""Looking at what there is of a person: each space read live, their messages counted.

Changes nothing in Webex. What is counted is told with the moment it was counted at; people go on
writing, and what is agreed to is the list of spaces, not a number of messages.
"""

from __future__ import annotations

from domain.audit import Word
from domain.erasures import Erasure, ErasureState, Obstacle, Part, PartState
from domain.errors import Refusal
from domain.ids import SpaceKey
from domain.people import Actor, Person
from domain.spaces import SpaceState, SpaceType
from retention.erasing.finding import carried_in, find_seats, find_writing
from retention.erasing.standing import standing, standings
from spaces.effects.erasing import wanted_by
from spaces.spec import House
from spaces.sync.authored import written_by
from spaces.sync.live import record, settle_missing
from spaces.sync.pages import follow
from webex.errors import (
    Deleted,
    Denied,
    Missing,
    NotAuthorised,
    Throttled,
    Unclear,
    WebexFault,
)
from webex.gateway import Lane


def begin_looking(house: House, one: Erasure) -> tuple[SpaceKey, ...]:
    """Writes down the spaces that are known at once, and gives them."""
    person = person_of(house, one)
    found = find_seats(house, person)
    with house.store.begin() as tx:
        known = {part.space: part for part in tx.erasures.parts(one.key)}
        new = [key for key in found.seats if key not in known]
        tx.erasures.put_parts(one.key, [Part(space=key, state=PartState.TO_DO) for key in new])
        tx.erasures.move(
            tx.erasures.get(one.key),
            ErasureState.LOOKING,
            unknown=found.unknown,
            unseen=found.unseen,
        )
        tx.commit()
    return tuple(sorted({*known, *found.seats}))


def look_elsewhere(house: House, one: Erasure) -> int:
    """The spaces that only events and what the bot carried tell of; looks at them, and says how
    many they are."""
    person = person_of(house, one)
    found = find_writing(house, person)
    with house.store.read() as tx:
        known = {part.space for part in tx.erasures.parts(one.key)}
    new = [key for key in found.seats if key not in known]
    for key in new:
        look_at_or_note(house, one, key)
    with house.store.begin() as tx:
        now = tx.erasures.get(one.key)
        why = "; ".join(dict.fromkeys(filter(None, [now.unknown, found.unknown])))
        tx.erasures.move(now, ErasureState.LOOKING, unknown=why, unseen=now.unseen + found.unseen)
        tx.commit()
    return len(new)


def look_at(house: House, one: Erasure, key: SpaceKey) -> Part:
    """Reads one space, counts their messages in it, and writes that down.

    Raises:
        WebexFault: it could not be read; nothing was written.
    """
    person = person_of(house, one)
    officer = house.webex.compliance(Lane.BACKGROUND)
    with house.store.read() as tx:
        space = tx.spaces.by_key(key)
    try:
        at = house.clock.now()
        room = officer.room(space.id)
        members = follow(lambda address: officer.memberships(room=space.id, address=address))
        space = record(house, room, members, at=at)
    except (Missing, Deleted, Denied):
        return _unseen(house, one, key)
    is_both = one.both_sides and space.type is SpaceType.DIRECT
    carried = list(carried_in(house, person.key, space.id))
    found = written_by(
        officer, house.webex.witness(Lane.BACKGROUND), space.id,
        wanted_by({"author": person.id, "carried": carried, "everybody": is_both}),
    )  # fmt: skip
    with house.store.begin() as tx:
        deleted = tx.messages.deleted([message.id for message in found])
        stands = standing(tx, space)
        part = Part(
            space=key, state=stands.state, obstacle=stands.obstacle, why=stands.why,
            is_direct=space.type is SpaceType.DIRECT,
            is_member=any(each.person_id == person.id for each in members.items),
            counted=sum(message.id not in deleted for message in found),
            files=sum(len(each.files) for each in found if each.id not in deleted),
        )  # fmt: skip
        tx.erasures.put_parts(one.key, [part])
        tx.commit()
    return part


def finish_looking(house: House, actor: Actor, one: Erasure) -> Erasure:
    """All was looked at: a second officer can agree to it."""
    with house.store.begin() as tx:
        tx.audit.serialise()
        now = tx.erasures.get(one.key)
        if now.state is not ErasureState.LOOKING:
            return now
        left = sum(
            part.state is PartState.TO_DO and part.counted is None
            for part in tx.erasures.parts(one.key)
        )
        why = "; ".join(filter(None, [now.unknown, f"{left} were not looked at" if left else ""]))
        tx.erasures.move(now, ErasureState.SHOWN, looked_at=tx.now, unknown=why)
        totals = tx.erasures.totals(one.key)
        tx.audit.add(
            Word.ERASURE_LOOK, actor, erasure=one.number, whom=one.pseudonym,
            spaces=sum(each["spaces"] for each in totals.values()),
            messages=sum(each["counted"] for each in totals.values()), unknown=why,
        )  # fmt: skip
        now = tx.erasures.get(one.key)
        tx.commit()
    return now


def look_at_or_note(house: House, one: Erasure, key: SpaceKey) -> Part:
    """The same; a space that Webex will not show waits, and is tried again when its turn comes.

    Raises:
        NotAuthorised, Throttled, Unclear: it can be looked at a little later.
    """
    try:
        return look_at(house, one, key)
    except (NotAuthorised, Throttled, Unclear):
        raise
    except WebexFault as no:
        why = f"It could not be read: {no.said}."
    part = Part(space=key, state=PartState.WAITS, obstacle=Obstacle.UNSEEN, why=why)
    with house.store.begin() as tx:
        tx.erasures.put_parts(one.key, [part])
        tx.commit()
    return part


def refresh(house: House, one: Erasure) -> tuple[SpaceKey, ...]:
    """The list as it is at this moment: where they came in since, and what stands in the way now.
    Gives the spaces that nobody has looked at."""
    person = person_of(house, one)
    found = find_seats(house, person)
    with house.store.read() as tx:
        known = {part.space: part for part in tx.erasures.parts(one.key)}
        now = standings(tx, known)
    new = [key for key in found.seats if key not in known]
    moved = [
        Part(
            space=key, state=stands.state, obstacle=stands.obstacle, why=stands.why,
            is_direct=known[key].is_direct, is_member=known[key].is_member,
            counted=known[key].counted, files=known[key].files,
        )
        for key, stands in now.items()
        if known[key].obstacle is not Obstacle.UNSEEN
        and (stands.obstacle is not known[key].obstacle or stands.why != known[key].why)
    ]  # fmt: skip
    if new or moved or found.unknown:
        with house.store.begin() as tx:
            fresh = (Part(space=key, state=PartState.TO_DO) for key in new)
            tx.erasures.put_parts(one.key, [*moved, *fresh])
            tx.commit()
    if found.unknown:
        raise Refusal(f"I can't see all of it just now: {found.unknown}.", "Try again later.")
    return tuple(new)


def person_of(house: House, one: Erasure) -> Person:
    """Raises Refusal: the request is over, and nobody's any more."""
    if one.person is None:
        raise Refusal("That request is over.")
    with house.store.read() as tx:
        return tx.people.by_key(one.person)


def _unseen(house: House, one: Erasure, key: SpaceKey) -> Part:
    try:
        state = settle_missing(house, key)
    except NotAuthorised:
        raise
    except WebexFault:
        state = None
    is_gone = state is SpaceState.GONE
    part = Part(
        space=key, state=PartState.LEFT if is_gone else PartState.WAITS,
        obstacle=Obstacle.GONE if is_gone else Obstacle.UNSEEN,
        why="The space is not there any more." if is_gone else "Nobody of us can see the space.",
    )  # fmt: skip
    with house.store.begin() as tx:
        tx.erasures.put_parts(one.key, [part])
        tx.commit()
    return part
