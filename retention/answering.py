"""An owner's answer to a running case: the first one decides, and ends it.

Ending is one guarded move; when the night was faster, the case is looked at again where it is
now. All cards about the case are voided in the same transaction and say who answered. What
the answer sets (a keep) is decided by others.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from domain.audit import Word
from domain.cases import Answer, Case
from domain.endings import RequestState
from domain.errors import Refusal
from domain.ids import CaseKey, SpaceKey
from domain.lifecycle import ARROWS, CaseState, Cause
from domain.people import Actor
from retention.byhand.judging import is_emptied
from retention.moving import move_case
from storage.store import UnitOfWork

KEEP_UNTIL, KEEP_FOREVER = "keep until", "keep forever"
_TRIES = 3


def answered_before(
    tx: UnitOfWork, space: SpaceKey, case: CaseKey, actor: Actor, until: datetime | None,
    zone: tzinfo,
) -> Case | None:  # fmt: skip
    """Whether the case of the pressed card is over.

    None: it is still going on. The case as it is now: it was this very answer that ended it,
    and its message or press is handled again after a crash.

    Raises:
        Refusal: somebody else answered first, or the case ended otherwise.
    """
    going_on = tx.cases.open_of(space)
    if going_on is not None and going_on.key == case:
        return None
    answers = tx.cases.answers(case)
    if not answers:
        raise Refusal(
            "Things have moved on since that card.", "`explain` says what becomes of it now.",
            word=str(Word.PRESS_REFUSED),
        )  # fmt: skip
    first = answers[0]
    if first.person == actor.person and (first.choice, first.detail) == _choice(until):
        return tx.cases.get(case)
    kept = moment_of(first)
    raise Refusal(
        f"{tx.people.by_key(first.person).name} answered already: it is kept "
        f"{until_words(kept, zone)}.",
        "To change that, say `keep until`, `keep forever` or `keep clear`.",
        word=str(Word.PRESS_REFUSED),
    )


def end_case(
    tx: UnitOfWork, space: SpaceKey, actor: Actor, until: datetime | None, zone: tzinfo
) -> Case | None:
    """Clears the running case by a keep, with its answer; gives it as it was.

    One that is held or waits for compliance stays as it is: None, as where there is none.

    Raises:
        Refusal: the deletion has begun.
    """
    who = actor.name if actor.person is None else tx.people.by_key(actor.person).name
    said = f"{who} answered: it is kept {until_words(until, zone)}."
    for _ in range(_TRIES):
        case = tx.cases.open_of(space)
        if case is None:
            return None
        if case.state is CaseState.ENFORCING:
            raise Refusal(
                "It is being deleted at this moment, so it is too late to keep it.",
                "`explain` says what came of it.",
            )
        if (case.state, Cause.KEPT) not in ARROWS:
            return None
        if move_case(tx, case, Cause.KEPT, why=said, actor=actor):
            _write_down(tx, case, actor, until, said)
            return case
    raise Refusal("Its case is moving at this very moment.", "Try again in a minute.")


def end_wish(tx: UnitOfWork, space: SpaceKey, actor: Actor) -> None:
    """A keep takes back what somebody asked to be deleted. Raises Refusal: it has begun."""
    request = tx.deletions.open_of(space)
    if request is None or request.state is RequestState.ATTENTION:
        return
    if is_emptied(tx, request):
        raise Refusal("Its messages are deleted already, so it is too late to keep it.")
    who = actor.name if actor.person is None else tx.people.by_key(actor.person).name
    why = f"{who} keeps it"
    if request.state is RequestState.DELETING or not tx.deletions.move(
        request, RequestState.ENDED, why=why, ended_by_id=actor.person
    ):
        raise Refusal("It is being deleted at this moment, so it is too late to keep it.")
    tx.audit.add(
        Word.DELETION_STOP, actor, space=space, request=request.key, was=str(request.state),
        why=why,
    )  # fmt: skip


def _write_down(
    tx: UnitOfWork, case: Case, actor: Actor, until: datetime | None, said: str
) -> None:
    choice, detail = _choice(until)
    if actor.person is not None:
        tx.cases.answer(case.key, actor.person, choice, detail)
    tx.presses.void_case(case.key, said=said)
    tx.audit.add(
        Word.CASE_ANSWER, actor, space=case.space, case=case.key, choice=choice, detail=detail
    )


def moment_of(answer: Answer) -> datetime | None:
    """Until when an answer keeps the space; None for ever."""
    return datetime.fromisoformat(answer.detail) if answer.detail else None


def until_words(at: datetime | None, zone: tzinfo) -> str:
    return "for ever" if at is None else f"until {day(at, zone)}"


def day(at: datetime, zone: tzinfo) -> str:
    """The day as a person there may type it."""
    return at.astimezone(zone).date().isoformat()


def _choice(until: datetime | None) -> tuple[str, str]:
    return (KEEP_FOREVER, "") if until is None else (KEEP_UNTIL, until.isoformat())
