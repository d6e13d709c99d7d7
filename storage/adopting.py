"""Puts people into the groups that list them, whichever of the two came to be known first."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, select

from storage.schema import group_email, group_member, person
from storage.sql import insert, pieces


def adopt(connection: Connection, which: ColumnElement[bool]) -> None:
    """Where `which` (of a person, or of a group's e-mail) holds."""
    found = (
        select(group_email.c.group_id, person.c.id)
        .join(person, person.c.email == group_email.c.email)
        .where(which)
    )
    put = insert(connection, group_member).from_select(["group_id", "person_id"], found)
    connection.execute(put.on_conflict_do_nothing(index_elements=["group_id", "person_id"]))


def adopt_people(connection: Connection, people: Iterable[int]) -> None:
    """People whom the inventory has just learnt of, or whose address has changed."""
    for piece in pieces(people):
        adopt(connection, person.c.id.in_(piece))
