"""`moderator:ana@ours.example`, `moderator:none`: who moderates the space."""

from __future__ import annotations

from sqlalchemy import and_, exists, select

from query.sides import among, is_person, settle
from query.spec import Condition, Moments, Predicate
from query.values import read_list, say_list, write_list
from storage.schema import membership, person, space

NONE = "none"


def _truth(emails: tuple[str, ...], moments: Moments) -> Predicate:
    if emails == (NONE,):
        return and_(space.c.members_known, ~_has_one())
    who = select(person.c.id).where(is_person(person.c.email, emails))
    seats = select(membership.c.space_id).where(membership.c.person_id.in_(who))
    return among(seats.where(membership.c.is_moderator))


def _doubt(emails: tuple[str, ...], moments: Moments) -> Predicate:
    if emails == (NONE,):
        return and_(~space.c.members_known, ~_has_one())
    return ~space.c.members_known


def _has_one() -> Predicate:
    here = (membership.c.space_id == space.c.id) & membership.c.is_moderator
    return exists().where(here).correlate(space)


def _parse(text: str) -> tuple[str, ...]:
    emails = read_list(text.lower())
    if NONE in emails and len(emails) > 1:
        raise ValueError("“none” stands alone: moderator:none or moderator:ana@ours.example.")
    return emails


CONDITION = Condition(
    name="moderator", aliases=("mod",),
    doc="The person moderates it; moderator:none has no moderator.",
    example="moderator:ana@ours.example", label="Moderator", hint="ana@ours.example",
    parse=_parse, write=write_list,
    predicate=lambda value, moments: settle(_truth(value, moments), _doubt(value, moments)),
    truth=_truth, doubt=_doubt,
    sentence=lambda emails: (
        "without a moderator" if emails == (NONE,) else f"moderated by {say_list(emails)}"
    ),
    sides=("members_known",),
)  # fmt: skip
