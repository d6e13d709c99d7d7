"""People as Webex describes them: oneself, somebody by address, up to 85 by id.

Webex leaves out presence where many are asked for by id, and of people of other organisations
(webex-facts 1.4); a few are therefore asked for one by one, and of the rest that is said.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence

from domain.errors import Refusal
from domain.ids import PersonId
from domain.people import Person
from domain.profiles import Asked, Profile
from spaces.looking import remember
from spaces.spec import House
from webex.errors import Denied, Invalid, Missing
from webex.gateway import Gateway, Lane
from webex.values import WebexPerson

MOST_IDS = 85
"""In one request (OAS-M)."""
MOST_NAMED = 60
"""People that a name finds."""
MOST_ALONE = 10
"""People who are asked for one by one, for their presence; to poll it earns 429 (OAS-M)."""
ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\"]+")
WITHOUT_PRESENCE = (
    f"Webex tells nobody's presence for many ids at once; for up to {MOST_ALONE} I ask one by one."
)


def describe_self(house: House, caller: Person) -> Profile:
    """Whoever asks, as Webex has them now. Raises WebexFault."""
    for gateway in eyes(house):
        try:
            return profile(gateway.person(caller.id))
        except (Denied, Missing):
            continue
    raise Refusal("Webex tells me nothing about you just now.", "Try again in a minute.")


def describe_by_email(house: House, email: str, *, sees_all: bool) -> Profile:
    """The person with an address. Webex finds people of the own organisation by it, and no
    others; whether an outsider is in one of our spaces is nobody's business but compliance's.

    Raises:
        Refusal: it is no address, or nobody is found by it.
    """
    text = email.strip().lower()
    if not ADDRESS.fullmatch(text):
        raise Refusal(f"“{email[:60]}” is no e-mail address.", "Write it like ana@example.com.")
    for gateway in eyes(house):
        try:
            found = gateway.people_by_email(text)
        except (Denied, Missing, Invalid):
            continue
        if found:
            return profile(found[0])
    if sees_all:
        with house.store.read() as tx:
            known = tx.people.by_email(text)
        if known is not None and (alone := _alone(eyes(house)[0], known.id)) is not None:
            return profile(alone)
    raise nobody(text)


def describe_by_name(house: House, name: str) -> Asked:
    """People of the company whose name begins so, as whoever asks finds them in Webex, too.

    Raises:
        Refusal: nobody's does.
    """
    found: dict[PersonId, WebexPerson] = {}
    for gateway in eyes(house):
        try:
            seen = gateway.people_by_name(name, most=MOST_NAMED + 1)
        except (Denied, Missing, Invalid):
            continue
        found = {one.id: one for one in seen}
        break
    if not found:
        raise Refusal(
            f"I find nobody in the company whose name begins with “{name[:60]}”.",
            "Is it spelt right? An e-mail address finds exactly one person.",
        )
    people = sorted(found.values(), key=lambda one: one.display_name.casefold())
    cut = (f"There are more; these are {MOST_NAMED}. Write more of the name.",)
    return Asked(
        found=tuple(profile(one) for one in people[:MOST_NAMED]),
        notes=cut if len(people) > MOST_NAMED else (),
    )  # fmt: skip


def nobody(email: str) -> Refusal:
    return Refusal(
        f"I find nobody with the address {email[:80]} in Webex.",
        "Is it spelt right? People of other organisations Webex finds by their id only.",
    )


def describe_by_ids(house: House, ids: Sequence[PersonId]) -> Asked:
    """The people with these ids, in the order asked for, and the ids that nobody has."""
    wanted = list(dict.fromkeys(ids))
    gateway = eyes(house)[0]
    found, missing = gateway.people_by_ids(wanted)
    known = {one.id: one for one in found}
    # What Webex neither found nor named, it did not find.
    lost = tuple(id for id in wanted if id not in known or id in missing)
    if len(known) <= MOST_ALONE:
        known |= {id: alone for id in known if (alone := _alone(gateway, id)) is not None}
    notes = (WITHOUT_PRESENCE,) if len(known) > MOST_ALONE else ()
    return Asked(
        found=tuple(profile(known[id]) for id in wanted if id not in lost), not_found=lost,
        notes=notes,
    )  # fmt: skip


def names_of(house: House, ids: Iterable[PersonId]) -> dict[PersonId, str]:
    """The names of people by their ids; whom nobody knows is not in there."""
    wanted = list(dict.fromkeys(ids))
    with house.store.read() as tx:
        names = {id: one.name for id, one in tx.people.by_ids(wanted).items()}
    strangers = [id for id in wanted if id not in names]
    for some in _pieces(strangers):
        try:
            found, _ = eyes(house)[0].people_by_ids(some)
        except (Denied, Missing, Invalid):
            break
        for one in found:
            names[one.id] = remember(house, one).name
    return names


def _pieces(ids: list[PersonId]) -> Iterable[list[PersonId]]:
    walk = iter(ids)
    return iter(lambda: list(itertools.islice(walk, MOST_IDS)), [])


def _alone(gateway: Gateway, id: PersonId) -> WebexPerson | None:
    try:
        return gateway.person(id)
    except (Denied, Missing):
        return None


def eyes(house: House) -> list[Gateway]:
    """Compliance is of the company and sees its people's presence; the bot sees what it may."""
    bot = house.webex.bot(Lane.CHAT)
    return [house.webex.compliance(Lane.CHAT), bot] if house.webex.has_compliance else [bot]


def profile(person: WebexPerson) -> Profile:
    return Profile(
        id=str(person.id), emails=person.emails, display_name=person.display_name,
        phone_numbers=person.phone_numbers, nick_name=person.nick_name,
        first_name=person.first_name, last_name=person.last_name, avatar=person.avatar,
        org_id=str(person.org_id or ""), created=person.created,
        last_activity=person.last_activity, status=person.status, type=str(person.type),
    )  # fmt: skip
