"""“Not mine”: an owner says that a space is none of theirs, and takes it back.

Nothing changes on Webex. They are no longer warned about it, and count as no owner: those who
are left decide; where nobody is left, the night looks for an owner and does nothing meanwhile.
So it never lets anything go that would not have gone before. It is a word on how things are:
whoever is made a moderator of the space after it, leaves it, or comes in anew, owns it like anybody
else (`storage.seating`); what a block takes and gives back is no such change.
"""

from __future__ import annotations

from domain.audit import Word
from domain.errors import Refusal
from domain.people import Actor, Person
from domain.spaces import Space
from retention.ownerless.candidates import is_able
from spaces.looking import owners_of
from spaces.spec import House
from storage.store import UnitOfWork


def disown(house: House, actor: Actor, space: Space, person: Person) -> tuple[Person, ...]:
    """Gives who owns it now. Raises Refusal: they don't own it."""
    with house.store.begin() as tx:
        tx.audit.serialise()
        if person.key in tx.disowned.of(space.key):
            return owners_of(tx, space.key)
        if person.key not in {one.key for one in owners_of(tx, space.key)}:
            raise Refusal("You are not asked about it anyway.", "`space` shows who owns it.")
        left = _disown(tx, actor, space, person)
        tx.commit()
    return left


def _disown(tx: UnitOfWork, actor: Actor, space: Space, person: Person) -> tuple[Person, ...]:
    tx.disowned.add(space.key, person.key)
    left = owners_of(tx, space.key)
    tx.audit.add(
        Word.SPACE_DISOWN, actor, space=space.key, person=person.key,
        left=[one.email for one in left],
    )  # fmt: skip
    return left


def ready_to_own(house: House, space: Space, person: Person) -> None:
    """Before a space is handed over to somebody. Raises Refusal: they are no person of ours who
    can log in, read now, or they said that it is none of theirs, which is theirs to take back."""
    if not is_able(house, person):
        raise Refusal(
            f"{person.name} can't own it.", "Name a person of your organisation who can log in."
        )
    with house.store.read() as tx:
        if person.key in tx.disowned.of(space.key):
            raise Refusal(
                f"{person.name} said that it is none of theirs.",
                "Name somebody else, or ask them to say `mine`.",
            )


def hand_over(house: House, actor: Actor, space: Space, person: Person, to: Person) -> bool:
    """An owner is none any more, for somebody who is one now; so nobody hands a space over to
    nobody. False: they did not own it. Raises Refusal: the other one does not own it after all."""
    with house.store.begin() as tx:
        tx.audit.serialise()
        owners = {one.key for one in owners_of(tx, space.key)}
        if to.key not in owners:
            raise Refusal(
                f"{to.name} does not own it, so it stays yours.", "`space` shows who owns it."
            )
        if person.key not in owners:
            return False
        _disown(tx, actor, space, person)
        tx.commit()
    return True


def own_again(house: House, actor: Actor, space: Space, person: Person) -> None:
    """Raises Refusal: they never said that it is not theirs."""
    with house.store.begin() as tx:
        tx.audit.serialise()
        if not tx.disowned.remove(space.key, person.key):
            raise Refusal("You never said that it is not yours.")
        tx.audit.add(Word.SPACE_OWN, actor, space=space.key, person=person.key)
        tx.commit()
