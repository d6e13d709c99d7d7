"""Keeping a space by hand: until a date, for ever, and taking that back.

The principle: a keep only ever protects (I8). It never brings a date nearer, neither that of
the policies nor what compliance or somebody else has set; taking one back leaves the space
alone for a week. What two people agreed to bring nearer (`sooner`) it undoes. A keep ends the
case that is running, voids its cards and is its answer, all in the transaction that writes it;
once a deletion has begun it is too late, and that is said.

Who may ask is decided before (commands); putting a blocked space back is handed on by whoever
asked, since it needs Webex.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.audit import Word
from domain.cases import Case, Keep
from domain.errors import Fault, Refusal
from domain.ids import CaseKey, SpaceKey
from domain.people import Actor
from domain.policies import Ruling
from domain.spaces import Space
from query.spec import Moments
from retention.answering import answered_before, day, end_case, end_wish, until_words
from retention.blocking_by_hand import is_free, settle_blocking
from retention.decision import explain
from retention.sooner import end_sooner
from retention.tracing import Trace
from spaces.blocking import unblock
from spaces.spec import House, KeepReason
from storage.store import UnitOfWork

_log = logging.getLogger(__name__)

CORRECTED = timedelta(days=1)
"""Within which one's own keep is corrected and not renewed."""
LOOSENING = timedelta(days=7)
"""Between taking a protection off and the first thing that may follow (safety.md, Rails)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What came of a keep.

    Args:
        until: None for ever.
        before: the keep that it took the place of.
        left_alone_until: no policy does anything before, keep or no keep.
        ended: the case that it ended, as it was.
        is_blocked: the space is blocked by a case that is over; putting it back
            (`spaces.blocking.unblock`) is to be handed on.
        note: what the person should know besides, as a sentence; may be empty.
    """

    until: datetime | None
    before: Keep | None
    left_alone_until: datetime
    ended: Case | None
    is_blocked: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """`before` was taken off; nothing happens before `left_alone_until`."""

    before: Keep
    left_alone_until: datetime


def keep_space(
    house: House, actor: Actor, space: Space, *, until: datetime | None, by_compliance: bool,
    case: CaseKey | None = None, reason: str = "",
) -> Kept:  # fmt: skip
    """Keeps `space` until a moment, or for ever.

    Args:
        until: None for ever.
        by_compliance: no bounds, and only compliance may take it back.
        case: the case that the pressed card was about; void when it is over. An answer to a
            warning needs no other reason.
        reason: why, where the operator wants one.

    Raises:
        Refusal: out of bounds, renewed too often, without a reason that is needed, too late,
            somebody else answered first, or nothing to keep.
    """
    with house.store.begin() as tx:
        tx.audit.serialise()  # before any row, as whoever destroys does: no two wait for each other
        zone = _zone(tx, actor)
        trace = explain(
            tx, space.key, tx.policies.holding(), Moments(now=tx.now), without_keep=True
        )
        before = tx.protections.keep_of(space.key)
        _is_ours_to_keep(trace)
        if until is not None and until <= tx.now:
            raise Refusal(f"{day(until, zone)} is past.", "Name a day that is still to come.")
        if case is not None and (mine := answered_before(tx, space.key, case, actor, until, zone)):
            return _kept(tx, space, until, before, mine, trace)
        if not by_compliance:
            _respects(tx, before, until, actor, zone)
            _is_within(house.limits.keep_longest, tx.now, until, trace, zone)
        is_renewal = _renews(tx, space.key, before, until, actor, by_compliance)
        if is_renewal:
            _is_not_too_often(tx, house, space.key)
        if case is None and not reason and needs_reason(house, until):
            raise Refusal(
                "A keep for ever needs a reason." if until is None else "A keep needs a reason.",
                "Say it behind the rest: because of the audit.",
            )
        end_wish(tx, space.key, actor)
        end_sooner(tx, space.key, actor, why="somebody keeps it")
        ended = end_case(tx, space.key, actor, until, zone)
        if ended is None and _is_same(before, until, actor, by_compliance):
            return _kept(tx, space, until, before, None, trace)
        tx.protections.keep(
            space.key, until=until, by=actor.person, by_compliance=by_compliance, reason=reason
        )
        tx.keeping.note_keep(
            space.key, until=until, by=actor.person, by_compliance=by_compliance, reason=reason,
            is_renewal=is_renewal,
        )  # fmt: skip
        tx.protections.leave_alone(
            [space.key], until=tx.now + house.limits.immunity, reason="kept by hand",
            is_firm=False,
        )  # fmt: skip
        kept = _kept(tx, space, until, before, ended, trace)
        tx.audit.add(
            Word.KEEP_SET, actor, space=space.key, until=_iso(until), was=_said_of(before),
            by_compliance=by_compliance, left_alone_until=_iso(kept.left_alone_until),
            reason=reason, is_renewal=is_renewal, case=ended.key if ended else None,
        )  # fmt: skip
        tx.commit()
    return kept


