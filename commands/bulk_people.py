"""What the commands on the people of many spaces share: whom they name, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards.words import listed
from commands.people import PeopleArg
from commands.spec import Context
from commands.telling import SAID, ids_of
from commands.working import Working
from domain.errors import Elsewhere, Refusal
from domain.ids import PersonKey
from domain.spaces import Space
from domain.works import Came, How
from spaces.changing import LATER, Change
from spaces.naming import Named

PEOPLE = PeopleArg(name="people", label="People", most=10)


def all_known(people: Sequence[Named]) -> Sequence[Named]:
    """Raises Refusal: one of them is nobody. In many spaces nobody is left out silently."""
    for one in people:
        if one.refusal is not None:
            raise one.refusal
    return people


def keys_of(people: Sequence[Named]) -> tuple[PersonKey, ...]:
    return tuple(one.person.key for one in people if one.person is not None)


def names_of(people: Sequence[Named]) -> str:
    return listed([one.name for one in people], most=3)


def params_of(people: Sequence[Named]) -> Mapping[str, str]:
    return {"people": ids_of(people)}


def people_of(context: Context, working: Working) -> tuple[Named, ...]:
    return PEOPLE.parse(working.payload["people"].split(), context)


def came_of(space: Space, change: Change) -> Came:
    """What came of a space's turn. Raises Elsewhere: Webex asks for patience."""
    if change.consequences:
        raise Refusal(" ".join(change.consequences), "Do it in that space by itself.")
    if any(one.why == LATER for one in change.each):
        raise Elsewhere("Webex asks for patience")
    done = [one for one in change.each if one.came in SAID]
    others = [one.why for one in change.each if one.came not in SAID]
    said = " ".join((*others, *change.notes))
    if done:
        return Came(how=How.DONE, name=space.shown_title, said=said)
    is_so = all(str(one.came) == "already so" for one in change.each)
    how = How.ALREADY if is_so else How.REFUSED
    return Came(how=how, name=space.shown_title, said=said)
