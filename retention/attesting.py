"""Holds of Control Hub, which nobody can read from outside (webex-facts 1.9): an officer says
that they looked, when, and for which matters; how long that counts; and where it is shown.

The principle: what can't be known is said, everywhere that it matters, and never guessed.
Whether policies stand still without a word that counts, the operator sets (decision 0100).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.audit import Word
from domain.cases import Attestation
from domain.errors import Fault, Refusal
from domain.people import Actor
from spaces.spec import House
from storage.store import UnitOfWork

CANT = "Control Hub's own holds can't be read from here."


def attest(house: House, actor: Actor, looked_at: datetime, matters: str) -> Attestation:
    """An officer's word that they looked in Control Hub at a moment.

    Raises:
        Refusal: it lies ahead, or so far back that it would not count.
    """
    if actor.person is None:
        raise Fault("only a person can say that they looked")
    with house.store.begin() as tx:
        valid = house.limits.attested_for
        if looked_at > tx.now + timedelta(minutes=5):
            raise Refusal("That is still to come.", "Say when you did look, such as today.")
        if looked_at + valid <= tx.now:
            raise Refusal(
                f"That counts for {valid.days} days, so it would be over already.",
                "Look again, and say so then.",
            )
        made = tx.keeping.attest(
            actor.person, looked_at=looked_at, valid_until=looked_at + valid, matters=matters
        )
        tx.audit.add(
            Word.ATTEST, actor, attestation=made.key, looked_at=looked_at.isoformat(),
            valid_until=made.valid_until.isoformat(), matters=matters,
        )  # fmt: skip
        tx.commit()
    return made


def attested(tx: UnitOfWork) -> str:
    """What is known of the holds in Control Hub, one sentence for compliance."""
    last = tx.keeping.last_attestation()
    if last is None:
        return f"{CANT} Nobody has attested yet that they looked there: `attest`."
    who = tx.people.by_key(last.by).email
    seen = f"{who} attested to have looked there on {last.looked_at:%Y-%m-%d}"
    matters = f" for {last.matters}" if last.matters else ""
    if last.valid_until <= tx.now:
        return f"{CANT} {seen}{matters}; that ran out on {last.valid_until:%Y-%m-%d}: `attest`."
    return f"{CANT} {seen}{matters}; that counts until {last.valid_until:%Y-%m-%d}."


def is_missing(house: House, tx: UnitOfWork) -> str:
    """Why policies may not destroy for want of an attestation; empty when they may."""
    if not house.limits.needs_attestation:
        return ""
    last = tx.keeping.last_attestation()
    if last is not None and last.looked_at <= tx.now < last.valid_until:
        return ""
    return "nobody of compliance has attested lately to have looked at the holds in Control Hub"


def evidence_of(tx: UnitOfWork) -> dict[str, object]:
    """For a certificate: whose word stood, at the moment of the deletion."""
    last = tx.keeping.last_attestation()
    if last is None:
        return {"attested": False}
    return {
        "attested": last.valid_until > tx.now, "by": tx.people.by_key(last.by).email,
        "looked": last.looked_at.isoformat(timespec="seconds"),
        "valid_until": last.valid_until.isoformat(timespec="seconds"), "matters": last.matters,
    }  # fmt: skip