def check_new_keep(house: House, actor: Actor, until: datetime, *, by_compliance: bool) -> None:
    """Whether a space that is still to be created may be kept so long. Raises Refusal."""
    with house.store.read() as tx:
        if not by_compliance:
            _is_not_too_long(house.limits.keep_longest, tx.now, until, _zone(tx, actor))


def clear_keep(house: House, actor: Actor, space: Space, *, by_compliance: bool) -> Cleared:
    """Takes a keep off. For a week nothing happens all the same.

    Raises:
        Refusal: there is none, or it is compliance's to clear.
    """
    with house.store.begin() as tx:
        tx.audit.serialise()
        before = tx.protections.keep_of(space.key)
        if before is None:
            raise Refusal("Nobody keeps it by hand.", "`explain` says what becomes of it.")
        if not by_compliance and before.by_compliance and _holds(before, tx.now):
            raise _compliance_keeps(before, _zone(tx, actor))
        tx.protections.clear_keep(space.key)
        tx.keeping.note_keep(
            space.key, until=None, by=actor.person, by_compliance=by_compliance, is_clear=True
        )
        tx.protections.leave_alone(
            [space.key], until=tx.now + LOOSENING, reason="a keep was taken off"
        )
        left = _left_alone(tx, space.key)
        tx.audit.add(
            Word.KEEP_CLEAR, actor, space=space.key, was=_said_of(before),
            by_compliance=by_compliance, left_alone_until=_iso(left),
        )  # fmt: skip
        tx.commit()
    return Cleared(before=before, left_alone_until=left)


def put_back(house: House, actor: Actor, space: Space, *, step: str) -> None:
    """Unblocks a space that was kept. What goes wrong is logged and not raised: the person has
    their answer, and the night puts back every block whose case is over."""
    try:
        with house.store.begin() as tx:
            found = tx.blocks.of(space.key)
            if found is None or not is_free(tx, found):
                return
            settled = found
        if settled.case is None:
            settle_blocking(house, space)
        unblock(house, actor, space, step=f"{step}/unblock")
    except (Fault, LookupError) as no:
        _log.warning("space %s could not be put back yet: %s", space.key, no)


# -- may it be? -----------------------------------------------------------------------------


def _is_ours_to_keep(trace: Trace) -> None:
    if trace.ruling is Ruling.UNTOUCHABLE:
        raise Refusal(f"There is nothing to keep it from. {trace.lines[0].sentence}")


def _respects(
    tx: UnitOfWork, before: Keep | None, until: datetime | None, actor: Actor, zone: tzinfo
) -> None:
    """A moderator changes nothing that compliance set, and shortens nothing of somebody else."""
    if before is None or not _holds(before, tx.now):
        return
    if before.by_compliance:
        raise _compliance_keeps(before, zone)
    if before.by != actor.person and _is_shorter(until, before.until):
        who = tx.people.by_key(before.by).name if before.by is not None else "Somebody"
        raise Refusal(
            f"{who} keeps it {until_words(before.until, zone)}, which is longer.",
            "If that is too long, take it off first: `keep clear`.",
        )


def _is_within(
    longest: timedelta | None, now: datetime, until: datetime | None, trace: Trace, zone: tzinfo
) -> None:
    """Not before the day on which it would go anyway, not after the ceiling."""
    if until is not None and trace.due is not None and until < trace.due:
        raise Refusal(
            f"It stays until {day(trace.due, zone)} as it is. {trace.sentence}",
            "A keep can't bring that nearer; name a later day.",
        )
    _is_not_too_long(longest, now, until, zone)


