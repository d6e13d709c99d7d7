"""A case's states and every arrow between them. What is not here can't happen.

The table is the truth; `retention/` walks it and the tests read it whole, the missing
arrows too. Every arrow back to clear voids the cycle: its notices, its presses, its dates.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType


class CaseState(StrEnum):
    CLEAR = "clear"
    DUE = "due"
    """A date is set and the first notice is to go out."""
    WARNED = "warned"
    BLOCKED = "blocked"
    PURGING = "purging"
    """What is older than its policy's period goes, night after night; the space goes on."""
    ENFORCING = "enforcing"
    """An intent that destroys is committed; no way back from here but reading."""
    GONE = "gone"
    HELD = "held"
    PAUSED = "paused"
    NEEDS_ATTENTION = "needs attention"


class Cause(StrEnum):
    """Why a case moves."""

    DECIDED = "decided"
    NOTICE_DELIVERED = "notice delivered"
    NOTICES_OVER = "notices over"
    GRACE_OVER = "grace over"
    CONFIRMED_GONE = "confirmed gone"
    NOT_CONFIRMED = "not confirmed"
    WOKE_UP = "woke up"
    KEPT = "kept"
    HOLD_PLACED = "hold placed"
    HOLD_RELEASED = "hold released"
    DECISION_CHANGED = "decision changed"
    POLICY_PAUSED = "policy paused"
    POLICY_RESUMED = "policy resumed"
    STUCK = "stuck"
    LOOKED_AFTER = "looked after"
    TOLD = "told"
    """The policy only tells people, and they have been told."""
    DONE = "done"
    """What the policy does was done, and the space goes on."""
    MAY_PURGE = "may purge"
    """All notices of a purge are over: from now on the nights delete what is too old."""
    CALLED_OFF = "called off"
    """The effect was read and seen not to have begun: a pause, a hold, a dead process."""


_S, _C = CaseState, Cause
_RUNNING = (_S.DUE, _S.WARNED, _S.BLOCKED, _S.PURGING)
_MAY_WAKE = (_S.DUE, _S.WARNED, _S.BLOCKED)

ARROWS: MappingProxyType[tuple[CaseState, Cause], CaseState] = MappingProxyType(
    {
        (_S.CLEAR, _C.DECIDED): _S.DUE,
        (_S.DUE, _C.NOTICE_DELIVERED): _S.WARNED,
        (_S.WARNED, _C.NOTICE_DELIVERED): _S.WARNED,
        (_S.WARNED, _C.NOTICES_OVER): _S.BLOCKED,
        (_S.BLOCKED, _C.GRACE_OVER): _S.ENFORCING,
        (_S.ENFORCING, _C.CONFIRMED_GONE): _S.GONE,
        (_S.ENFORCING, _C.NOT_CONFIRMED): _S.NEEDS_ATTENTION,
        (_S.ENFORCING, _C.CALLED_OFF): _S.BLOCKED,
        (_S.WARNED, _C.TOLD): _S.CLEAR,
        (_S.WARNED, _C.DONE): _S.CLEAR,
        (_S.BLOCKED, _C.DONE): _S.CLEAR,
        (_S.WARNED, _C.MAY_PURGE): _S.PURGING,
        **{(s, _C.WOKE_UP): _S.CLEAR for s in _MAY_WAKE},
        **{(s, c): _S.CLEAR for s in _RUNNING for c in (_C.KEPT, _C.DECISION_CHANGED)},
        **{(s, _C.HOLD_PLACED): _S.HELD for s in (_S.CLEAR, *_RUNNING, _S.PAUSED)},
        **{(s, _C.POLICY_PAUSED): _S.PAUSED for s in _RUNNING},
        **{(s, _C.STUCK): _S.NEEDS_ATTENTION for s in (*_RUNNING, _S.ENFORCING)},
        (_S.HELD, _C.HOLD_RELEASED): _S.CLEAR,
        (_S.PAUSED, _C.POLICY_RESUMED): _S.CLEAR,
        (_S.PAUSED, _C.DECISION_CHANGED): _S.CLEAR,
        (_S.PAUSED, _C.KEPT): _S.CLEAR,
        (_S.NEEDS_ATTENTION, _C.LOOKED_AFTER): _S.CLEAR,
        (_S.NEEDS_ATTENTION, _C.CONFIRMED_GONE): _S.GONE,
    }
)


class NoSuchArrow(ValueError):
    """A move that the table does not know: a bug, or somebody else was faster."""


def move(state: CaseState, cause: Cause) -> CaseState:
    """Where `cause` takes a case that is in `state`. Raises NoSuchArrow."""
    try:
        return ARROWS[state, cause]
    except KeyError:
        raise NoSuchArrow(f"no way from {state} by {cause}") from None
