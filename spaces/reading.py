"""How people read what we tell them: their own time zone and language, as they said it."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

from domain.errors import Refusal
from domain.ids import PersonKey
from domain.people import Person
from spaces.spec import House

MOST_NEAR = 5


def find_zone(said: str) -> str:
    """The time zone that somebody means: its name, or the last part of it.

    Raises:
        Refusal: there is none, or there are several; says which.
    """
    text = " ".join(said.split()).replace(" ", "_").casefold()
    known = _zones()
    if text in known:
        return known[text]
    hits = sorted({name for key, name in known.items() if key.rpartition("/")[2] == text})
    if len(hits) == 1:
        return hits[0]
    near = hits or _near(text)
    raise Refusal(
        f"“{said[:40]}” is {'several time zones' if hits else 'no time zone that I know'}.",
        f"Do you mean {', '.join(near[:MOST_NEAR])}?" if near else "Say it like Europe/Berlin.",
    )


def set_time_zone(house: House, person: PersonKey, zone: str) -> Person:
    """Empty: as in Webex. Gives them as they are now."""
    with house.store.begin() as tx:
        tx.people.set_time_zone(person, zone)
        now = tx.people.by_key(person)
        tx.commit()
    return now


def set_language(house: House, person: PersonKey, language: str) -> Person:
    """Empty: as everybody here. Gives them as they are now."""
    with house.store.begin() as tx:
        tx.people.set_language(person, language)
        now = tx.people.by_key(person)
        tx.commit()
    return now


def said_zone(house: House, person: PersonKey) -> str:
    """The time zone that they said to us; empty where it is Webex's."""
    with house.store.read() as tx:
        return tx.people.said_zone(person)


def _near(text: str) -> list[str]:
    known = _zones()
    last = {key.rpartition("/")[2]: name for key, name in known.items()}
    close = [last[key] for key in get_close_matches(text, last, MOST_NEAR, 0.7)]
    return close or [known[key] for key in get_close_matches(text, known, MOST_NEAR, 0.7)]


@cache
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones() if "/" in name or name == "UTC"}
