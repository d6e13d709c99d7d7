"""Whom a person means: somebody that Webex knows, or an address outside that can be invited.

An address of our own that nobody has is a slip of the pen and is refused; of another company
Webex tells us nothing (webex-facts 1.4), so there the address itself is taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.errors import Refusal
from domain.ids import PersonId, WrongId
from domain.people import Person
from spaces.looking import find_person, person_by_id
from spaces.spec import House

_ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\"]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One who was named. `refusal` says why nobody can be meant; `person` is None for an
    address of another company that we never saw. `moderator`: what was said of them alone."""

    said: str
    email: str = ""
    person: Person | None = None
    refusal: Refusal | None = None
    moderator: bool | None = None

    def is_to_moderate(self, all_are: bool) -> bool:
        """Whether they are to be a moderator, where that was said of all of them."""
        return all_are if self.moderator is None else self.moderator

    @property
    def name(self) -> str:
        return self.person.name if self.person else self.email or self.said

    @property
    def key(self) -> str:
        """Names them in the key of a step."""
        return str(self.person.key) if self.person else self.email or self.said


def who_is(house: House, said: str, *, home: str) -> Named:
    """Whom `said` means: a Webex id, as a mention gives it, or an e-mail address.

    Args:
        home: a mail domain of ours, besides those that the operator named.
    """
    try:
        person = _person(house, said)
    except Refusal as no:
        email = said.lower()
        at = email.rpartition("@")[2]
        if not _ADDRESS.fullmatch(email) or at == home.lower() or at in house.own_domains:
            return Named(said=said, refusal=no)
        return Named(said=said, email=email)
    return Named(said=said, email=person.email, person=person)


def addresses(text: str) -> tuple[str, ...]:
    """Each address or id in a text: divided by spaces, commas and semicolons, or as a mail
    program copies them, `Ana Horvat <ana@example.com>; …`."""
    if "<" in text and (found := _ADDRESS.findall(text)):
        return tuple(dict.fromkeys(found))
    parts = re.split(r"[\s,;]+", text)
    return tuple(dict.fromkeys(part for part in parts if part and part.lower() not in _BETWEEN))


_BETWEEN = {"and", "&"}


def _person(house: House, said: str) -> Person:
    try:
        return person_by_id(house, PersonId(said))
    except WrongId:
        return find_person(house, said)
