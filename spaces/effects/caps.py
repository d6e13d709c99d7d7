"""How much may be destroyed: counted inside the intent's own transaction, so that caps hold
across runs, restarts and machines.

A cap that is absent, zero, negative or not a number allows nothing. The smallest of all that
apply holds: per run, per day, per policy, and a share of the last complete inventory.
"""

from __future__ import annotations

from datetime import timedelta

from domain.errors import Fault
from domain.intents import Plan
from spaces.spec import Limits
from storage.store import UnitOfWork

DAY = timedelta(hours=24)


class CapReached(Fault):
    """No more may be destroyed for now; the rest waits for the next run."""


def check_caps(tx: UnitOfWork, limits: Limits, plan: Plan) -> None:
    """Raises CapReached when one more destructive intent would be one too many."""
    tx.audit.serialise()
    lived = tx.spaces.count_live()
    of_day = min(_whole(limits.cap_per_day), _whole(limits.cap_share * lived, at_least_one=True))
    day = tx.intents.destructive_since(tx.now - DAY)
    if day >= of_day:
        raise CapReached(f"{day} of at most {of_day} a day")
    if plan.run is not None:
        of_run = min(_whole(limits.cap_per_run), of_day)
        in_run = tx.intents.destructive_since(tx.now - 4 * DAY, run=plan.run)
        if in_run >= of_run:
            raise CapReached(f"{in_run} of at most {of_run} a run")
    if plan.policy_version is not None:
        of_policy = _whole(tx.policies.cap_of(plan.policy_version))
        by_policy = tx.intents.destructive_since(tx.now - DAY, version=plan.policy_version)
        if by_policy >= of_policy:
            raise CapReached(f"{by_policy} of at most {of_policy} a day by this policy")


def _whole(cap: float | None, *, at_least_one: bool = False) -> int:
    """A cap as a whole number; what is no sensible cap is none allowed.

    `at_least_one`: a share of a small company rounds up to one, else it could do nothing.
    """
    if cap is None or isinstance(cap, bool) or cap != cap or cap <= 0:
        return 0
    if cap == float("inf"):
        return 0
    return max(int(cap), 1) if at_least_one else int(cap)
