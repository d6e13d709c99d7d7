"""`member:ana@ours.example`: the person is in the space now."""

from __future__ import annotations

from sqlalchemy import select

from query.sides import among, is_person, settle
from query.spec import Condition, Moments, Predicate
from query.values import read_list, say_list, write_list
from storage.schema import membership, person, space


def _truth(emails: tuple[str, ...], moments: Moments) -> Predicate:
    who = select(person.c.id).where(is_person(person.c.email, emails))
    return among(select(membership.c.space_id).where(membership.c.person_id.in_(who)))


def _doubt(emails: tuple[str, ...], moments: Moments) -> Predicate:
    return ~space.c.members_known


CONDITION = Condition(
    name="member", aliases=("with", "person"),
    doc="The person is in it: an e-mail address, or what stands before the @.",
    example="member:ana@ours.example", label="Member", hint="ana@ours.example",
    parse=lambda text: read_list(text.lower()), write=write_list,
    predicate=lambda value, moments: settle(_truth(value, moments), _doubt(value, moments)),
    truth=_truth, doubt=_doubt,
    sentence=lambda emails: f"with {say_list(emails)} as a member",
    sides=("members_known",),
)  # fmt: skip
