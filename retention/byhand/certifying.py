"""The certificate of a space that was ended by hand: who asked, who agreed, who was told, what
was seen, and who saw it gone. Sealed into the record's chain like every other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from domain.audit import Word
from domain.endings import Request, Way
from domain.ids import PersonKey
from domain.intents import Intent
from domain.people import SYSTEM
from domain.spaces import Space
from domain.views import CertificateView
from storage.store import UnitOfWork

DID = {
    Way.DELETE: "deleted", Way.ARCHIVE: "emptied, and archived by Webex", Way.PURGE: "emptied",
}  # fmt: skip


def certify_request(
    tx: UnitOfWork, request: Request, intents: Sequence[Intent], *, export: str = ""
) -> CertificateView:
    """Once for a request: in the transaction that calls it done. The last intent is the one
    that says what came of it."""
    space, last = tx.spaces.by_key(request.space), intents[-1]
    people = tx.people.by_keys(
        {request.by, *request.told, *([request.second] if request.second else [])}
    )
    emails = {key: one.email for key, one in people.items()}
    second = emails[request.second] if request.second is not None else None
    body: dict[str, object] = {
        "space": {
            "id": str(space.id), "title": space.title, "created": _iso(space.created),
            "creator": space.creator, "team": space.team, "tags": list(space.tags),
            "classification": space.classification, "size": space.size,
            "last_human": _iso(space.last_human), "last_activity": _iso(space.last_activity),
        },
        "policy": None, "approval": None, "case": None,
        "request": {
            "by": emails[request.by], "second": second, "by_compliance": request.by_compliance,
            "reason": request.reason, "asked": _iso(request.asked_at), "way": str(request.way),
            "seen_sha256": request.seen, "told": [emails[key] for key in request.told],
            "could_be_taken_back_until": _iso(request.due), "export": export,
        },
        "deletion": [
            {
                "step": one.plan.step, "kind": one.plan.kind, "intended": _iso(one.made_at),
                "confirmed": _iso(one.settled_at), "outcome": str(one.outcome),
                "witness": dict(one.evidence),
            }
            for one in intents
        ],
    }  # fmt: skip
    made = tx.certificates.add(request.space, None, body)
    tx.audit.add(
        Word.CERTIFICATE, SYSTEM, space=request.space, request=request.key, number=made.number,
        sha256=made.sha256,
    )  # fmt: skip
    return CertificateView(
        number=made.number, made_at=made.made_at, space=space, outcome=last.outcome,
        policy="none: somebody asked for it", policy_version=None,
        approved_by=second or f"{emails[request.by]}, who manages it", deleted_at=last.made_at,
        confirmed_at=last.settled_at, confirmed_by="a second identity of compliance",
        evidence=tuple(_lines(request, space, intents, emails)), sha256=made.sha256,
        is_emptied=request.way is not Way.DELETE,
    )  # fmt: skip


def _lines(
    request: Request, space: Space, intents: Sequence[Intent], emails: dict[PersonKey, str]
) -> Iterator[str]:
    yield f"The latest message of a person: {_said(space.last_human)}"
    why = f", because: {request.reason}" if request.reason else ""
    yield f"Asked for by {emails[request.by]} on {_said(request.asked_at)}{why}"
    if request.second is not None:
        yield f"Agreed to by {emails[request.second]}"
    for key in request.told:
        yield f"Told, and could have taken it back: {emails[key]}"
    yield f"It could be taken back until {_said(request.due)}"
    for one in intents:
        yield f"{one.plan.kind} on {_said(one.made_at)}, seen on {_said(one.settled_at)}"
    yield f"So it was {DID[request.way]}."


def _said(at: datetime | None) -> str:
    return "a day not known" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")
