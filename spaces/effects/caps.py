"""How much may be destroyed: counted inside the intent's own transaction, so that caps hold
across runs, restarts and machines.

A cap that is absent, zero, negative or not a number allows nothing. The smallest of all that
apply holds: per run, per day, per policy, and a share of the last complete inventory, as it
was counted when that ended. Without a complete inventory nothing is destroyed at all, and an
old one is none.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.audit import Word
from domain.errors import Fault, Stale
from domain.intents import OF_PEOPLE, Plan
from spaces.opening import opening
from spaces.spec import Limits
from storage.store import UnitOfWork

DAY = timedelta(hours=24)


class CapReached(Fault):
    """No more may be destroyed for now; the rest waits for the next run."""


class Closed(CapReached):
    """It is not the time to destroy anything; what is due waits until it is."""


def check_hours(tx: UnitOfWork, now: datetime, limits: Limits, plan: Plan) -> None:
    """Raises Closed outside of the hours, the company's and the policy's, and on freeze days. A
    person who blocks a space by hand is there to see what it does, and may do so at any time."""
    if plan.word is Word.SPACE_BLOCK and plan.run is None:
        return
    if why := opening(tx, limits, plan.policy_version).closed(now):
        raise Closed(why)


def check_caps(tx: UnitOfWork, limits: Limits, plan: Plan) -> None:
    """Raises CapReached when one more destructive intent would be one too many, and Stale when
    the inventory that a share is taken of is too old. What destroys no space has a cap of its
    own, which counts messages, before each of them (`retention.erasing.turn`)."""
    if plan.kind in OF_PEOPLE:
        return
    tx.audit.serialise()
    of_day = min(whole(limits.cap_per_day), _share(limits.cap_share, _company(tx, limits)))
    day = tx.intents.destructive_since(tx.now - DAY)
    if tx.intents.counts_already(plan):
        return  # a further part of what was begun in this run
    if day >= of_day:
        raise CapReached(f"{day} of at most {of_day} a day")
    if plan.run is not None:
        of_run = min(whole(limits.cap_per_run), of_day)
        in_run = tx.intents.destructive_since(None, run=plan.run)
        if in_run >= of_run:
            raise CapReached(f"{in_run} of at most {of_run} a run")
    if plan.policy_version is not None:
        of_policy = whole(tx.policies.cap_of(plan.policy_version))
        by_policy = tx.intents.destructive_since(tx.now - DAY, policy_of=plan.policy_version)
        if by_policy >= of_policy:
            raise CapReached(f"{by_policy} of at most {of_policy} a day by this policy")


def refuse_without_caps(limits: Limits, plan: Plan) -> None:
    """Raises CapReached where nothing may be destroyed at all: also what was begun under other
    caps, on an earlier day or by an earlier process, does not go on then."""
    if plan.kind in OF_PEOPLE:
        return
    caps = [whole(limits.cap_per_day), _share(limits.cap_share, 1)]
    caps += [whole(limits.cap_per_run)] if plan.run is not None else []
    if min(caps) < 1:
        raise CapReached("the operator allows to destroy nothing")


def left_today(tx: UnitOfWork, limits: Limits) -> int:
    """How many destructive intents the caps of the day still allow; none where it can't be
    said."""
    try:
        of_day = min(whole(limits.cap_per_day), _share(limits.cap_share, _company(tx, limits)))
    except (CapReached, Stale):
        return 0
    return max(0, of_day - tx.intents.destructive_since(tx.now - DAY))


def _company(tx: UnitOfWork, limits: Limits) -> int:
    """How many spaces the last complete inventory counted."""
    last = tx.crawls.last(complete=True)
    if last is None or last.finished_at is None or not last.spaces:
        raise CapReached("there is no complete inventory to take a share of")
    age = tx.now - last.finished_at
    if not -limits.clock_skew <= age <= limits.inventory:
        raise Stale(f"the last complete inventory is {age} old")
    return last.spaces


def whole(cap: float | None) -> int:
    """A cap as a whole number; what is no sensible cap is none allowed."""
    if isinstance(cap, bool) or not isinstance(cap, int | float):
        return 0
    if not 0 < cap < float("inf"):  # not a number is neither
        return 0
    return int(cap)


def _share(share: float | None, of: int) -> int:
    """A share of a small company rounds up to one, else it could do nothing."""
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share <= 1:
        return 0
    return max(1, int(share * of))
