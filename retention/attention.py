"""Spaces that wait for a person to look: what they wait for, and sending them on their way.

A case comes here when it can't go on by itself: nobody owns its space, its block was changed, a
deletion did not end as it should. Nothing more is done to it until compliance says so; then
it begins anew, with all of its warnings.
"""

from __future__ import annotations

from datetime import timedelta

from domain.audit import Word
from domain.errors import Refusal
from domain.lifecycle import CaseState, Cause
from domain.people import Actor
from domain.spaces import Space
from domain.views import Waiting
from retention.moving import move_case
from spaces.blocking import unblock
from spaces.spec import House

LEFT_ALONE = timedelta(days=7)
"""Time to put right what was wrong, before the policies decide about it again."""


def waiting(house: House) -> tuple[Waiting, ...]:
    """All of them, the longest waiting first."""
    with house.store.read() as tx:
        cases = sorted(tx.cases.open(CaseState.NEEDS_ATTENTION), key=lambda one: one.state_at)
        spaces = tx.spaces.by_keys([one.space for one in cases])
        return tuple(
            Waiting(
                space=spaces[one.space], why=one.why, since=one.state_at,
                is_blocked=tx.blocks.of(one.space) is not None,
            )
            for one in cases
        )  # fmt: skip


def look_after(house: House, actor: Actor, space: Space) -> None:
    """Says that somebody has looked; the case is closed, the space left alone for a week.

    Raises:
        Refusal: it does not wait for anybody.
    """
    with house.store.begin() as tx:
        case = tx.cases.open_of(space.key)
        if case is None or case.state is not CaseState.NEEDS_ATTENTION:
            raise Refusal(
                f"“{space.shown_title}” does not wait for anybody.", "`attention` lists what does."
            )
        why = f"{actor.name} has looked"
        move_case(tx, case, Cause.LOOKED_AFTER, why=why, actor=actor)
        tx.protections.leave_alone(
            [space.key], until=tx.now + LEFT_ALONE, reason=why, is_firm=False
        )
        tx.audit.add(Word.CASE_ANSWER, actor, space=space.key, case=case.key, choice="looked after")
        tx.commit()


def put_back(house: House, actor: Actor, space: Space, *, step: str) -> None:
    """Takes back the block that is left of it, if there is one; else the next night does."""
    unblock(house, actor, space, step=f"{step}/unblock")
