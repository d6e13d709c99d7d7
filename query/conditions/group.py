"""`group:finance-emea`: someone in the space is in the directory's group.

A group that is not known (it failed, shrank, grew old or never came) answers nothing for any
space: its last good value must not destroy (safety.md, Evidence). Neither does a name that we
never saw. Where several groups have the name, nobody said which one was meant: what all of
them agree on holds, and everything else is not known (decision 0076).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select

from domain.groups import FRESH
from query.sides import among, folded, is_text, settle
from query.spec import Buckets, Condition, Moments, Predicate
from query.values import read_list, say_list, write_list
from storage.engine import fold
from storage.schema import ad_group, space, space_group


def _named(name: str) -> ColumnElement[bool]:
    """Its name, or the id that tells it from another of the same name."""
    return or_(is_text(ad_group.c.name, [name]), is_text(ad_group.c.source_id, [name]))


def _known(moments: Moments) -> ColumnElement[bool]:
    at = moments.read or moments.now  # asked of a day to come, what is known now still is
    return and_(ad_group.c.is_known, ad_group.c.read_at > at - FRESH)


def _count(which: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).select_from(ad_group).where(which).scalar_subquery()


def _truth(names: tuple[str, ...], moments: Moments) -> Predicate:
    return or_(false(), *(_all_of(name, moments) for name in names))


def _all_of(name: str, moments: Moments) -> Predicate:
    # Not a join: the few groups are found first, then their spaces by the index. Nearly always
    # it is one group, so the first of them leads, and the rest is not even looked at.
    named = select(ad_group.c.id).where(_named(name))
    first = select(func.min(ad_group.c.id)).where(_named(name)).scalar_subquery()
    inside = select(space_group.c.space_id)
    every = inside.where(space_group.c.group_id.in_(named)).group_by(space_group.c.space_id)
    return and_(
        _count(and_(_named(name), ~_fresh(moments))) == 0,
        among(inside.where(space_group.c.group_id == first)),
        or_(_count(_named(name)) == 1, among(every.having(func.count() == _count(_named(name))))),
    )


def _fresh(moments: Moments) -> ColumnElement[bool]:
    return func.coalesce(_known(moments), false())


def _doubt(names: tuple[str, ...], moments: Moments) -> Predicate:
    return or_(~space.c.groups_known, *(_unsure(name, moments) for name in names))


def _unsure(name: str, moments: Moments) -> Predicate:
    """No group, several that disagree on the space, or one that is not known."""
    named = select(ad_group.c.id).where(_named(name))
    inside = select(space_group.c.space_id).where(space_group.c.group_id.in_(named))
    return or_(
        _count(and_(_named(name), _fresh(moments))) == 0,
        _count(and_(_named(name), ~_fresh(moments))) > 0,
        and_(_count(_named(name)) > 1, among(inside)),
    )


def _values(spaces: Select[Any], moments: Moments) -> Select[Any]:
    """Of the groups that are known: by name, and where several have it, by id."""
    twin = ad_group.alias("twin")
    same = folded(twin.c.name) == folded(ad_group.c.name)
    often = select(func.count()).select_from(twin).where(same).scalar_subquery()
    value = case((often == 1, folded(ad_group.c.name)), else_=folded(ad_group.c.source_id))
    each = (
        select(space_group.c.group_id, func.count().label("number"))
        .where(space_group.c.space_id.in_(spaces))
        .group_by(space_group.c.group_id)
        .subquery("each_group")
    )
    found = select(value, ad_group.c.name, each.c.number)
    return found.join(each, each.c.group_id == ad_group.c.id).where(_fresh(moments))


CONDITION = Condition(
    name="group", aliases=("ad", "adgroup"), is_common=True,
    doc="A member is in the directory group, by its name or its id.",
    example="group:finance-emea", label="Directory group of a member", hint="finance-emea",
    parse=lambda text: read_list(fold(text) or ""), write=write_list,
    predicate=lambda value, moments: settle(_truth(value, moments), _doubt(value, moments)),
    truth=_truth, doubt=_doubt,
    buckets=Buckets(
        values=_values, unknown=lambda moments: ~space.c.groups_known, is_one=False
    ),
    sentence=lambda names: f"with members of the group {say_list(names)}",
    sides=("groups_known",),
)  # fmt: skip
