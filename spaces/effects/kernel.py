"""Intent, effect, confirmation: the only way by which Webex is changed on purpose.

The principle comes first, because this is where a mistake destroys. A change is committed as
an intent before anything happens, together with its audit record; then it is done, with no
transaction open; then it is read back and settled. Whoever dies in between leaves an open
intent, and the next process looks before it does anything: an effect that is seen to hold
is settled, one that is seen not to hold is done again only if it destroys nothing, and what
can't be seen stays open and is escalated. The step key makes "again" the same intent, so
that no crash, second process or repeated message does a thing twice.

Leaves to others: whether a step is due at all (retention), who may ask (commands).
"""

from __future__ import annotations

import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from domain.audit import Word
from domain.errors import Fault, Paused, Refusal
from domain.intents import Intent, Outcome, Plan
from spaces.effects.caps import check_caps
from spaces.effects.spec import Effect, Evidence, Reading, effect_of
from spaces.spec import House
from storage.store import UnitOfWork
from webex.errors import (
    Conflict,
    Deleted,
    Denied,
    Invalid,
    Missing,
    NotAuthorised,
    Throttled,
    WebexFault,
)

WHO = f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex[:8]}"
"""This process, in leases and claims."""
LEASE = timedelta(seconds=150)
"""Longer than the longest wait behind the gateway, so that it can't run out in a call."""
MOST_ATTEMPTS = 5

Check = Callable[[UnitOfWork], None]
"""A last look inside the intent's own transaction; raises to stop it (held, kept, moved on)."""


class Busy(Fault):
    """Another process is at this very step at this moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How recovery found things: intents by what came of them."""

    done: int = 0
    not_done: int = 0
    unknown: int = 0


def perform(house: House, plan: Plan, *, check: Check | None = None) -> Intent:
    """Makes sure that `plan` happens once, and says what came of it.

    Called again with the same step it does nothing but tell (or settle) what came of the
    first call. The outcome is OPEN when it could not be read; recovery goes on from there.

    Raises:
        Paused: everything that destroys stands still, and this plan belongs to it.
        CapReached: no more may be destroyed today, in this run, or by this policy.
        NotAuthorised: the token is dead; nothing happened.
        Throttled: Webex wants us to come back later; nothing happened, the intent stays open.
        Busy: another process is at this step.
        Whatever `check` raises.
    """
    effect = effect_of(plan.kind)
    intent, is_new = _commit(house, plan, check)
    if intent.outcome.is_final:
        return intent
    with _lease(house, intent):
        if not is_new:
            return _go_on(house, effect, intent)
        return _attempt(house, effect, intent)


def settle(house: House, intent: Intent) -> Intent:
    """Settles one open intent by looking, and finishes it if that destroys nothing."""
    with _lease(house, intent):
        return _go_on(house, effect_of(intent.plan.kind), intent)


def settle_open(house: House) -> Settled:
    """Settles what earlier processes left open. Called at start and before each night.

    One poisoned intent does not stop the others; what can't be settled stays open.
    """
    with house.store.read() as tx:
        left = tx.intents.open()
    counts = {Outcome.DONE: 0, Outcome.NOT_DONE: 0, Outcome.UNKNOWN: 0}
    for intent in left:
        try:
            after = settle(house, intent).outcome
        except Busy:
            continue
        except (WebexFault, Paused, LookupError):
            after = Outcome.UNKNOWN
        if after in (Outcome.OPEN, Outcome.UNKNOWN):
            counts[Outcome.UNKNOWN] += 1
        elif after is Outcome.DONE:
            counts[Outcome.DONE] += 1
        else:
            counts[Outcome.NOT_DONE] += 1
    return Settled(
        done=counts[Outcome.DONE],
        not_done=counts[Outcome.NOT_DONE],
        unknown=counts[Outcome.UNKNOWN],
    )


def _commit(house: House, plan: Plan, check: Check | None) -> tuple[Intent, bool]:
    with house.store.begin() as tx:
        known = tx.intents.of_step(plan.step)
        if known is not None:
            if known.plan.kind != plan.kind or known.plan.space != plan.space:
                raise Fault(f"the step {plan.step!r} names another change already")
            return known, False
        _refuse_if_paused(tx, plan)
        if plan.is_destructive:
            check_caps(tx, house.limits, plan)
        if check is not None:
            check(tx)
        made = tx.intents.add(plan)
        if made is None:  # PostgreSQL: another process committed it between our two looks
            found = tx.intents.of_step(plan.step)
            if found is None:
                raise Busy(f"another process is at {plan.step}")
            return found, False
        tx.audit.add(
            Word.INTENT_MAKE, plan.actor, space=plan.space, person=plan.person,
            intent=made.id, step=plan.step, kind=plan.kind, of=str(plan.word),
            case=plan.case, policy_version=plan.policy_version, run=plan.run,
        )  # fmt: skip
        tx.commit()
        return made, True


def _refuse_if_paused(tx: UnitOfWork, plan: Plan) -> None:
    """Alerts go out in a pause, too: they are how people learn of it."""
    if not (plan.is_destructive or plan.run) or plan.word is Word.ALERT_SEND:
        return
    if (pause := tx.settings.pause()) is not None:
        raise Paused(f"paused by {pause.by}: {pause.reason}")


