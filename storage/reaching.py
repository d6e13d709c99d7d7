"""How far holds reach: their own spaces, those of their people now or before, those with their
tags, and those that their searches have found.

One statement for all who ask. What a search would find at this very moment, or can't rule out,
is asked beside it (`query.protecting`), since only the query's language can.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, func, literal, or_, select, union, union_all

from storage.schema import (
    former_membership,
    hold,
    hold_found,
    hold_target,
    membership,
    space,
    space_tag,
)

Now = datetime | ColumnElement[datetime]
"""A moment, or the parameter of a statement that is kept."""
LEFT_ALONE = timedelta(days=7)
"""For which a hold's spaces are left alone when it has ended."""


def holds_at(now: Now) -> ColumnElement[bool]:
    """The hold holds: it has no end, or its end lies ahead."""
    return or_(hold.c.ends_at.is_(None), hold.c.ends_at > now)


def reached(*which: ColumnElement[bool]) -> CompoundSelect[Any]:
    """(hold_id, space_id, ends_at) of everything that the holds `which` reach.

    Args:
        which: conditions on `hold`.
    """
    on = (
        select(
            hold_target.c.hold_id, hold_target.c.space_id, hold_target.c.person_id,
            hold_target.c.tag_id, hold.c.ends_at,
        )
        .join(hold, hold.c.id == hold_target.c.hold_id)
        .where(*which)
        .subquery("held")
    )  # fmt: skip
    return union(
        select(on.c.hold_id, on.c.space_id, on.c.ends_at).where(on.c.space_id.is_not(None)),
        *(
            select(on.c.hold_id, seats.c.space_id, on.c.ends_at).join(
                on, on.c.person_id == seats.c.person_id
            )
            for seats in (membership, former_membership)
        ),
        select(on.c.hold_id, space_tag.c.space_id, on.c.ends_at).join(
            on, on.c.tag_id == space_tag.c.tag_id
        ),
        select(hold_found.c.hold_id, hold_found.c.space_id, hold.c.ends_at)
        .join(hold, hold.c.id == hold_found.c.hold_id)
        .where(*which),
    )


def ended_at(now: Now, since: Now | None = None) -> tuple[ColumnElement[bool], ...]:
    """The hold has ended, so lately that its spaces are still left alone. `since` is
    `LEFT_ALONE` before `now`, to be given where they are parameters."""
    return hold.c.ends_at <= now, hold.c.ends_at > (now - LEFT_ALONE if since is None else since)


def left_alone_after(now: Now, since: Now | None = None) -> CompoundSelect[Any]:
    """(space_id, ends_at) of what holds were on that have ended lately; and of whose people not
    all are known after a hold on a person, since they may be among them."""
    was_on = reached(*ended_at(now, since)).subquery("was_on")
    last = (
        select(func.max(hold.c.ends_at))
        .select_from(hold_target)
        .join(hold, hold.c.id == hold_target.c.hold_id)
        .where(hold_target.c.person_id.is_not(None), *ended_at(now, since))
        .scalar_subquery()
    )
    return union_all(
        select(was_on.c.space_id, was_on.c.ends_at),
        select(space.c.id, last.label("ends_at")).where(~space.c.members_known, last.is_not(None)),
    )


def people_are_held(now: Now) -> ColumnElement[bool]:
    """Some hold that holds is on a person; so who is not known may be they."""
    found = (
        select(literal(1))
        .select_from(hold_target)
        .join(hold, hold.c.id == hold_target.c.hold_id)
        .where(hold_target.c.person_id.is_not(None), holds_at(now))
    )
    return found.exists()
