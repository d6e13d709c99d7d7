"""How spaces stand under the policies, for many at once: what is blocked, held, kept, running.

Says what `retention` wrote down, in sets; decides nothing. A hold reaches a space by itself, by
anybody who is or was in it, by its tags, and by what a hold's search has found (safety.md,
Evidence).
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, case, func, literal, or_, select

from domain.lifecycle import CaseState
from query.spec import Moments, Predicate
from storage import reaching
from storage.schema import block_record, manual_keep, retention_case, space

KEPT = "kept"
"""Beside the states of a case: nothing runs, and somebody said to keep it."""
STATES = (
    CaseState.CLEAR, CaseState.DUE, CaseState.WARNED, CaseState.BLOCKED, CaseState.PURGING,
    CaseState.ENFORCING, CaseState.HELD, CaseState.PAUSED, CaseState.NEEDS_ATTENTION,
)  # fmt: skip


def held_spaces(moments: Moments) -> ColumnElement[bool]:
    """A hold that is on reaches the space, as far as its people are known and as far as the
    holds' searches were asked (each night, and whenever one is placed)."""
    found = reaching.reached(reaching.holds_at(moments.now)).subquery("reached")
    return space.c.id.in_(select(found.c.space_id))


def people_are_held(moments: Moments) -> Predicate:
    """Some hold that is on is placed on a person; so who is unknown may be they."""
    return reaching.people_are_held(moments.now)


def is_kept(moments: Moments) -> Predicate:
    """Somebody set a keep by hand, and it is not over."""
    ahead = or_(manual_keep.c.until.is_(None), manual_keep.c.until > moments.now)
    kept = select(manual_keep.c.space_id).where(ahead)
    return space.c.id.in_(kept)


def state(moments: Moments) -> ColumnElement[str]:
    """The one word for how a space stands: that of a `CaseState`, or `KEPT`. Never NULL: what
    is not known to be held is not called so."""
    running = (
        select(retention_case.c.state)
        .where(retention_case.c.space_id == space.c.id, retention_case.c.closed_at.is_(None))
        .correlate(space)
        .scalar_subquery()
    )
    blocked = space.c.id.in_(select(block_record.c.space_id))
    going_on = [str(CaseState.ENFORCING), str(CaseState.NEEDS_ATTENTION)]
    # In this order so that of most spaces each table is asked once.
    ends = case((running.in_(going_on), running), else_=literal(str(CaseState.BLOCKED)))
    return func.coalesce(
        case((blocked, ends)),
        running,
        case(
            (held_spaces(moments), literal(str(CaseState.HELD))),
            (is_kept(moments), literal(KEPT)),
            else_=literal(str(CaseState.CLEAR)),
        ),
    )