def _attempt(house: House, effect: Effect, intent: Intent) -> Intent:
    """One attempt, then the look. What Webex said no to is settled as refused."""
    with house.store.begin() as tx:
        if intent.plan.is_destructive and (refused := _stopped(tx, intent)):
            tx.commit()
            return refused
        tx.intents.tried(intent.id)
        tx.commit()
    answered: Evidence = {}
    try:
        answered = effect.do(house, intent)
    except Throttled:
        raise
    except (NotAuthorised, Denied, Invalid) as no:
        _close(house, effect, intent, Reading(outcome=Outcome.REFUSED, evidence=_said(no)))
        if isinstance(no, NotAuthorised):
            raise
        return _now(house, intent)
    except (Conflict, Missing, Deleted) as odd:
        answered = _said(odd)  # so it is already, or it is gone: the look will tell
    except WebexFault as lost:
        answered = _said(lost)
    return _look(house, effect, intent, answered)


def _stopped(tx: UnitOfWork, intent: Intent) -> Intent | None:
    """The last look before something is destroyed: a pause cancels, and says so."""
    pause = tx.settings.pause()
    if pause is None:
        return None
    why = {"why": f"paused by {pause.by}"}
    tx.intents.settle(intent.id, Outcome.CANCELLED, why)
    _audit_outcome(tx, intent, Outcome.CANCELLED, why)
    return tx.intents.by_id(intent.id)


def _go_on(house: House, effect: Effect, intent: Intent) -> Intent:
    intent = _now(house, intent)
    if intent.outcome.is_final:
        return intent
    seen = effect.read_back(house, intent, intent.evidence)
    if seen.outcome is not Outcome.NOT_DONE:
        return _close(house, effect, intent, seen)
    if intent.plan.is_destructive or not effect.is_repeatable or intent.attempts >= MOST_ATTEMPTS:
        return _close(house, effect, intent, seen)
    with house.store.read() as tx:
        _refuse_if_paused(tx, intent.plan)
    return _attempt(house, effect, intent)


def _look(house: House, effect: Effect, intent: Intent, answered: Evidence) -> Intent:
    try:
        seen = effect.read_back(house, intent, answered)
    except NotAuthorised:
        raise
    except WebexFault as blind:
        seen = Reading(outcome=Outcome.OPEN, evidence={**answered, **_said(blind)})
    return _close(house, effect, intent, seen)


def _close(house: House, effect: Effect, intent: Intent, seen: Reading) -> Intent:
    if seen.outcome is Outcome.OPEN:
        with house.store.begin() as tx:  # what Webex answered is worth keeping for the next look
            tx.intents.note(intent.id, seen.evidence)
            tx.commit()
        return _now(house, intent)
    if seen.outcome is Outcome.UNKNOWN and intent.outcome is Outcome.UNKNOWN:
        return intent
    with house.store.begin() as tx:
        if tx.intents.settle(intent.id, seen.outcome, seen.evidence):
            _audit_outcome(tx, intent, seen.outcome, seen.evidence)
            if seen.outcome is Outcome.DONE:
                effect.record(tx, intent, seen.evidence)
        tx.commit()
    return _now(house, intent)


def _audit_outcome(tx: UnitOfWork, intent: Intent, outcome: Outcome, evidence: Evidence) -> None:
    plan = intent.plan
    word = plan.word if outcome is Outcome.DONE else Word.INTENT_SETTLE
    tx.audit.add(
        word, plan.actor, space=plan.space, person=plan.person,
        intent=intent.id, step=plan.step, outcome=str(outcome), evidence=dict(evidence),
    )  # fmt: skip


def _now(house: House, intent: Intent) -> Intent:
    with house.store.read() as tx:
        return tx.intents.by_id(intent.id)


@contextmanager
def _lease(house: House, intent: Intent) -> Iterator[None]:
    """Nobody else works on this intent meanwhile, in this process or another."""
    name = f"intent/{intent.id}"
    holder = f"{WHO}/{threading.get_ident()}"
    with house.store.begin() as tx:
        if not tx.leases.take(name, holder, span=LEASE):
            raise Busy(f"another process is at {intent.plan.step}")
        tx.commit()
    try:
        yield
    finally:
        with house.store.begin() as tx:
            tx.leases.give_back(name, holder)
            tx.commit()


def _said(fault: WebexFault) -> Evidence:
    return {"webex": fault.said, "status": fault.status, "tracking": fault.tracking_id}


def refusal_of(intent: Intent, *, what: str) -> Refusal | None:
    """What to tell the person when a change they asked for did not come about; None if it did."""
    said = str(intent.evidence.get("webex", "")) if intent.evidence else ""
    match intent.outcome:
        case Outcome.DONE:
            return None
        case Outcome.REFUSED:
            return Refusal(f"Webex would not {what}: {said or 'no reason given'}", "")
        case Outcome.OPEN | Outcome.UNKNOWN:
            return Refusal(
                f"I asked Webex to {what}, and can't see yet whether it did.",
                "I keep looking; `status` tells. Please don't ask again before that.",
            )
        case _:
            return Refusal(f"Webex did not {what}.", "Try again.")
