"""Notify: the owners have been told, and that was all. The space is left alone for a while,
so that nobody is told the same thing every night.
"""

from __future__ import annotations

from domain.lifecycle import Cause
from domain.policies import Ending
from retention.enforcements.spec import Enforcement, Turn, enforcement
from retention.moving import move_case
from retention.spec import CalledOff


def close(turn: Turn) -> str:
    house, case = turn.night.house, turn.proof.case
    with house.store.begin() as tx:
        if not move_case(tx, case, Cause.TOLD, why="its owners have been told"):
            raise CalledOff("it moved on meanwhile")
        tx.protections.leave_alone(
            [case.space], until=tx.now + house.limits.immunity, reason="its owners were told",
            is_firm=False,
        )  # fmt: skip
        tx.commit()
    return "told of"


enforcement(Enforcement(ending=Ending.NOTIFY, after_notices=close))
