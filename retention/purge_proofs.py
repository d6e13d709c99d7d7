"""What proves a night's purge: how many messages went of which age, why, and who saw it.

Made from the intents that no certificate speaks of yet, so that none is left out when a process
dies between a batch and its certificate; sealed into the record's chain like every other. It says
what Webex leaves behind, since “purged” is not “never was”.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from domain.audit import Word
from domain.cases import Case
from domain.intents import Intent, Outcome
from domain.people import SYSTEM
from domain.policies import PolicyVersion
from domain.views import Purged
from query.language import parse
from retention.spec import Night
from spaces.effects.purging import KIND
from storage.store import UnitOfWork

LEFT_BEHIND = (
    "What stays: Webex's own lines about who came and went; answers that are young enough, without"
    " the message that they answered; and what Webex keeps for compliance, who can read a deleted"
    " message until the organisation's own retention takes it. Webex's legal holds can't be read."
)


def certify_purge(night: Night, case: Case, *, is_first: bool = False) -> Purged | None:
    """The certificate of what went since the last one, and of what may have gone; None where
    nothing did."""
    with night.house.store.begin() as tx:
        tx.audit.serialise()
        case = tx.cases.get(case.key)  # as it is now, whatever its work began with
        since = tx.purges.certified(case.space)
        done = [
            one for one in tx.intents.of_case(case.key)
            if one.plan.kind == KIND and one.id > since and one.outcome in _SAID
        ]  # fmt: skip
        if not done:
            return None
        purged = _certify(tx, case, done, is_first=is_first)
        tx.purges.certify(case.space, done[-1].id)
        tx.commit()
    return purged


def _certify(
    tx: UnitOfWork, case: Case, done: Sequence[Intent], *, is_first: bool
) -> Purged | None:  # fmt: skip
    space, mark = tx.spaces.by_key(case.space), tx.purges.mark_of(case.space)
    version = None if case.version is None else tx.policies.version(case.version)
    approval = None if case.version is None else tx.simulations.approval_of(case.version)
    approver = None if approval is None else tx.people.by_key(approval.by)
    sums, (oldest, newest) = _sums(done), _ages(done)
    until = mark.until if mark is not None else tx.now
    made = Purged(
        space=space, policy=version.name if version else "", messages=sums["deleted"],
        files=sums["files"], already=sums["already"], oldest=oldest, newest=newest, until=until,
        is_first=is_first, not_known=sum(map(_not_known, done)),
    )  # fmt: skip
    if not (made.messages or made.not_known):
        return None
    body: dict[str, object] = {
        "space": {"id": str(space.id), "title": space.title, "created": _iso(space.created)},
        "policy": _policy(version),
        "approval": None if approval is None or approver is None else {
            "by": approver.email, "at": _iso(approval.at), "targets_sha256": approval.targets_hash,
        },
        "case": {
            "cycle": case.cycle, "opened": _iso(case.opened_at), "notices": case.notices,
            "first_notice": _iso(case.first_notice_at), "last_notice": _iso(case.last_notice_at),
        },
        "purge": {**purge_body(done), "nothing_left_of_before": _iso(until)},
    }  # fmt: skip
    row = tx.certificates.add(case.space, None, body)
    tx.audit.add(
        Word.CERTIFICATE, SYSTEM, space=case.space, case=case.key, number=row.number,
        sha256=row.sha256,
    )  # fmt: skip
    return replace(made, certificate=row.number)


def purge_body(done: Sequence[Intent]) -> dict[str, object]:
    """What went, all in all and batch by batch, as it is sealed."""
    sums, (oldest, newest) = _sums(done), _ages(done)
    return {
        "messages": sums["deleted"], "files": sums["files"], "deleted_before": sums["already"],
        "not_known": sum(map(_not_known, done)),
        "oldest": _iso(oldest), "newest": _iso(newest), "left_behind": LEFT_BEHIND,
        "batches": [
            {
                "step": one.plan.step, "intended": _iso(one.made_at),
                "confirmed": _iso(one.settled_at), "outcome": str(one.outcome),
                "not_known": _not_known(one),
                "witness": {k: v for k, v in one.evidence.items() if k not in _OURS},
            }
            for one in done
        ],
    }  # fmt: skip


def _sums(done: Sequence[Intent]) -> dict[str, int]:
    return {name: sum(_number(one, name) for one in done) for name in _COUNTS}


def _ages(done: Sequence[Intent]) -> tuple[datetime | None, datetime | None]:
    """When the first and the last message that went were written."""
    moments = [_moment(one, name) for one in done for name in ("oldest", "newest")]
    known = [one for one in moments if one is not None]
    return min(known, default=None), max(known, default=None)


def _not_known(intent: Intent) -> int:
    """Messages that Webex would not delete, and the one whose answer never came."""
    return _number(intent, "refused") + bool(intent.evidence.get("in_flight"))


_SAID = (Outcome.DONE, Outcome.UNKNOWN)
_COUNTS = ("deleted", "already", "files")
_OURS = ("at_upto", "in_flight")


def _policy(version: PolicyVersion | None) -> Mapping[str, object] | None:
    if version is None:
        return None
    return {
        "name": version.name, "version": version.number, "condition": version.query,
        "sentence": f"spaces {parse(version.query).sentence}", "ending": str(version.ending),
        "period_days": version.period.days if version.period else None,
        "author": version.author, "in_force": _iso(version.effective_at),
    }  # fmt: skip


def _number(intent: Intent, name: str) -> int:
    return int(str(intent.evidence.get(name) or 0))


def _moment(intent: Intent, name: str) -> datetime | None:
    said = intent.evidence.get(name)
    return datetime.fromisoformat(str(said)) if said else None


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")
