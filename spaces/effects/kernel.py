"""Intent, effect, confirmation: the only way by which Webex is changed on purpose.

The principle comes first, because this is where a mistake destroys. A change is committed as
an intent before anything happens, together with its audit record; then it is done, with no
transaction open; then it is read back and settled. Whoever dies in between leaves an open
intent, and the next process looks before it does anything: an effect that is seen to hold
is settled, one that is seen not to hold is done again only if it destroys nothing, and what
can't be seen stays open and is escalated. The step key makes "again" the same intent, so
that no crash, second process or repeated message does a thing twice.

Leaves to others: whether a step is due at all (retention), who may ask (commands), how much
may be destroyed (`caps`), what may come up in the last moment (`lastlook`).
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta

from domain.audit import Word
from domain.errors import Fault, Paused, Refusal, Stale
from domain.intents import Intent, Outcome, Plan
from spaces.effects import leasing
from spaces.effects.caps import check_caps, check_hours
from spaces.effects.lastlook import LastLook, refuse_if_paused
from spaces.effects.leasing import Busy
from spaces.effects.settling import close, refusal_of, said, see
from spaces.effects.spec import Check, Effect, Reading, Withheld, effect_of
from spaces.spec import House
from webex.errors import Denied, Invalid, NotAuthorised, Throttled, WebexFault

__all__ = ["WHO", "Busy", "Check", "Settled", "perform", "refusal_of", "settle", "settle_open"]

log = logging.getLogger(__name__)

WHO = leasing.who()
"""This process, in leases and claims."""
MOST_ATTEMPTS = 5
ASKED_FOR = timedelta(hours=1)
"""What a person asked for is still done by recovery; later they have long asked again."""
_COUNTED_AS = {Outcome.DONE: "done", Outcome.OPEN: "unknown", Outcome.UNKNOWN: "unknown"}
WAITED_FOR = timedelta(hours=36)
"""What a case or a run planned waits this long for them to come again and go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How recovery found things: intents by what came of them.

    `waiting` did not happen, and need whoever planned them. `busy` are in the hands of another
    process, which may have died less than `leasing.LEASE` ago: settle again after that.
    """

    done: int = 0
    not_done: int = 0
    unknown: int = 0
    waiting: int = 0
    busy: int = 0


def perform(house: House, plan: Plan, *, check: Check | None = None) -> Intent:
    """Makes sure that `plan` happens once, and says what came of it.

    Called again with the same step it does nothing but tell (or settle, or go on with) what
    came of the first call. The outcome is OPEN when it could not be read; recovery goes on
    from there. What is CANCELLED did not happen, and says why under ``why``: its evidence was
    missing or older than `Limits.evidence` when its turn came, a pause came between intent
    and effect, or the effect itself saw a reason. Its step is used up. What has many requests
    (a purge) and was stopped among them stays OPEN; planned again, by the same step on fresh
    evidence, it goes on.

    `check` is called twice, each time in a transaction that it may read and write in: in the
    one that commits the intent, and in the one right before the request leaves, after every
    wait. When it raises the second time, the intent is settled as CANCELLED with the reason.

    Raises:
        Paused: everything that destroys stands still, and this plan belongs to it. A plan
            that destroys nothing stays open.
        CapReached, Stale: no more may be destroyed today, in this run, or by this policy;
            there is no fresh complete inventory. Nothing was committed. Stale also for a purge
            that is to go on without fresh evidence; it stays open.
        NotAuthorised: a token is dead; nothing is inferred, the intent stays open.
        Throttled: Webex wants us to come back later; nothing happened, the intent stays open.
        Busy: another process is at this step.
        Whatever `check` raises.
    """
    effect = effect_of(plan.kind)
    intent, is_new = _commit(house, plan, check)
    if intent.outcome.is_final:
        return intent
    plan = replace(intent.plan, evidence_at=plan.evidence_at)
    with leasing.kept(house, intent.id):
        if is_new:
            return _attempt(house, effect, intent, plan, check)
        return _go_on(house, effect, intent, plan, check, is_recovery=False)


def settle(house: House, intent: Intent) -> Intent:
    """Settles one open intent by looking, and finishes what a person asked for a short while
    ago and an alert, if that destroys nothing."""
    with house.store.begin() as tx:
        leasing.take(tx, intent.id)
        tx.commit()
    with leasing.kept(house, intent.id):
        effect = effect_of(intent.plan.kind)
        return _go_on(house, effect, intent, intent.plan, None, is_recovery=True)


def settle_open(house: House) -> Settled:
    """Settles what earlier processes left open. Called at start and before each night.

    One poisoned intent does not stop the others; what can't be settled stays open.
    """
    with house.store.read() as tx:
        left = tx.intents.open()
    counts = Counter(_came_of(house, intent) for intent in left)
    return Settled(**counts)


def _came_of(house: House, intent: Intent) -> str:
    try:
        after = settle(house, intent)
    except Busy:
        return "busy"
    except Paused:
        return "waiting"
    except (WebexFault, LookupError) as no:
        log.warning("intent %s is still open: %s", intent.id, no)
        return "unknown"
    except Exception:  # this intent's own trouble; the others must be settled all the same
        log.exception("intent %s can't be settled", intent.id)
        return "unknown"
    if after.outcome is Outcome.OPEN and "blind" not in after.evidence:
        return "waiting"
    return _COUNTED_AS.get(after.outcome, "not_done")


def _commit(house: House, plan: Plan, check: Check | None) -> tuple[Intent, bool]:
    """The intent, its lease and its audit record, in one transaction."""
    with house.store.begin() as tx:
        known = tx.intents.of_step(plan.step)
        if known is None:
            refuse_if_paused(tx, plan)
            if plan.is_destructive:
                check_hours(tx, house.clock.now(), house.limits, plan)
                check_caps(tx, house.limits, plan)
            if check is not None:
                tx.audit.serialise()  # before any row that it may write: see `lastlook`
                check(tx)
            made = tx.intents.add(plan)
            if made is None:  # PostgreSQL: another process committed it meanwhile
                raise Busy(f"another process is at {plan.step}")
            leasing.take(tx, made.id)
            tx.audit.add(
                Word.INTENT_MAKE, plan.actor, space=plan.space, person=plan.person,
                intent=made.id, step=plan.step, kind=plan.kind, of=str(plan.word),
                case=plan.case, policy_version=plan.policy_version, run=plan.run,
                evidence_at=plan.evidence_at.isoformat() if plan.evidence_at else None,
            )  # fmt: skip
            tx.commit()
            return made, True
        if _target(known.plan) != _target(plan):
            raise Fault(f"the step {plan.step!r} names another change already")
        if not known.outcome.is_final:
            leasing.take(tx, known.id)
            tx.commit()
        return known, False


def _target(plan: Plan) -> tuple[object, ...]:
    """What a step is about; the same step never is about anything else."""
    named = (plan.payload.get(name) for name in ("room", "to", "person", "email"))
    return (plan.kind, plan.space, plan.person, *named)


def _attempt(
    house: House, effect: Effect, intent: Intent, plan: Plan, check: Check | None
) -> Intent:
    """One attempt, then the look. What Webex said no to is settled as refused."""
    look = LastLook(house, intent, plan, check)
    armed = replace(house, webex=house.webex.guarded(look))
    try:
        answered = effect.do(armed, intent)
    except Throttled as no:
        _forget_attempt(house, intent, look, no)
        raise
    except NotAuthorised:
        raise
    except (Denied, Invalid) as no:
        if _is_half_done(effect, intent):
            return intent
        return close(house, effect, intent, Reading(outcome=Outcome.REFUSED, evidence=said(no)))
    except WebexFault as odd:  # lost; or so already, or gone: the look will tell
        if not look.begun:
            return _unasked(house, effect, intent, odd)
        answered = said(odd)
    except Exception as no:
        if look.begun:
            raise  # a fault of ours after the request: what came of it is to be seen
        return _stopped(house, effect, intent, look, no)
    seen = see(house, effect, intent, answered)
    return close(house, effect, intent, replace(seen, evidence={**seen.evidence, **look.ages}))


def _forget_attempt(house: House, intent: Intent, look: LastLook, no: Throttled) -> None:
    """An attempt that was one request, which Webex put off, costs none of those that a step has:
    else a long work would give up its people one by one in a storm of 429."""
    if no.is_of_change and look.begun == 1 and not intent.plan.is_destructive:
        with house.store.begin() as tx:
            tx.intents.not_tried(intent.id)
            tx.commit()


def _unasked(house: House, effect: Effect, intent: Intent, odd: WebexFault) -> Intent:
    """The effect's own reading failed, so nothing was asked of Webex. What destroys nothing and
    belongs to a case or a run stays open, for them to go on with."""
    if _is_half_done(effect, intent):
        return intent
    goes_on = (intent.plan.case or intent.plan.run) and not intent.plan.is_destructive
    outcome = Outcome.OPEN if goes_on else Outcome.NOT_DONE
    return close(house, effect, intent, Reading(outcome=outcome, evidence=said(odd)))


def _is_half_done(effect: Effect, intent: Intent) -> bool:
    """Whether an earlier attempt got somewhere, so that nothing may be said of the whole."""
    return effect.is_resumable and intent.attempts > 0


def _stopped(house: House, effect: Effect, intent: Intent, look: LastLook, no: Exception) -> Intent:
    """Something of ours stopped it before anything was asked of Webex: nothing happened."""
    stays_open = _is_half_done(effect, intent) or (
        isinstance(no, Paused) and not intent.plan.is_destructive
    )
    if isinstance(no, Busy) or stays_open:
        raise no
    why = str(no) if isinstance(no, Fault | Refusal) else type(no).__name__
    seen = Reading(outcome=Outcome.CANCELLED, evidence={"why": why})
    after = close(house, effect, intent, seen)
    if look.is_by_caller or not isinstance(no, Paused | Stale | Withheld):
        raise no
    return after


def _go_on(
    house: House, effect: Effect, intent: Intent, plan: Plan, check: Check | None, *,
    is_recovery: bool,
) -> Intent:  # fmt: skip
    """What an earlier attempt left: looked at, and done again where that is right."""
    with house.store.read() as tx:
        intent = tx.intents.by_id(intent.id)
        age = tx.now - intent.made_at
    if intent.outcome.is_final:
        return intent
    seen = Reading(outcome=Outcome.NOT_DONE, evidence={"why": "it was never asked for"})
    if intent.attempts:
        seen = see(house, effect, intent, intent.evidence)
    if seen.outcome is Outcome.OPEN and effect.is_resumable and not is_recovery:
        return _attempt(house, effect, intent, plan, check)
    spent = plan.is_destructive or not effect.is_repeatable or intent.attempts >= MOST_ATTEMPTS
    if seen.outcome is not Outcome.NOT_DONE or spent:
        return close(house, effect, intent, seen)
    if is_recovery:
        is_alert = plan.word is Word.ALERT_SEND
        is_asked_for = plan.case is None and plan.run is None and not is_alert
        if age > (ASKED_FOR if is_asked_for else WAITED_FOR):
            return close(house, effect, intent, seen)
        if not (is_asked_for or is_alert):
            # Only its own case or run can tell whether it is still right.
            return close(house, effect, intent, replace(seen, outcome=Outcome.OPEN))
    with house.store.read() as tx:
        refuse_if_paused(tx, plan)
    return _attempt(house, effect, intent, plan, check)
