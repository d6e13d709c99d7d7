"""`creator:ana@ours.example`: who made the space, or for whom we made it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, or_, select

from query.sides import in_answer, is_person, settle
from query.spec import Buckets, Condition, Moments, Predicate
from query.values import read_list, say_list, write_list
from storage.schema import person, space


def _truth(emails: tuple[str, ...], moments: Moments) -> Predicate:
    who = select(person.c.id).where(is_person(person.c.email, emails))
    return or_(space.c.creator_id.in_(who), space.c.requested_by.in_(who))


def _doubt(emails: tuple[str, ...], moments: Moments) -> Predicate:
    return space.c.creator_id.is_(None)


def _values(spaces: Select[Any], moments: Moments) -> Select[Any]:
    """By whom it was made, or for whom."""
    who = func.coalesce(space.c.requested_by, space.c.creator_id)
    name = func.coalesce(func.nullif(person.c.name, ""), person.c.email)
    found = select(person.c.email, func.min(name), func.count())
    made = found.join(space, who == person.c.id).where(in_answer(spaces))
    return made.group_by(person.c.email)


CONDITION = Condition(
    name="creator", aliases=("by",),
    doc="The person made it, or the bot made it for them.",
    example="creator:ana@ours.example", label="Created by", hint="ana@ours.example",
    parse=lambda text: read_list(text.lower()), write=write_list,
    predicate=lambda value, moments: settle(_truth(value, moments), _doubt(value, moments)),
    truth=_truth, doubt=_doubt,
    buckets=Buckets(values=_values, unknown=lambda moments: space.c.creator_id.is_(None)),
    sentence=lambda emails: f"created by {say_list(emails)}",
)  # fmt: skip
