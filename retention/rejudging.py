"""A space that is on its way out, and something about it was changed by hand: what follows?

Whoever fixes the cause need not wait for the night to learn that it helped: the decision is made
again at once, on the facts as they are, by the same rule as the night's. A case that has lost its
reason ends here, with its notices and buttons; one that keeps it goes on as it was. So an answer
of this kind can spare a space, and never brings anything nearer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.cases import Case
from domain.errors import Refusal
from domain.lifecycle import CaseState
from domain.people import Actor
from domain.policies import PolicyVersion, Ruling
from domain.spaces import Space
from query.spec import Moments
from retention.decision import explain
from retention.moving import move_case
from retention.planning import fate, judge
from spaces.spec import House

FIXED = "fixed"
"""The choice under which such an answer is written down."""
_RUNNING = (CaseState.DUE, CaseState.WARNED, CaseState.BLOCKED)


class Now(StrEnum):
    """What holds after the change."""

    SAME = "same"
    """The policy that was deciding still does."""
    NO_POLICY = "no policy"
    OTHER = "other"
    """Another policy, or another day; its owners are warned anew."""
    KEPT = "kept"
    NOT_KNOWN = "not known"
    HELD = "held"
    LEFT_ALONE = "left alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What follows from a change to a space whose case was running.

    Args:
        case: as it was; `has_ended`: it is over by this.
        version, due: of what decides now, where something does.
    """

    case: Case
    has_ended: bool
    now: Now
    version: PolicyVersion | None = None
    due: datetime | None = None


def rejudge(house: House, actor: Actor, space: Space) -> Followed | None:
    """Decides about `space` again. None: no case of it was running."""
    with house.store.begin() as tx:
        tx.audit.serialise()
        case = tx.cases.open_of(space.key)
        if case is None or case.state not in _RUNNING:
            return None
        versions = {one.key: one for one in tx.policies.holding()}
        found = fate(judge(tx, case, versions), versions, tx.now)
        trace = explain(tx, space.key, tuple(versions.values()), Moments(now=tx.now))
        if found is not None:
            who = actor.name if actor.person is None else tx.people.by_key(actor.person).name
            if not move_case(tx, case, found[0], why=f"{who} changed it: {found[1]}", actor=actor):
                raise Refusal("Its case is moving at this very moment.", "Try again in a minute.")
            tx.presses.void_case(case.key, said=f"{who} changed what was the reason for it.")
            if actor.person is not None:
                tx.cases.answer(case.key, actor.person, FIXED)
            tx.commit()
    return Followed(
        case=case, has_ended=found is not None, version=trace.version, due=trace.due,
        now=_now(trace.ruling, has_ended=found is not None),
    )  # fmt: skip


def _now(ruling: Ruling, *, has_ended: bool) -> Now:
    match ruling:
        case Ruling.NO_POLICY:
            return Now.NO_POLICY
        case Ruling.UNKNOWN:
            return Now.NOT_KNOWN
        case Ruling.HELD:
            return Now.HELD
        case Ruling.KEEP:
            return Now.KEPT
        case Ruling.UNTOUCHABLE:
            return Now.LEFT_ALONE
        case Ruling.DATED:
            return Now.OTHER if has_ended else Now.SAME
