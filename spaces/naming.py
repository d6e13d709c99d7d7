"""Whom a person means: somebody that Webex knows, or an address outside that can be invited.

An address of our own that nobody has is a slip of the pen and is refused; of another company
Webex tells us nothing (webex-facts 1.4), so there the address itself is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.errors import Refusal
from domain.ids import PersonId, WrongId
from domain.people import Person
from spaces.looking import find_person, person_by_id
from spaces.spec import House
from webex.gateway import Lane

MOST_ASKED = 20
"""Addresses that are looked up one by one while somebody waits."""
MOST_IDS = 85  # of one question (webex-facts 1.4)
ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\"]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One who was named. `refusal` says why nobody can be meant; `person` is None for an
    address of another company that we never saw. `moderator`: what was said of them alone."""

    said: str
    email: str = ""
    person: Person | None = None
    refusal: Refusal | None = None
    moderator: bool | None = None
    is_unchecked: bool = False
    """Nobody has asked Webex yet whether somebody has the address."""

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
        if not ADDRESS.fullmatch(email) or at in house.own_domains | {home.lower()}:
            return Named(said=said, refusal=no)
        return Named(said=said, email=email)
    return Named(said=said, email=person.email, person=person)


def who_are(house: House, said: Sequence[str], *, home: str) -> tuple[Named, ...]:
    """The same for many, in their order, with as few questions to Webex as it allows: those that
    the inventory knows are asked for by 85 ids at once, and few others one by one. Of many
    others it only is said that nobody has looked yet (`is_unchecked`).
    """
    ids, emails = _sorted(said)
    with house.store.read() as tx:
        known = {str(id): person for id, person in tx.people.by_ids(ids.values()).items()}
        by_email = tx.people.by_emails(emails.values())
    fresh = _as_they_are_now(house, by_email)
    strangers = [one for one in said if one in emails and emails[one] not in fresh]
    is_few = len(strangers) + len(ids) - len(known) <= MOST_ASKED
    found: dict[str, Named] = {}
    for one in dict.fromkeys(said):
        email = emails.get(one, "")
        person = fresh.get(email) or known.get(str(ids.get(one, "")))
        if person is not None:
            found[one] = Named(said=one, email=person.email, person=person)
        elif is_few or one not in emails:
            found[one] = who_is(house, one, home=home)
        else:  # of other companies Webex would tell nothing; there the address will do
            ours = email.rpartition("@")[2] in house.own_domains | {home.lower()}
            found[one] = Named(said=one, email=email, is_unchecked=ours)
    return tuple(found[one] for one in said)


def _sorted(said: Iterable[str]) -> tuple[dict[str, PersonId], dict[str, str]]:
    """What is an id, and what is an address."""
    ids: dict[str, PersonId] = {}
    emails: dict[str, str] = {}
    for one in said:
        if ADDRESS.fullmatch(one):
            emails[one] = one.lower()
            continue
        try:
            ids[one] = PersonId(one)
        except WrongId:
            continue
    return ids, emails


def _as_they_are_now(house: House, known: Mapping[str, Person]) -> dict[str, Person]:
    """Those of the known who still have the address that they are known by. Of other
    organisations Webex tells nothing, so of them the last that we saw holds."""
    fresh = {email: one for email, one in known.items() if one.is_ours is False}
    ours = [(email, one) for email, one in known.items() if one.is_ours is not False]
    gateway = (
        house.webex.compliance(Lane.CHAT) if house.webex.has_compliance
        else house.webex.bot(Lane.CHAT)
    )  # fmt: skip
    for start in range(0, len(ours), MOST_IDS):
        some = ours[start : start + MOST_IDS]
        found, _ = gateway.people_by_ids([one.id for _, one in some])
        now = {one.id: one for one in found}
        for email, one in some:
            if one.id in now and email in {each.lower() for each in now[one.id].emails}:
                fresh[email] = one
    return fresh


def addresses(text: str) -> tuple[str, ...]:
    """Each address or id in a text: divided by spaces, commas and semicolons, or as a mail
    program copies them, `Ana Horvat <ana@example.com>; …`."""
    if "<" in text and (found := ADDRESS.findall(text)):
        return tuple(dict.fromkeys(map(bare, found)))
    parts = re.split(r"[\s,;]+", text)
    named = (bare(part) for part in parts if part and part.lower() not in _BETWEEN)
    return tuple(dict.fromkeys(one for one in named if one))


def bare(said: str) -> str:
    """An address without what mail programs and sentences put around it."""
    if "@" not in said:
        return said
    inner = said.strip("<>()[].,;:'\"")
    return inner[len(_LINK) :] if inner.lower().startswith(_LINK) else inner


_BETWEEN = {"and", "&"}
_LINK = "mailto:"


def _person(house: House, said: str) -> Person:
    try:
        return person_by_id(house, PersonId(said))
    except WrongId:
        return find_person(house, said)
