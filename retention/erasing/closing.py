"""Where a request stands after a run: over, with its certificate; partly done; or going on.

The principle: it is over only when nothing of the person is left that may go, no space came up
that nobody agreed to, and no hold is on them; then our own records of them go in the same
transaction that seals the certificate.
"""

from __future__ import annotations

from domain.audit import Word
from domain.erasures import Erasure, ErasureState, Obstacle, Part, PartState
from domain.errors import Fault
from domain.people import SYSTEM, Person
from retention.erasing.certifying import certify_erasure
from retention.erasing.finding import find_seats, find_writing
from retention.erasing.telling import tell
from retention.spec import Night
from spaces.spec import House
from webex.errors import Missing, NotAuthorised, WebexFault
from webex.gateway import Lane

_HELD = "waits for a hold's end"


def how_it_stands(night: Night, one: Erasure, person: Person) -> str:
    """Where the request stands after a run: over, partly done, or going on."""
    house = night.house
    with house.store.read() as tx:
        now = tx.erasures.get(one.key)
        parts = tx.erasures.parts(one.key)
    if now.state not in (ErasureState.ERASING, ErasureState.PARTLY):
        return str(now.state)
    if any(part.state is PartState.TO_DO for part in parts):
        return "goes on"
    waiting = [p for p in parts if p.state in (PartState.WAITS, PartState.ATTENTION)]
    waiting = waiting or list(_came_up(house, now, person, parts))
    if waiting:
        _rest(night, now, waiting)
        return "waits"
    if (end := _close(night, now, person, parts)) == _HELD:
        _tell_held(night, now)
    return end


def _came_up(
    house: House, one: Erasure, person: Person, parts: tuple[Part, ...]
) -> tuple[Part, ...]:
    """Spaces that nobody agreed to, since they came up later."""
    known = {part.space for part in parts}
    found, seen = find_writing(house, person), find_seats(house, person, lane=Lane.BACKGROUND)
    if found.unknown or seen.unknown:
        raise Fault(found.unknown or seen.unknown)
    new = tuple(
        Part(
            space=key, state=PartState.WAITS, obstacle=Obstacle.NEW,
            why="It came up later; `erase person` looks at it, and two people have to agree.",
        )
        for key in {*found.seats, *seen.seats} - known
    )  # fmt: skip
    if new:
        with house.store.begin() as tx:
            tx.erasures.put_parts(one.key, new)
            tx.commit()
    return new


def _rest(night: Night, one: Erasure, waiting: list[Part]) -> None:
    """The rest waits; told once for each number of spaces that do."""
    with night.house.store.begin() as tx:
        if one.state is not ErasureState.PARTLY:
            tx.audit.serialise()
            why = f"{len(waiting)} spaces wait"
            if tx.erasures.move(one, ErasureState.PARTLY, why=why):
                tx.audit.add(
                    Word.ERASURE_REST, SYSTEM, erasure=one.number, whom=one.pseudonym,
                    waiting=len(waiting),
                )  # fmt: skip
        tx.commit()
    tell(
        night, one, f"rest/{len(waiting)}", "an erasure is partly done",
        why=f"{len(waiting)} spaces wait: {waiting[0].why}",
        means="What could be erased is; the rest goes on by itself when nothing forbids it.",
        to_do=f"`erasure {one.number}` shows what waits, and for what.",
    )  # fmt: skip


def _close(night: Night, one: Erasure, person: Person, parts: tuple[Part, ...]) -> str:
    """Our own records, the certificate, the end: in one transaction."""
    house = night.house
    still_there = _is_in_webex(house, person)
    with house.store.begin() as tx:
        tx.audit.serialise()
        if tx.protections.is_held(person.key):  # it reaches all spaces that they ever were in
            return _HELD
        one = tx.erasures.get(one.key)
        own = tx.erasures.forget(person.key, one.pseudonym, rename=not still_there)
        made = certify_erasure(tx, one, parts, own, still_there=still_there)
        left = sum(part.state is PartState.LEFT for part in parts)
        why = f"done, and {left} spaces were left" if left else "all of it is erased"
        if not tx.erasures.move(
            one,
            ErasureState.DONE,
            why=why,
            certificate=made.number,
            person_id=None,
            reason="",
            extended="",
        ):
            return "was called off"
        tx.audit.add(
            Word.ERASURE_END, SYSTEM, erasure=one.number, whom=one.pseudonym, left=left,
            certificate=made.number, sha256=made.sha256,
        )  # fmt: skip
        tx.commit()
    tell(
        night, one, "done", "an erasure is done", why=why, is_urgent=False,
        means=f"Certificate {made.number} proves it; it names the person by a pseudonym only.",
        to_do=f"`certificate {made.number}` sends it. Answer the person.",
    )  # fmt: skip
    return "done"


def _tell_held(night: Night, one: Erasure) -> None:
    """Where they were stays known while a hold is on them: else it would not reach those spaces."""
    tell(
        night, one, "held", "an erasure waits for a hold to end", why="a hold is on the person",
        means="What they wrote is erased; who was where is kept while the hold lasts.",
        to_do=f"`erasure {one.number}` shows how it stands; it ends by itself after the hold.",
    )  # fmt: skip


def _is_in_webex(house: House, person: Person) -> bool:
    """Whether Webex still knows them, so that the inventory would learn of them again at once."""
    try:
        found = house.webex.compliance(Lane.BACKGROUND).person(person.id)
    except Missing:
        return False
    except NotAuthorised:
        raise
    except WebexFault:
        return True
    return found.login_enabled is not False
