"""`group:finance-emea`: someone in the space is in the directory's group.

A group that is not known (it failed, shrank or never came) answers nothing for any space: its
last good value must not destroy (safety.md, Evidence). Neither does a name that we never saw.
"""

from __future__ import annotations

from sqlalchemy import exists, or_, select

from query.sides import among, is_text, settle
from query.spec import Condition, Moments, Predicate
from query.values import read_list, say_list, write_list
from storage.engine import fold
from storage.schema import ad_group, space, space_group


def _truth(names: tuple[str, ...], moments: Moments) -> Predicate:
    named = is_text(ad_group.c.name, names) & ad_group.c.is_known
    # Not a join: the few groups are found first, then their spaces by the index.
    wanted = select(ad_group.c.id).where(named)
    return among(select(space_group.c.space_id).where(space_group.c.group_id.in_(wanted)))


def _doubt(names: tuple[str, ...], moments: Moments) -> Predicate:
    seen = (~exists().where(is_text(ad_group.c.name, [name])) for name in names)
    unsure = exists().where(is_text(ad_group.c.name, names) & ~ad_group.c.is_known)
    return or_(~space.c.groups_known, unsure, *seen)


CONDITION = Condition(
    name="group", aliases=("ad", "adgroup"), is_common=True,
    doc="A member is in the directory group.",
    example="group:finance-emea", label="Directory group of a member", hint="finance-emea",
    parse=lambda text: read_list(fold(text) or ""), write=write_list,
    predicate=lambda value, moments: settle(_truth(value, moments), _doubt(value, moments)),
    truth=_truth, doubt=_doubt,
    sentence=lambda names: f"with members of the group {say_list(names)}",
    sides=("groups_known",),
)  # fmt: skip
