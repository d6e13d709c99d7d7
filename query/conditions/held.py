"""`held:yes`: a hold reaches the space, so nothing of it may be destroyed."""

from __future__ import annotations

from sqlalchemy import and_, not_

from domain.fields import FieldKind
from query.sides import settle
from query.spec import Buckets, Condition, Moments, Predicate
from query.standing import held_spaces, people_are_held
from query.values import yes_or_no
from storage.schema import space


def _doubt(held: bool, moments: Moments) -> Predicate:
    """Who is in it is not all known, and some hold is on a person."""
    return and_(~space.c.members_known, people_are_held(moments))


def _predicate(held: bool, moments: Moments) -> Predicate:
    found = settle(held_spaces(moments), _doubt(held, moments))
    return found if held else not_(found)


CONDITION = Condition(
    name="held", aliases=("onhold",),
    doc="yes: a hold is on it, on somebody who is or was in it, or on a tag of it.",
    example="held:yes", label="On hold", kind=FieldKind.CHOICE,
    choices=(("yes", "Yes"), ("no", "No")),
    parse=yes_or_no("held"), write=lambda value: "yes" if value else "no",
    predicate=_predicate, sides=("members_known",), is_for_policies=False,
    buckets=Buckets(bands=(("On hold", "held:yes"), ("Not on hold", "held:no"))),
    sentence=lambda value: "that are on hold" if value else "that are not on hold",
)  # fmt: skip