def _is_not_too_long(
    longest: timedelta | None, now: datetime, until: datetime | None, zone: tzinfo
) -> None:
    if longest is None:
        return
    latest = (now + longest).astimezone(zone).date()
    if until is None or until.astimezone(zone).date() > latest:
        raise Refusal(
            f"You may keep it until {latest.isoformat()} at the latest.",
            "Compliance may keep it longer.",
        )


def needs_reason(house: House, until: datetime | None) -> bool:
    """Whether a keep has to say why, as the operator set it."""
    asked = house.limits.keep_reason
    return asked is KeepReason.ALWAYS or (asked is KeepReason.FOREVER and until is None)


def _renews(
    tx: UnitOfWork, key: SpaceKey, before: Keep | None, until: datetime | None, actor: Actor,
    by_compliance: bool,
) -> bool:  # fmt: skip
    """Whether a keep is a renewal: of others than compliance, longer than what they had set, and
    no correction of one's own within a day."""
    if by_compliance:
        return False
    last = next((one for one in tx.keeping.keeps(key) if not one.is_clear), None)
    if last is None or last.by_compliance:
        return False
    if last.by == actor.person and tx.now - last.at < CORRECTED and not last.is_renewal:
        return False
    if before is None or not _holds(before, tx.now):
        return True
    return _is_longer(until, before.until)


def _is_not_too_often(tx: UnitOfWork, house: House, key: SpaceKey) -> None:
    most = house.limits.keep_renewals
    if most is not None and tx.keeping.renewals(key) >= most:
        times = "once" if most == 1 else f"{most} times"
        raise Refusal(
            "A keep of this space can't be renewed by its people."
            if most == 0
            else f"Its keep was renewed {times} already, which is as often as its people may.",
            "Compliance may keep it longer; ask them.",
        )


def _is_longer(until: datetime | None, than: datetime | None) -> bool:
    return than is not None and (until is None or until > than)


def _compliance_keeps(keep: Keep, zone: tzinfo) -> Refusal:
    return Refusal(
        f"Compliance keeps it {until_words(keep.until, zone)}.",
        "Only they can change that; ask them.",
    )


# -- what came of it ------------------------------------------------------------------------


def _kept(
    tx: UnitOfWork, space: Space, until: datetime | None, before: Keep | None, ended: Case | None,
    trace: Trace,
) -> Kept:  # fmt: skip
    block = tx.blocks.of(space.key)
    return Kept(
        until=until, before=before, left_alone_until=_left_alone(tx, space.key), ended=ended,
        is_blocked=block is not None and (block.case is not None or block.request is not None)
        and is_free(tx, block),
        note=_note(trace),
    )  # fmt: skip


def _note(trace: Trace) -> str:
    match trace.ruling:
        case Ruling.DATED | Ruling.KEEP:
            return f"Without this: {trace.sentence}"
        case Ruling.HELD:
            return "It is on hold besides: nothing may be destroyed until that is released."
        case Ruling.NO_POLICY:
            return "As things are, no policy would end it."
        case _:
            return ""


def _left_alone(tx: UnitOfWork, key: SpaceKey) -> datetime:
    found = tx.protections.not_before(key)
    return found[0] if found else tx.now


def _holds(keep: Keep, now: datetime) -> bool:
    return keep.until is None or keep.until > now


def _is_shorter(until: datetime | None, than: datetime | None) -> bool:
    return until is not None and (than is None or until < than)


def _is_same(
    before: Keep | None, until: datetime | None, actor: Actor, by_compliance: bool
) -> bool:
    """The same again, such as a message that is handled again after a crash."""
    if before is None:
        return False
    asked = (until, actor.person, by_compliance)
    return (before.until, before.by, before.by_compliance) == asked


def _said_of(keep: Keep | None) -> str:
    return "" if keep is None else "for ever" if keep.until is None else keep.until.isoformat()


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _zone(tx: UnitOfWork, actor: Actor) -> tzinfo:
    """The person's own: the day that they are told is the day that they may type."""
    if actor.person is None:
        return UTC
    try:
        return ZoneInfo(tx.people.by_key(actor.person).time_zone)
    except (LookupError, ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
