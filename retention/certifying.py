"""The certificate: what was deleted, why, by whose word, after which warnings, and who saw it.

It is made in the transaction that calls the case gone, from what stands in our record then,
and sealed into the record's chain. What is not known is said as not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from domain.audit import Word
from domain.cases import Case
from domain.ids import PersonKey
from domain.intents import Intent, Outcome
from domain.people import SYSTEM
from domain.policies import PolicyVersion
from domain.spaces import Space
from domain.views import CertificateView
from query.language import parse
from retention.attesting import attested, evidence_of
from retention.purge_proofs import LEFT_BEHIND, purge_body
from spaces.effects import purging
from storage.notices import Notice
from storage.store import UnitOfWork


def certify(tx: UnitOfWork, case: Case, intents: Sequence[Intent]) -> CertificateView:
    """Makes (or finds) the certificate of a case whose deletion was confirmed. The last intent is
    the one that says what came of it; those before emptied the space."""
    intent = intents[-1]
    purges = [one for one in intents if one.plan.kind == purging.KIND]
    space = tx.spaces.by_key(case.space)
    version = None if case.version is None else tx.policies.version(case.version)
    approval = None if case.version is None else tx.simulations.approval_of(case.version)
    approver = None if approval is None else tx.people.by_key(approval.by)
    notices = tx.notices.of_case(case.key)
    people = tx.people.by_keys({one.person for one in notices})
    emails = {key: one.email for key, one in people.items()}
    answers = tx.cases.answers(case.key)
    body: dict[str, object] = {
        "space": {
            "id": str(space.id), "title": space.title, "created": _iso(space.created),
            "creator": space.creator, "team": space.team, "tags": list(space.tags),
            "classification": space.classification, "size": space.size,
            "last_human": _iso(space.last_human), "last_activity": _iso(space.last_activity),
        },
        "policy": policy_body(version),
        "approval": None if approval is None or approver is None else {
            "by": approver.email, "at": _iso(approval.at), "targets_sha256": approval.targets_hash,
        },
        "case": {
            "cycle": case.cycle, "opened": _iso(case.opened_at), "blocked": _iso(case.blocked_at),
            "counted_from": _iso(case.basis_at), "due": _iso(case.due),
        },
        "notices": notices_body(tx, notices),
        "answers": [{"choice": one.choice, "at": _iso(one.at)} for one in answers],
        "deletion": {
            "step": intent.plan.step, "intended": _iso(intent.made_at),
            "confirmed": _iso(intent.settled_at), "outcome": str(intent.outcome),
            "witness": dict(intent.evidence),
        },
        "control_hub_holds": evidence_of(tx),
    }  # fmt: skip
    if export := tx.case_exports.of(case.key):
        body["export"] = export
    if purges:
        body["purge"] = purge_body(purges)
        tx.purges.certify(case.space, purges[-1].id)
    made = tx.certificates.add(case.space, case.key, body)
    tx.audit.add(
        Word.CERTIFICATE, SYSTEM, space=case.space, case=case.key, number=made.number,
        sha256=made.sha256,
    )  # fmt: skip
    return CertificateView(
        number=made.number, made_at=made.made_at, space=space, outcome=intent.outcome,
        policy=version.name if version else "", policy_version=version.number if version else None,
        approved_by=approver.email if approver else "nobody known", deleted_at=intent.made_at,
        confirmed_at=intent.settled_at, confirmed_by="a second identity of compliance",
        evidence=(*_lines(space, case, intents, notices, emails), attested(tx)), sha256=made.sha256,
        is_emptied=bool(purges) or intent.outcome is Outcome.ARCHIVED,
    )  # fmt: skip


def notices_body(tx: UnitOfWork, notices: Sequence[Notice]) -> list[dict[str, object]]:
    """Who was warned and when, as it is sealed."""
    people = tx.people.by_keys({one.person for one in notices})
    return [
        {
            "number": one.number, "to": people[one.person].email,
            "delivered": _iso(one.delivered_at), "promised": _iso(one.promised),
        }
        for one in notices
    ]  # fmt: skip


def policy_body(version: PolicyVersion | None) -> dict[str, object] | None:
    """By which policy, as it is sealed."""
    if version is None:
        return None
    return {
        "name": version.name, "version": version.number, "condition": version.query,
        "sentence": f"spaces {parse(version.query).sentence}", "ending": str(version.ending),
        "period_days": version.period.days if version.period else None,
        "counted_from": version.counting.written, "grace_days": version.grace.days,
        "author": version.author, "in_force": _iso(version.effective_at),
    }  # fmt: skip


def _lines(
    space: Space, case: Case, intents: Sequence[Intent], notices: Sequence[Notice],
    to: Mapping[PersonKey, str],
) -> Iterator[str]:  # fmt: skip
    """The evidence as people read it, in the order in which it came about."""
    yield f"The latest message of a person: {_said(space.last_human)}"
    for one in notices:
        got = f"delivered on {_said(one.delivered_at)}" if one.delivered_at else "not delivered"
        yield f"Notice {one.number} to {to[one.person]}: {got}, promising {_said(one.promised)}"
    yield f"Blocked on {_said(case.blocked_at)}"
    last = intents[-1]
    purges = [one for one in intents if one.plan.kind == purging.KIND]
    if purges:
        sums = purge_body(purges)
        yield (
            f"Emptied from {_said(purges[0].made_at)} to {_said(purges[-1].settled_at)}:"
            f" {sums['messages']} messages and {sums['files']} files; a second identity found none"
            " left"
        )
        yield LEFT_BEHIND
    if last.plan.kind == purging.KIND:
        yield "The conversation itself can't be deleted; it can be used again"
        return
    if last.outcome is Outcome.ARCHIVED:
        yield f"Told to go on {_said(last.made_at)}; Webex keeps it in its team, archived and empty"
        return
    age = last.evidence.get("evidence_age_seconds")
    if age is not None:
        yield f"Looked at on Webex {age} seconds before it was deleted"
    yield f"Deleted on {_said(last.made_at)}, seen gone on {_said(last.settled_at)}"


def _said(at: datetime | None) -> str:
    return "a day not known" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")
