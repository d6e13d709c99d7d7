"""`team:"Design"`, `team:none`: the team that the space belongs to."""

from __future__ import annotations

from sqlalchemy import or_, select

from query.sides import is_text, settle
from query.spec import Condition, Moments, Predicate
from query.values import read_list, say_list, write_list
from storage.engine import fold
from storage.schema import NONE, space, team


def _truth(names: tuple[str, ...], moments: Moments) -> Predicate:
    named = select(team.c.id).where(is_text(team.c.name, names), team.c.id != NONE)
    found = space.c.team_id.in_(named)
    return or_(found, space.c.team_id == NONE) if "none" in names else found


def _doubt(names: tuple[str, ...], moments: Moments) -> Predicate:
    return space.c.team_id.is_(None)


CONDITION = Condition(
    name="team",
    doc="Belongs to the team; team:none belongs to no team.",
    example="team:design", label="Team", hint="design",
    parse=lambda text: read_list(fold(text) or ""), write=write_list,
    predicate=lambda value, moments: settle(_truth(value, moments), _doubt(value, moments)),
    truth=_truth, doubt=_doubt,
    sentence=lambda names: (
        "outside any team" if names == ("none",) else f"in the team {say_list(names)}"
    ),
)  # fmt: skip
