"""`team:"Design"`, `team:none`: the team that the space belongs to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from query.sides import folded, in_answer, is_text, settle
from query.spec import Buckets, Condition, Moments, Predicate
from query.values import read_list, say_list, write_list
from storage.engine import fold
from storage.schema import NONE, space, team


def _truth(names: tuple[str, ...], moments: Moments) -> Predicate:
    named = select(team.c.id).where(is_text(team.c.name, names), team.c.id != NONE)
    found = space.c.team_id.in_(named)
    return or_(found, space.c.team_id == NONE) if "none" in names else found


def _doubt(names: tuple[str, ...], moments: Moments) -> Predicate:
    return space.c.team_id.is_(None)


def _values(spaces: Select[Any], moments: Moments) -> Select[Any]:
    # Counted by key first: folding each space's name would be a call of ours for each space.
    number = func.count().label("number")
    found = select(space.c.team_id, number).where(in_answer(spaces))
    each = found.group_by(space.c.team_id).subquery("each_key")
    name: ColumnElement[Any] = folded(team.c.name)
    summed = select(name, func.min(team.c.name), func.sum(each.c.number))
    joined = summed.join(each, each.c.team_id == team.c.id)
    return joined.where(team.c.id != NONE, team.c.name != "").group_by(name)


def _unknown(moments: Moments) -> Predicate:
    """A team's name may not be known yet, either."""
    nameless = select(team.c.id).where(team.c.name == "", team.c.id != NONE)
    return or_(space.c.team_id.is_(None), space.c.team_id.in_(nameless))


CONDITION = Condition(
    name="team",
    doc="Belongs to the team; team:none belongs to no team.",
    example="team:design", label="Team", hint="design",
    parse=lambda text: read_list(fold(text) or ""), write=write_list,
    predicate=lambda value, moments: settle(_truth(value, moments), _doubt(value, moments)),
    truth=_truth, doubt=_doubt,
    buckets=Buckets(bands=(("In no team", "team:none"),), values=_values, unknown=_unknown),
    sentence=lambda names: (
        "outside any team" if names == ("none",) else f"in the team {say_list(names)}"
    ),
)  # fmt: skip
