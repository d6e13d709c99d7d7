"""Reading back and settling: what came of an intent, as it was seen, in the record.

Looks through the effect's own eyes; does nothing to Webex.
"""

from __future__ import annotations

from domain.audit import Word
from domain.errors import Refusal
from domain.intents import Intent, Outcome
from spaces.effects.spec import Effect, Evidence, Reading
from spaces.spec import House
from storage.store import UnitOfWork
from webex.errors import NotAuthorised, WebexFault

LOOKS = (1.0, None)
"""Seconds between one look that finds nothing and the next; Webex shows what it did a moment
ago late (webex-facts 2), and once is not enough to believe that it did not happen."""


def see(house: House, effect: Effect, intent: Intent, answered: Evidence) -> Reading:
    """The effect's own look; blind, it stays open with what is known so far."""
    for wait in LOOKS:
        try:
            seen = effect.read_back(house, intent, answered)
        except WebexFault as blind:
            seen = Reading(outcome=Outcome.OPEN, evidence={**answered, "blind": said(blind)})
            if isinstance(blind, NotAuthorised):
                close(house, effect, intent, seen)
                raise
        except Refusal as no:  # there is no identity that could look
            seen = Reading(outcome=Outcome.UNKNOWN, evidence={**answered, "why": str(no)})
        if seen.outcome is not Outcome.NOT_DONE or wait is None:
            break
        house.sleep(wait)
    return seen


def close(house: House, effect: Effect, intent: Intent, seen: Reading) -> Intent:
    """Settles the intent as it was seen, with its audit record, and in the same transaction
    writes into the inventory what is done."""
    with house.store.begin() as tx:
        if seen.outcome is Outcome.OPEN:  # what Webex answered helps the next look
            tx.intents.note(intent.id, seen.evidence)
        elif seen.outcome is Outcome.DONE and not _is_its_own(tx, effect, seen):
            tx.intents.note(intent.id, {"why": "what was found belongs to another step"})
        elif seen.outcome is not Outcome.UNKNOWN or intent.outcome is not Outcome.UNKNOWN:
            _settle(tx, effect, intent, seen)
        after = tx.intents.by_id(intent.id)
        tx.commit()
    return after


def _settle(tx: UnitOfWork, effect: Effect, intent: Intent, seen: Reading) -> None:
    plan = intent.plan
    tx.audit.serialise()
    if not tx.intents.settle(intent.id, seen.outcome, seen.evidence):
        return
    is_done = seen.outcome is Outcome.DONE
    tx.audit.add(
        plan.word if is_done else Word.INTENT_SETTLE, plan.actor, space=plan.space,
        person=plan.person, intent=intent.id, step=plan.step, outcome=str(seen.outcome),
        evidence=dict(seen.evidence), attempts=tx.intents.by_id(intent.id).attempts,
    )  # fmt: skip
    if is_done:
        effect.record(tx, intent, seen.evidence)
    if seen.outcome.is_final and effect.forgets:
        tx.intents.forget(intent.id, effect.forgets)


def _is_its_own(tx: UnitOfWork, effect: Effect, seen: Reading) -> bool:
    if not effect.claims:
        return True
    tx.audit.serialise()
    return seen.evidence[effect.claims] not in tx.intents.claimed_results(
        effect.kind, effect.claims
    )


def said(fault: WebexFault) -> Evidence:
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
        case Outcome.CANCELLED:
            why = str(intent.evidence.get("why", "things had changed meanwhile"))
            return Refusal(f"I did not {what}: {why}.", "Try again when that has changed.")
        case _:
            return Refusal(f"Webex did not {what}.", "Try again.")
