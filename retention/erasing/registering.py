"""The register of requests to erase people: taking one in, its deadline, ending it early.

Who asks the company has an answer within one month, which can be made three by telling them why
(GDPR Art. 12(3)). The register knows people by our own keys and a pseudonym; the record never
names the person, so that it need not be changed when they are erased.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from domain.audit import Word
from domain.erasures import ENDED, Erasure, ErasureState, deadline
from domain.errors import Refusal
from domain.ids import PersonKey
from domain.people import Actor, Person
from spaces.spec import House
from storage.store import UnitOfWork
from webex.gateway import Lane

MONTHS, MORE_MONTHS = 1, 3
OLDEST = timedelta(days=366)
"""A wish that came longer ago was long to be answered; that is a slip of the pen."""
NO_OFFICER = "Without a compliance identity I can neither find nor delete what somebody wrote."
CONNECT = "The operator can connect one; `status` shows what I have."


def register(
    house: House, actor: Actor, person: Person, *, received: datetime | None = None,
    reason: str = "", both_sides: bool = False,
) -> Erasure:  # fmt: skip
    """Takes a request in, or finds the open one, to be looked at (again).

    Args:
        received: when the wish came; None: now.
        both_sides: in their direct conversations what the others wrote goes, too.

    Raises:
        Refusal: nobody can be erased like that, or two people agreed already.
    """
    _refuse(house, person)
    me = _person(actor)
    with house.store.begin() as tx:
        tx.audit.serialise()
        at = received or tx.now
        if not tx.now - OLDEST <= at <= tx.now:
            raise Refusal("It came today or in the last year.", "Say the day like 2026-11-20.")
        known = tx.erasures.open_of(person.key)
        if known is not None:
            _is_same_wish(known, received=received, both_sides=both_sides)
            return _again(tx, actor, me, known)
        salt = secrets.token_hex(16)
        made = tx.erasures.add(
            person.key, pseudonym=pseudonym_of(person, salt), salt=salt, by=me, received=at,
            due=deadline(at, months=MONTHS), reason=reason, both_sides=both_sides,
        )  # fmt: skip
        tx.audit.add(
            Word.ERASURE_REGISTER, actor, erasure=made.number, whom=made.pseudonym,
            received=at.isoformat(), due=made.due.isoformat(), both_sides=both_sides,
        )  # fmt: skip
        tx.commit()
    return made


def _is_same_wish(known: Erasure, *, received: datetime | None, both_sides: bool) -> None:
    """What was asked for stays as it was said; another wish is another request. Raises Refusal:
    it is another one than is open."""
    end = f"`erasure cancel {known.number}` ends it; then ask for what you want instead."
    if known.both_sides != both_sides:
        has = "with both sides" if known.both_sides else "without both sides"
        word = " both sides" if known.both_sides else ""
        raise Refusal(
            f"{known.number} is open {has} of their conversations of two, and that stays as it is.",
            f"To look at that one again, say `erase person` and the name{word}. {end}",
        )
    if received is not None and received.date() != known.received.date():
        raise Refusal(
            f"{known.number} is open, with a wish that came on {known.received:%Y-%m-%d}.",
            f"To look at that one again, leave `received` out. {end}",
        )


def _again(tx: UnitOfWork, actor: Actor, me: PersonKey, known: Erasure) -> Erasure:
    """An open request is looked at anew, and has to be agreed to anew: by somebody else than
    whoever asks now, since who asked first may be no officer any more."""
    if known.state in (ErasureState.AGREED, ErasureState.ERASING):
        raise Refusal(
            "That is on its way already; two people agreed to it.",
            f"`erasure {known.number}` shows how it stands.",
        )
    if not tx.erasures.move(
        known, ErasureState.LOOKING, why=known.why, list_hash="", by_id=me, second_id=None
    ):
        raise Refusal("Somebody else was faster.", f"`erasure {known.number}` shows it.")
    tx.audit.add(
        Word.ERASURE_REGISTER, actor, erasure=known.number, whom=known.pseudonym, again=True
    )
    now = tx.erasures.get(known.key)
    tx.commit()
    return now


def pseudonym_of(person: Person, salt: str) -> str:
    """Stands for a person: only who has the salt, and the person, can make it again."""
    return "P-" + hashlib.sha256(f"{salt}/{person.id}".encode()).hexdigest()[:16]


def extend(house: House, actor: Actor, one: Erasure, *, reason: str) -> Erasure:
    """Two further months. Raises Refusal: it can't be, or not any more."""
    if not reason.strip():
        raise Refusal("Why? The person is told the reason.", "Add it after `because`.")
    with house.store.begin() as tx:
        tx.audit.serialise()
        one = tx.erasures.get(one.key)
        if one.state in ENDED:
            raise Refusal("That request is over.")
        if one.extended_at is not None:
            raise Refusal("It was extended already, and can be only once.")
        if tx.now > one.due:
            raise Refusal(
                "Its month is over, so it can't be extended any more.",
                "Answer the person now, and say why it is late.",
            )
        due = deadline(one.received, months=MORE_MONTHS)
        tx.erasures.extend(one, due=due, why=reason.strip())
        tx.audit.add(
            Word.ERASURE_EXTEND, actor, erasure=one.number, whom=one.pseudonym,
            was=one.due.isoformat(), due=due.isoformat(),
        )  # fmt: skip
        now = tx.erasures.get(one.key)
        tx.commit()
    return now


