"""The end of a case: what came of its intent, as it was read, and what proves it.

Called after a deletion, and again at start and before each night for cases that a dead
process left in ENFORCING. Says nothing that was not read back.
"""

from __future__ import annotations

from collections.abc import Sequence

from domain.alerts import AlertKind, Raised
from domain.cases import Case
from domain.endings import Tombstone
from domain.ids import CaseKey
from domain.intents import Intent, Outcome
from domain.lifecycle import CaseState, Cause
from domain.people import Person
from domain.spaces import SpaceState
from domain.views import CertificateView, Ended
from retention.certifying import certify
from retention.moving import move_case
from retention.spec import Night
from retention.telling import alert, tell_compliance, tell_owners
from spaces.effects import purging
from storage.store import UnitOfWork

KIND = "delete room"


def close_ended(night: Night, key: CaseKey, *, own: bool = False) -> Outcome | None:
    """Lets a case in ENFORCING go where its intent's outcome leads. Gives that outcome; None
    when the case is not in ENFORCING, or the outcome is not known yet.

    `own`: by the attempt itself. That nothing happened then contradicts Webex, who said yes,
    and a person has to look; found by recovery, it only says that the process died too soon.
    """
    view: CertificateView | None = None
    stone: Tombstone | None = None
    with night.house.store.begin() as tx:
        case = tx.cases.get(key)
        if case.state is not CaseState.ENFORCING:
            return None
        intent = _latest(tx, key)
        if intent is not None and intent.outcome is Outcome.OPEN:
            return None
        owners = _told(tx, case)
        match intent.outcome if intent is not None else Outcome.CANCELLED:
            case Outcome.DONE if intent is not None:
                view = certify(tx, case, [*_emptied(tx, case), intent])
                stone = tx.tombstones.came_true(
                    case=key, until=tx.now + night.house.limits.restorable
                )
                move_case(tx, case, Cause.CONFIRMED_GONE, why="a second identity saw it gone")
            case Outcome.ARCHIVED if intent is not None and _is_empty(tx, case):
                view = certify(tx, case, [*_emptied(tx, case), intent])
                stone = tx.tombstones.came_true(
                    case=key, until=tx.now + night.house.limits.restorable
                )
                tx.spaces.set_state(case.space, SpaceState.ARCHIVED)
                why = "emptied, and archived by Webex, as a second identity saw"
                move_case(tx, case, Cause.CONFIRMED_GONE, why=why)
            case Outcome.CANCELLED:
                why = "" if intent is None else str(intent.evidence.get("why", ""))
                move_case(tx, case, Cause.CALLED_OFF, why=why or "called off before it began")
            case Outcome.NOT_DONE if not own:
                move_case(tx, case, Cause.CALLED_OFF, why="the process died before it began")
            case other:
                move_case(tx, case, Cause.NOT_CONFIRMED, why=f"the deletion ended as: {other}")
        tx.commit()
    if intent is None:
        return Outcome.CANCELLED
    _tell(night, case, intent, owners, view, stone)
    return intent.outcome


def close_emptied(night: Night, key: CaseKey) -> None:
    """The end of a case whose space Webex does not delete: all of its messages are gone, and it
    can be used again."""
    with night.house.store.begin() as tx:
        case = tx.cases.get(key)
        purges = _emptied(tx, case)
        if not move_case(tx, case, Cause.DONE, why="all of its messages were deleted"):
            return
        view = certify(tx, case, purges) if purges else None
        owners = _told(tx, case)
        tx.commit()
    if view is not None:
        _tell(night, case, purges[-1], owners, view, None)


def _emptied(tx: UnitOfWork, case: Case) -> list[Intent]:
    """What purged the space of a case, before or instead of its deletion."""
    found = [one for one in tx.intents.of_case(case.key) if one.plan.kind == purging.KIND]
    return [one for one in found if one.outcome is Outcome.DONE]


def _is_empty(tx: UnitOfWork, case: Case) -> bool:
    """Nothing was left in it after it was blocked, whether there had been anything or not."""
    mark = tx.purges.mark_of(case.space)
    return mark is not None and case.blocked_at is not None and mark.until >= case.blocked_at


def close_all(night: Night) -> int:
    """Every case that was left in ENFORCING. Says how many went on."""
    with night.house.store.read() as tx:
        left = tx.cases.open(CaseState.ENFORCING)
    return sum(close_ended(night, case.key) is not None for case in left)


def _latest(tx: UnitOfWork, key: CaseKey) -> Intent | None:
    found = [one for one in tx.intents.of_case(key) if one.plan.kind == KIND]
    return found[-1] if found else None


def _told(tx: UnitOfWork, case: Case) -> list[Person]:
    """Whoever was warned is told the end. They are members no more, so nobody else is known."""
    told = tx.people.by_keys(tx.notices.told(case.key))
    return [told[key] for key in sorted(told)]


def _tell(
    night: Night, case: Case, intent: Intent, owners: Sequence[Person],
    view: CertificateView | None, stone: Tombstone | None,
) -> None:  # fmt: skip
    if intent.outcome in (Outcome.CANCELLED, Outcome.OPEN):
        return
    with night.house.store.read() as tx:
        space = tx.spaces.by_key(case.space)
        version = tx.policies.version(case.version) if case.version is not None else None
    ended = Ended(
        space=space, outcome=intent.outcome, at=intent.settled_at or night.house.clock.now(),
        policy=version.name if version else "", certificate=view.number if view else "",
        restorable_until=stone.until if stone else None,
        is_purged=view is not None and view.is_emptied,
    )  # fmt: skip
    voice = night.voice
    if view is not None:
        tell_owners(
            night, owners, lambda reader: voice.gone(ended, reader), what=f"gone/{case.key}",
            space=case.space, case=case.key,
        )  # fmt: skip
        certified = view
        tell_compliance(
            night, lambda zone: voice.certificate(certified, zone),
            what=f"certificate/{case.key}", space=case.space,
        )  # fmt: skip
        return
    alert(
        night,
        Raised(
            kind=AlertKind.ATTENTION, subject=f"case/{case.key}",
            what="a deletion did not end as it should",
            pairs=(("Space", space.shown_title), ("Outcome", str(intent.outcome))),
            means="The space may still be there. Nothing more is done to it.",
            to_do="Look at the space, and say what is to become of it.", space=case.space,
            occurrence=f"intent/{intent.id}",
        ),
    )  # fmt: skip
