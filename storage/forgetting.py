"""What our own tables hold of a person, taken out or made nameless when they are erased.

The record's chain is never touched, and no sealed certificate: a row that is changed breaks both,
and with them the proof of everything else (docs/decisions/0087). They know people by our own key,
which stands for nobody once the row that it points at has no name.
"""

from __future__ import annotations

import json
import uuid
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, or_, select, update

from domain.ids import PersonKey
from storage.schema import (
    audit,
    carried_message,
    former_membership,
    intent,
    membership,
    person,
    saved_search,
    search_share,
    watch,
)
from storage.sql import pieces

NAMES = ("email", "name", "person", "to", "org")
"""Entries of a plan's payload and of its evidence that say who somebody is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was taken out, and how many rows of the record are by or about the person."""

    searches: int
    watches: int
    seats: int
    plans: int
    rows_kept: int
    is_nameless: bool


def forget_person(
    connection: Connection, key: PersonKey, pseudonym: str, *, rename: bool
) -> Forgotten:
    """Args: rename: their row loses its name, address and Webex id; not while Webex knows them."""
    searches = connection.scalars(
        select(saved_search.c.id).where(saved_search.c.owner_id == key)
    ).all()
    for piece in pieces(searches):
        connection.execute(delete(search_share).where(search_share.c.search_id.in_(piece)))
        connection.execute(delete(saved_search).where(saved_search.c.id.in_(piece)))
    connection.execute(delete(search_share).where(search_share.c.person_id == key))
    watches = connection.execute(
        update(watch)
        .where(watch.c.maker_id == key)
        .values(state="ended", why="whoever made it was erased", email="", who="", address="")
    ).rowcount
    seats = connection.execute(
        delete(former_membership).where(former_membership.c.person_id == key)
    ).rowcount
    connection.execute(delete(carried_message).where(carried_message.c.sender_id == key))
    kept = connection.execute(
        select(func.count())
        .select_from(audit)
        .where(or_(audit.c.actor_id == key, audit.c.person_id == key))
    ).scalar_one()
    plans = _plans(connection, key)
    if rename:
        connection.execute(delete(membership).where(membership.c.person_id == key))
        connection.execute(
            update(person)
            .where(person.c.id == key)
            .values(
                webex_id=_nobody(), email=f"{pseudonym.lower()}@erased.invalid", name=pseudonym,
                domain_id=None, is_active=False, time_zone="UTC",
            )
        )  # fmt: skip
    return Forgotten(
        searches=len(searches), watches=watches, seats=seats, plans=plans, rows_kept=kept,
        is_nameless=rename,
    )  # fmt: skip


def _plans(connection: Connection, key: PersonKey) -> int:
    """What was planned about them: that it was, stays; who it was about, goes."""
    found = connection.execute(
        select(intent.c.id, intent.c.payload, intent.c.evidence).where(intent.c.person_id == key)
    ).all()
    for row in found:
        connection.execute(
            update(intent)
            .where(intent.c.id == row.id)
            .values(payload=_nameless(row.payload), evidence=_nameless(row.evidence))
        )
    connection.execute(update(intent).where(intent.c.actor_id == key).values(actor="erased"))
    return len(found)


def _nameless(text: str) -> str:
    said = json.loads(text)
    kept = said if not isinstance(said, Mapping) else {
        name: value for name, value in said.items() if name not in NAMES
    }  # fmt: skip
    return json.dumps(kept, sort_keys=True)


def _nobody() -> str:
    """An id of nobody, so that what reads ids goes on reading."""
    text = f"ciscospark://us/PEOPLE/{uuid.uuid4()}"
    return b64encode(text.encode()).decode().rstrip("=")
