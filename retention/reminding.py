"""What compliance is reminded of around holds, as alerts that last while their cause does: a hold
that ends by itself soon, a word on Control Hub that runs out, a space that may go sooner once a
second officer agrees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from domain.alerts import AlertKind, Item, Mend, Raised
from retention.freezing import asked_freezes
from storage.store import UnitOfWork

AHEAD = timedelta(days=14)
"""Before a hold's end, and before an attestation runs out."""
MOST = 100


def reminders(tx: UnitOfWork) -> Iterator[Raised]:
    if ending := tx.protections.ending_holds(tx.now + AHEAD):
        yield Raised(
            kind=AlertKind.REMINDER, subject="holds",
            items=tuple(
                Item(
                    key=f"hold/{one.key}/{one.ends_at}",
                    said=f"The hold “{one.name}” ends on {one.ends_at:%Y-%m-%d}",
                )
                for one in ending[:MOST]
            ),
            means="Then their spaces are left alone for 7 days, and the policies decide again.",
            to_do="If one is still needed: `hold end` with another day, or never.",
            mends=(Mend(title="Holds", command="holds"),),
        )  # fmt: skip
    last = tx.keeping.last_attestation()
    if last is not None and last.valid_until <= tx.now + AHEAD:
        yield Raised(
            kind=AlertKind.REMINDER, subject="attestation",
            what="somebody has to look at the holds in Control Hub again",
            pairs=(("The last word counts until", f"{last.valid_until:%Y-%m-%d}"),),
            means="They can't be read from here. Webex keeps what is under them for eDiscovery,"
            " but a space that is deleted is gone for its people.",
            to_do="Look there, and say so: `attest`.", occurrence=f"{last.key}",
            mends=(Mend(title="Attest", command="attest"),),
        )  # fmt: skip


def approvals(tx: UnitOfWork) -> Iterator[Raised]:
    """What somebody asked for, and nobody else has agreed to yet: spaces that are to go sooner,
    and freeze days that are to be taken away."""
    for freeze in asked_freezes(tx)[:MOST]:
        written = freeze.freeze.written
        asked = freeze.asked_by
        yield Raised(
            kind=AlertKind.APPROVAL, subject=f"freeze/{freeze.key}",
            what=f"the freeze of {freeze.freeze.said} is to be taken away",
            pairs=(
                ("Asked by", tx.people.by_key(asked).email if asked is not None else ""),
                ("It was set because", freeze.reason),
            ),
            occurrence=f"{freeze.key}/{freeze.asked_at}",
            mends=(Mend(title="Agree", command="freeze remove", args={"days": written}),),
        )  # fmt: skip
    waiting = [one for one in tx.keeping.waiting_sooner() if one.after > tx.now][:MOST]
    spaces = tx.spaces.by_keys([one.space for one in waiting])
    for one in waiting:
        space = spaces[one.space]
        yield Raised(
            kind=AlertKind.APPROVAL, subject=f"sooner/{one.key}",
            what=f"{space.shown_title} is to go after {one.after:%Y-%m-%d}, sooner than its policy"
            " says", space=one.space,
            pairs=(("Asked by", tx.people.by_key(one.asked_by).email), ("Why", one.reason)),
            occurrence=f"{one.key}", asked_by=one.asked_by,
            mends=(
                Mend(
                    title="Look and agree", command="delete after approve",
                    args={"space": str(space.id)},
                ),
            ),
        )  # fmt: skip