def cancel(house: House, actor: Actor, one: Erasure, *, why: str = "") -> Erasure:
    """Calls it off. What was erased is erased; nothing more is.

    Raises:
        Refusal: it is over already.
    """
    with house.store.begin() as tx:
        tx.audit.serialise()
        one = tx.erasures.get(one.key)
        said = f"{actor.name} called it off" + (f": {why}" if why else "")
        if one.state in ENDED or not tx.erasures.move(one, ErasureState.CANCELLED, why=said):
            raise Refusal("That request is over already.")
        totals = tx.erasures.totals(one.key)
        tx.audit.add(
            Word.ERASURE_CANCEL, actor, erasure=one.number, whom=one.pseudonym,
            was=str(one.state), gone=sum(each["gone"] for each in totals.values()),
        )  # fmt: skip
        now = tx.erasures.get(one.key)
        tx.commit()
    return now


def find_erasure(house: House, said: str) -> Erasure:
    """By its number, or the last part of it. Raises Refusal: there is none."""
    text = said.strip().upper()
    with house.store.read() as tx:
        if text.isdigit() and len(text) <= 9:
            text = f"ER-{tx.now.year}-{int(text):06d}"
        found = tx.erasures.by_number(text)
    if found is None:
        raise Refusal("There is no request of that number.", "`erasures` lists them.")
    return found


def _refuse(house: House, person: Person) -> None:
    if not house.webex.has_compliance:
        raise Refusal(NO_OFFICER, CONNECT)
    own = {
        house.webex.bot(Lane.CHAT).me().id, house.webex.compliance(Lane.CHAT).me().id,
        house.webex.witness(Lane.CHAT).me().id,
    }  # fmt: skip
    if person.is_bot or person.id in own:
        raise Refusal(
            "That is a machine or one of my own identities, and no person.",
            "Erasing is for people.",
        )
    with house.store.read() as tx:
        if house.is_officer(tx, person):
            raise Refusal(
                f"{person.name} is of compliance, and would erase what they are answerable for.",
                "The operator has to take them off compliance first.",
            )


def why_no_person(house: House, tx: UnitOfWork, person: Person) -> str:
    """Why somebody may not be erased any more, asked again while it lasts; empty when they may."""
    if person.is_bot:
        return "it is a machine"
    return "they are of compliance now" if house.is_officer(tx, person) else ""


def no_officers(house: House, tx: UnitOfWork, one: Erasure) -> str:
    """Whose word it goes by have to be of compliance then, too (I12); empty when they are."""
    keys = {one.by, *([one.second] if one.second is not None else [])}
    people = tx.people.by_keys(keys)
    if len(keys) > 1 and all(house.is_officer(tx, each) for each in people.values()):
        return ""
    return "of the two who agreed to it, not both are of compliance any more"


def _person(actor: Actor) -> PersonKey:
    if actor.person is None:
        raise Refusal("Only a person can ask for that.")
    return actor.person
