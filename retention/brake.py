"""The anomaly brake: a night that looks wrong stops everything, until two people have looked.

Pulled by a plan far beyond what is usual, by too many spaces at once that became due, by
outcomes that do not match, by clocks that differ, and by a record that somebody changed
(safety.md, Blast radius). It
is a pause like any other, with a mark that letting it go needs a second person.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median

from domain.alerts import AlertKind, Raised
from domain.audit import Word
from domain.errors import Fault
from domain.people import SYSTEM
from retention.alerting import raise_alert
from retention.anchoring import hold_against, read_anchors
from retention.ground import CLOCKS_DIFFER
from retention.pausing import stop_all
from retention.planning import Agenda
from spaces.spec import Limits
from storage.store import UnitOfWork

USUAL_NIGHTS = 28
TIMES_USUAL = 3
SHARE_NEW = 0.20
FEW = 10
"""Plans as small as this are never unusual: a small company's first night must be possible."""
MOST_UNKNOWN = 3
HISTORY = "retention-history"
LOOKED_AT = "retention-record-looked-at"


class Braked(Fault):
    """The night looks wrong; everything that destroys is paused."""


def look_at_plan(tx: UnitOfWork, agenda: Agenda, limits: Limits) -> str:
    """Why this plan looks wrong; empty when it does not."""
    history = [int(one) for one in tx.settings.get(HISTORY) or []]
    usual = median(history) if history else 0
    if agenda.destructive > max(FEW, TIMES_USUAL * usual):
        return f"{agenda.destructive} spaces are to be blocked or deleted; usual are {usual:g}"
    lived = tx.spaces.count_live()
    if agenda.opened > max(FEW, SHARE_NEW * lived):
        return f"{agenda.opened} of {lived} spaces became due at once"
    unknown = [one for one in tx.intents.open() if one.plan.is_destructive]
    if len(unknown) >= MOST_UNKNOWN:
        return f"of {len(unknown)} earlier effects it is not known what came of them"
    return ""


def broken_record(tx: UnitOfWork, anchors: Path | None = None) -> int | None:
    """The first row of the record that was changed since it was written; None when all fits.
    Where two people have looked at one, only what came after it is looked at.

    Args:
        anchors: where its seals were given away to, if anywhere. A folder that can't be read is
            a fault, and raises OSError: without a record nothing is destroyed.
    """
    looked = int(tx.settings.get(LOOKED_AT) or 0)
    broken = tx.audit.verify(after=looked).broken_at
    if broken is not None or anchors is None:
        return broken
    # Rows that were made anew with seals that fit only show against what was given away.
    known, _ = read_anchors(anchors)
    return hold_against(tx, [one for one in known if one.after >= looked]).differs_at


def remember(tx: UnitOfWork, agenda: Agenda) -> None:
    """How much this night planned, for the nights to come."""
    history = [*(tx.settings.get(HISTORY) or []), agenda.destructive]
    tx.settings.put(HISTORY, history[-USUAL_NIGHTS:], by=SYSTEM.name)


def pull_for_clocks(tx: UnitOfWork, why: str) -> None:
    """The same fault pulls it once, however many nights find it before it is let go."""
    pause = tx.settings.pause()
    if pause is None or not pause.is_brake or CLOCKS_DIFFER not in pause.reason:
        pull(tx, f"{why}; let it go once they agree")


def pull(tx: UnitOfWork, why: str, *, broken_at: int | None = None) -> None:
    """Pauses everything that destroys, until a second person lets go. Who lets go of a brake
    that a broken record pulled has looked at that row."""
    stop_all(tx, SYSTEM, why, brake=True)
    if broken_at is not None:
        tx.settings.put(LOOKED_AT, broken_at, by=SYSTEM.name)
        raise_alert(
            tx,
            Raised(
                kind=AlertKind.RECORD,
                subject=f"row {broken_at}",
                what="the record was changed",
                pairs=(("First row that does not fit", f"{broken_at:,}"),),
            ),
        )
    tx.audit.add(Word.BRAKE, SYSTEM, why=why)
    raise_alert(
        tx,
        Raised(
            kind=AlertKind.BRAKE, what="the brake was pulled", pairs=(("Why", why),), lasts=True
        ),
    )
