"""`owner:ana@ours.example`, `owner:none`: who would be warned about the space.

Its moderators, else whom it was made for, else who made it; a direct conversation belongs to
both (`query.owning`). Where its members are not known, somebody else may own it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, func, select

from query.owning import certain_owners, is_owned, owned_by
from query.sides import among, is_person, settle
from query.spec import Buckets, Condition, Moments, Predicate
from query.values import read_list, say_list, write_list
from storage.schema import person, space

NONE = "none"


def _truth(emails: tuple[str, ...], moments: Moments) -> Predicate:
    if emails == (NONE,):
        return and_(space.c.members_known, ~is_owned())
    return among(owned_by(select(person.c.id).where(is_person(person.c.email, emails))))


def _doubt(emails: tuple[str, ...], moments: Moments) -> Predicate:
    if emails == (NONE,):
        return and_(~space.c.members_known, ~is_owned())
    return ~space.c.members_known


def _parse(text: str) -> tuple[str, ...]:
    emails = read_list(text.lower())
    if NONE in emails and len(emails) > 1:
        raise ValueError("“none” stands alone: owner:none or owner:ana@ours.example.")
    return emails


def _values(spaces: Select[Any], moments: Moments) -> Select[Any]:
    each = certain_owners(spaces).subquery("owners")
    name = func.coalesce(func.nullif(person.c.name, ""), person.c.email)
    found = select(person.c.email, func.min(name), func.count())
    return found.join(each, each.c.person_id == person.c.id).group_by(person.c.email)


CONDITION = Condition(
    name="owner", aliases=("owners", "ownedby"), is_common=True,
    doc="The person would be warned about it: its moderators, else who made it; owner:none has"
    " nobody.",
    example="owner:ana@ours.example", label="Owner", hint="ana@ours.example, or none",
    parse=_parse, write=write_list,
    predicate=lambda value, moments: settle(_truth(value, moments), _doubt(value, moments)),
    truth=_truth, doubt=_doubt,
    buckets=Buckets(bands=(("Without an owner", "owner:none"),), values=_values, is_one=False),
    sentence=lambda emails: (
        "without an owner" if emails == (NONE,) else f"owned by {say_list(emails)}"
    ),
    sides=("members_known",),
)  # fmt: skip
