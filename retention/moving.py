"""Moving a case: by the table, guarded, on record, and with its old buttons void."""

from __future__ import annotations

from datetime import datetime

from domain.audit import Word
from domain.cases import Case
from domain.lifecycle import CaseState, Cause, move
from domain.people import SYSTEM, Actor
from storage.store import UnitOfWork

_SILENCES = (CaseState.CLEAR, CaseState.GONE, CaseState.HELD, CaseState.PAUSED)
"""Where the buttons of earlier cards must do nothing any more."""


def move_case(
    tx: UnitOfWork, case: Case, cause: Cause, *, why: str, actor: Actor = SYSTEM,
    due: datetime | None = None,
) -> bool:  # fmt: skip
    """Moves `case` by `cause`. False when it is not where it was read any more.

    Raises:
        NoSuchArrow: the table has no such way; a bug.
    """
    to = move(case.state, cause)
    tx.audit.serialise()  # before the case's row: whoever keeps and whoever ends take both
    if not tx.cases.move(case, to, why=why, due=due):
        return False
    if to in _SILENCES:
        tx.presses.void_case(case.key)
    tx.audit.add(
        Word.CASE_MOVE, actor, space=case.space, case=case.key, cycle=case.cycle,
        was=str(case.state), now=str(to), cause=str(cause), why=why,
    )  # fmt: skip
    return True
