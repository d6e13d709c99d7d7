"""Who owns spaces, for many at once: those who would be warned, as `spaces.looking.owners_of`
finds them for one space (a test holds the two together).

A person who is in a space and can still log in has a *claim* on it: 1, a direct conversation is
theirs, or they moderated the space before it was blocked; 2, they moderate it; 3, it was made
for them; 4, they made it. The best claim that anybody has on a space decides; beside
those who moderated it before a block stand those who moderate it now.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from domain.ids import PersonKey
from domain.spaces import SpaceType
from query.sides import folded
from query.spec import Predicate
from storage.schema import block_record, disowned, membership, person, space

_MODERATES = 2
DEMOTED, ASKED, MADE = 1, 3, 4


def living() -> Predicate:
    """A person of ours who can still log in, as far as is known. Bots own nothing."""
    return and_(
        ~person.c.is_bot,
        or_(person.c.is_ours, person.c.is_ours.is_(None)),
        or_(person.c.is_active, person.c.is_active.is_(None)),
    )


def _claim() -> ColumnElement[int]:
    """Of a membership, beside its `space`, `person` and perhaps `block_record`; NULL: none."""
    # What was before a block holds ids of people as the former moderators, and nowhere else.
    was = block_record.c.was
    demoted = func.length(func.replace(was, person.c.webex_id, "")) < func.length(was)
    return case(
        (space.c.type == int(SpaceType.DIRECT), DEMOTED),
        (demoted, DEMOTED),
        (membership.c.is_moderator, _MODERATES),
        (membership.c.person_id == space.c.requested_by, ASKED),
        (membership.c.person_id == space.c.creator_id, MADE),
    )


def owners(spaces: Select[Any] | None = None) -> Select[Any]:
    """(space_id, person_id, claim) of each owner of each space; of those that `spaces` names."""
    claim = _claim().label("claim")
    claims = (
        select(membership.c.space_id, membership.c.person_id, claim)
        .select_from(
            membership.join(space, space.c.id == membership.c.space_id)
            .join(person, person.c.id == membership.c.person_id)
            .outerjoin(block_record, block_record.c.space_id == space.c.id)
        )
        .where(living(), ~_disowned())
    )
    if spaces is not None:
        claims = claims.where(membership.c.space_id.in_(spaces))
    every = claims.subquery("claims")
    best = func.min(every.c.claim).over(partition_by=every.c.space_id).label("best")
    ranked = select(every, best).where(every.c.claim.is_not(None)).subquery("ranked")
    return select(ranked.c.space_id, ranked.c.person_id, ranked.c.claim).where(
        or_(
            ranked.c.claim == ranked.c.best,
            # Whoever was made a moderator while the block waited is one beside those before.
            and_(ranked.c.best == DEMOTED, ranked.c.claim == _MODERATES),
        )
    )


def certain_owners(spaces: Select[Any]) -> Select[Any]:
    """As `owners`, without those whom somebody may outdo who is not known to be in the space."""
    each = owners(spaces).subquery("owners")
    found = select(each.c.space_id, each.c.person_id)
    return found.join(space, space.c.id == each.c.space_id).where(
        or_(each.c.claim <= _MODERATES, space.c.members_known)
    )


def owned_by(people: Select[Any]) -> Select[Any]:
    """Keys of spaces that any of `people` certainly owns."""
    theirs = select(membership.c.space_id).where(membership.c.person_id.in_(people))
    each = certain_owners(theirs).subquery("certain")
    return select(each.c.space_id).where(each.c.person_id.in_(people))


def is_owned() -> Predicate:
    """Somebody who is known to be in the space owns it."""
    found = (
        exists()
        .where(
            membership.c.space_id == space.c.id, person.c.id == membership.c.person_id, living(),
            ~_disowned(),
            or_(
                space.c.type == int(SpaceType.DIRECT), membership.c.is_moderator,
                membership.c.person_id == space.c.requested_by,
                membership.c.person_id == space.c.creator_id, _was_demoted(),
            ),
        )
    )  # fmt: skip
    return found.correlate(space)


def _disowned() -> Predicate:
    """Of a membership: they said that the space is none of theirs."""
    said = (disowned.c.space_id == membership.c.space_id) & (
        disowned.c.person_id == membership.c.person_id
    )
    return exists().where(said).correlate(membership)


def owned_by_one(key: PersonKey) -> Select[Any]:
    """Keys of spaces that a person certainly owns."""
    return owned_by(select(person.c.id).where(person.c.id == key))


def _was_demoted() -> Predicate:
    was = block_record.c.was
    here = (block_record.c.space_id == space.c.id) & (
        func.length(func.replace(was, person.c.webex_id, "")) < func.length(was)
    )
    return exists().where(here).correlate(space, person)


def first_owners(spaces: Select[Any]) -> Select[Any]:
    """(space_id, name): the first name among the owners of each of `spaces`; for sorting."""
    each = owners(spaces).subquery("owners")
    name = func.coalesce(func.nullif(person.c.name, ""), person.c.email)
    found = select(each.c.space_id, func.min(folded(name)).label("name"))
    return found.join(person, person.c.id == each.c.person_id).group_by(each.c.space_id)
