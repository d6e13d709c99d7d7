"""`creator:ana@ours.example`: who made the space, or for whom we made it."""

from __future__ import annotations

from sqlalchemy import or_, select

from query.sides import is_person, settle
from query.spec import Condition, Moments, Predicate
from query.values import read_list, say_list, write_list
from storage.schema import person, space


def _truth(emails: tuple[str, ...], moments: Moments) -> Predicate:
    who = select(person.c.id).where(is_person(person.c.email, emails))
    return or_(space.c.creator_id.in_(who), space.c.requested_by.in_(who))


def _doubt(emails: tuple[str, ...], moments: Moments) -> Predicate:
    return space.c.creator_id.is_(None)


CONDITION = Condition(
    name="creator", aliases=("by",),
    doc="The person made it, or the bot made it for them.",
    example="creator:ana@ours.example", label="Created by", hint="ana@ours.example",
    parse=lambda text: read_list(text.lower()), write=write_list,
    predicate=lambda value, moments: settle(_truth(value, moments), _doubt(value, moments)),
    truth=_truth, doubt=_doubt,
    sentence=lambda emails: f"created by {say_list(emails)}",
)  # fmt: skip
