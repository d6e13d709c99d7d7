"""The certificate of an erasure: what was deleted where, who asked and agreed, what was left and
why, what Webex keeps, and what we made nameless. Sealed into the record's chain like every other.

It proves the erasure without undoing it: the person stands in it by their pseudonym and the
number of the request, spaces by Webex's ids, never by a title (a conversation's is a name).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from domain.audit import Word
from domain.erasures import Erasure, Part, PartState
from domain.people import SYSTEM
from retention.erasing.finding import NOT_KNOWN
from storage.certificates import Certificate
from storage.forgetting import Forgotten
from storage.store import UnitOfWork

WEBEX_KEEPS = (
    "Deleted messages stay readable for the company's officers until its own retention in Control"
    " Hub takes them; backups for 30 days after that.",
    "What is under a legal hold in Control Hub, which cannot be read from outside.",
    "Replies of others in their threads, and the place where their message was.",
    "The organisation's log of events about them, for as long as Webex keeps it.",
)  # fmt: skip


def certify_erasure(
    tx: UnitOfWork, one: Erasure, parts: Sequence[Part], own: Forgotten, *, still_there: bool
) -> Certificate:
    """In the transaction that calls the request done."""
    people = tx.people.by_keys({one.by, *([one.second] if one.second else [])})
    ids = tx.spaces.ids_of(part.space for part in parts)
    body: dict[str, object] = {
        "erasure": {
            "number": one.number, "person": one.pseudonym, "received": _iso(one.received),
            "due": _iso(one.due), "extended": one.extended_at is not None,
            "taken_in_by": people[one.by].email,
            "agreed_to_by": people[one.second].email if one.second is not None else None,
            "agreed": _iso(one.agreed_at), "list_sha256": one.list_hash,
            "could_be_called_off_until": _iso(one.begins_at), "ended": _iso(tx.now),
            "both_sides_of_conversations": one.both_sides,
        },
        "erased": {
            "spaces": sum(part.state is PartState.DONE for part in parts),
            "messages": sum(part.deleted for part in parts),
            "messages_deleted_before": sum(part.already for part in parts),
            "memberships": sum(part.membership == "left" for part in parts),
        },
        "spaces": [
            {"space": str(ids[part.space]), "came": _came(part)}
            for part in parts if part.state is PartState.DONE
        ],
        "left": [
            {"space": str(ids[part.space]), "why": part.why}
            for part in parts if part.state is not PartState.DONE
        ],
        "own_records": {
            "made_nameless": own.is_nameless, "their_account_is_still_in_webex": still_there,
            "saved_searches_deleted": own.searches, "watches_ended": own.watches,
            "former_places_forgotten": own.seats, "plans_made_nameless": own.plans,
            "rows_of_the_record_kept": own.rows_kept,
            "why_they_are_kept": "GDPR Art. 17(3)(b) and (e): the record proves what was done, and"
            " its chain breaks with any row.",
        },
        "spaces_nobody_could_see": one.unseen, "not_known": list(NOT_KNOWN),
        "webex_keeps": list(WEBEX_KEEPS),
    }  # fmt: skip
    made = tx.certificates.add(None, None, body)
    tx.audit.add(
        Word.CERTIFICATE, SYSTEM, erasure=one.number, number=made.number, sha256=made.sha256
    )
    return made


def _came(part: Part) -> str:
    return "; ".join(_each(part))


def _each(part: Part) -> Iterator[str]:
    yield f"{part.deleted} messages deleted"
    if part.already:
        yield f"{part.already} were deleted before"
    yield f"membership: {part.membership or 'none'}"
    yield f"a second officer saw none left on {_said(part.seen_at)}"


def _said(at: datetime | None) -> str:
    return "a day not known" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")
