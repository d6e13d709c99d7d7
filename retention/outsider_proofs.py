"""What proves that outsiders were removed from a space: who, why, on which evidence, who saw it.

Made of the removals that no certificate speaks of yet, one for each space and night, so that none
is left out when a process dies on the way; sealed into the record's chain like every other. It
names people, so compliance alone is shown it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.audit import Word
from domain.cases import Case
from domain.ids import PersonId, RoomId
from domain.intents import Intent, Outcome
from domain.people import SYSTEM, Person
from domain.views import CertificateView
from retention.attesting import attested, evidence_of
from retention.certifying import notices_body, policy_body
from retention.spec import Night
from retention.telling import tell_compliance
from spaces.sync.pages import follow
from storage.store import UnitOfWork
from webex.errors import WebexFault
from webex.gateway import Lane

OUTSIDER = "/outsider/"
"""In the step of each removal."""


def certify_removals(night: Night, case: Case) -> CertificateView | None:
    """The certificate of who was removed since the last one, also to compliance; None where
    nobody was.

    Raises:
        NotAuthorised: a token is dead; a later night certifies it.
    """
    with night.house.store.read() as tx:
        room = tx.spaces.by_key(case.space).id
        if not _removals(tx, case):
            return None
    seen = still_in(night, room)
    with night.house.store.begin() as tx:
        tx.audit.serialise()
        case = tx.cases.get(case.key)  # as it is now, whatever its work began with
        removals = _removals(tx, case)
        if not removals:
            return None
        view = _certify(tx, case, removals, seen)
        tx.commit()
    tell_compliance(
        night, lambda zone: night.voice.certificate(view, zone),
        what=f"certificate/{view.number}", space=case.space,
    )  # fmt: skip
    return view


def certify_left(night: Night) -> None:
    """Certifies the removals that a process which died did not come to."""
    with night.house.store.read() as tx:
        cases = [tx.cases.get(key) for key in tx.certificates.uncertified_removals(OUTSIDER)]
    for case in cases:
        certify_removals(night, case)


def still_in(night: Night, room: RoomId) -> frozenset[PersonId] | str:
    """Who is in a space by the second identity's own look; a text where it could not look."""
    witness = night.house.webex.witness(Lane.BACKGROUND)
    try:
        found = follow(lambda address: witness.memberships(room=room, address=address))
    except WebexFault as blind:
        return f"could not look: {blind.said}"
    if not found.complete or not found.items:
        return f"could not see all of them: {found.why or 'nobody is listed'}"
    return frozenset(one.person_id for one in found.items)


def _removals(tx: UnitOfWork, case: Case) -> list[Intent]:
    since = tx.certificates.removals_until(case.space)
    return [
        one for one in tx.intents.of_case(case.key)
        if OUTSIDER in one.plan.step and one.id > since and one.outcome in _SAID
    ]  # fmt: skip


def _certify(
    tx: UnitOfWork, case: Case, removals: Sequence[Intent], seen: frozenset[PersonId] | str
) -> CertificateView:
    space = tx.spaces.by_key(case.space)
    version = None if case.version is None else tx.policies.version(case.version)
    approval = None if case.version is None else tx.simulations.approval_of(case.version)
    approver = None if approval is None else tx.people.by_key(approval.by)
    ids = [PersonId(str(one.plan.payload["person"])) for one in removals]
    people, notices = tx.people.by_ids(ids), tx.notices.of_case(case.key)
    body: dict[str, object] = {
        "space": {
            "id": str(space.id), "title": space.title, "created": _iso(space.created),
            "team": space.team, "tags": list(space.tags), "classification": space.classification,
        },
        "policy": policy_body(version),
        "approval": None if approval is None or approver is None else {
            "by": approver.email, "at": _iso(approval.at), "targets_sha256": approval.targets_hash,
        },
        "case": {
            "cycle": case.cycle, "opened": _iso(case.opened_at),
            "counted_from": _iso(case.basis_at), "due": _iso(case.due),
        },
        "notices": notices_body(tx, notices),
        "removed": [
            {
                **_of_person(tx, people.get(id), id), "step": one.plan.step,
                "intended": _iso(one.made_at), "confirmed": _iso(one.settled_at),
                "outcome": str(one.outcome), "second_identity": _seen(id, seen),
                "witness": dict(one.evidence),
            }
            for id, one in zip(ids, removals, strict=True)
        ],
        "what_stays": "The space, all that was written in it, and everybody of the organisation.",
        "control_hub_holds": evidence_of(tx),
    }  # fmt: skip
    made = tx.certificates.add(case.space, None, body, removals_until=removals[-1].id)
    tx.audit.add(
        Word.CERTIFICATE, SYSTEM, space=case.space, case=case.key, number=made.number,
        sha256=made.sha256,
    )  # fmt: skip
    done = sum(one.outcome is Outcome.DONE for one in removals)
    word = "outsider was" if done == 1 else "outsiders were"
    unknown = len(removals) - done
    return CertificateView(
        number=made.number, made_at=made.made_at, space=space,
        outcome=Outcome.UNKNOWN if unknown else Outcome.DONE,
        policy=version.name if version else "", policy_version=version.number if version else None,
        approved_by=approver.email if approver else "nobody known",
        deleted_at=removals[0].made_at, confirmed_at=removals[-1].settled_at,
        confirmed_by="a second identity of compliance" if isinstance(seen, frozenset)
        else f"the identity that removed them; a second one {seen}",
        did=f"{done} {word} removed from {space.shown_title}"
        + (f"; of {unknown} it is not known" if unknown else ""),
        evidence=(*_lines(removals, ids, people, seen), attested(tx)), sha256=made.sha256,
    )  # fmt: skip


def _lines(
    removals: Sequence[Intent], ids: Sequence[PersonId], people: dict[PersonId, Person],
    seen: frozenset[PersonId] | str,
) -> list[str]:  # fmt: skip
    lines = []
    age = removals[0].evidence.get("evidence_age_seconds")
    if age is not None:
        lines.append(f"Looked at on Webex {age} seconds before the first was removed")
    for id, one in zip(ids, removals, strict=True):
        known = people.get(id)
        how = "removed" if one.outcome is Outcome.DONE else "not known whether removed"
        lines.append(f"{known.email if known else id}: {how}; {_seen(id, seen)}")
    return lines


def _of_person(tx: UnitOfWork, known: Person | None, id: PersonId) -> dict[str, object]:
    if known is None:
        return {"person": str(id), "email": None, "organisation": None}
    return {"person": str(id), "email": known.email, "organisation": tx.people.org_of(known.key)}


def _seen(id: PersonId, seen: frozenset[PersonId] | str) -> str:
    if isinstance(seen, str):
        return f"the second identity {seen}"
    there = "in it" if id in seen else "in it no more"
    return f"the second identity sees them {there}"


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")


_SAID = (Outcome.DONE, Outcome.UNKNOWN)
