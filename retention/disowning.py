"""“Not mine”: an owner says that a space is none of theirs, and takes it back.

Nothing changes on Webex. They are no longer warned about it, and count as no owner: those who
are left decide; where nobody is left, the night looks for an owner and does nothing meanwhile.
So it never lets anything go that would not have gone before.
"""

from __future__ import annotations

from domain.audit import Word
from domain.errors import Refusal
from domain.people import Actor, Person
from domain.spaces import Space
from spaces.looking import owners_of
from spaces.spec import House


def disown(house: House, actor: Actor, space: Space, person: Person) -> tuple[Person, ...]:
    """Gives who owns it now. Raises Refusal: they don't own it."""
    with house.store.begin() as tx:
        tx.audit.serialise()
        if person.key in tx.disowned.of(space.key):
            return owners_of(tx, space.key)
        if person.key not in {one.key for one in owners_of(tx, space.key)}:
            raise Refusal("You are not asked about it anyway.", "`space` shows who owns it.")
        tx.disowned.add(space.key, person.key)
        left = owners_of(tx, space.key)
        tx.audit.add(
            Word.SPACE_DISOWN, actor, space=space.key, person=person.key,
            left=[one.email for one in left],
        )  # fmt: skip
        tx.commit()
    return left


def own_again(house: House, actor: Actor, space: Space, person: Person) -> None:
    """Raises Refusal: they never said that it is not theirs."""
    with house.store.begin() as tx:
        tx.audit.serialise()
        if not tx.disowned.remove(space.key, person.key):
            raise Refusal("You never said that it is not yours.")
        tx.audit.add(Word.SPACE_OWN, actor, space=space.key, person=person.key)
        tx.commit()
